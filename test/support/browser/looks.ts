/** Compares pages by the parts that the style sheet selects: classes, and states of the page and of its parts. */

const looksOf = (page: string): readonly string[] =>
  [...page.matchAll(/\s(?:class|data-progress|data-state|aria-invalid)="([^"]*)"/gu)].map(([all]) => all);

/** Returns a function that is true for a page with a part that no page before it had. */
export const createLooks = (): ((page: string) => boolean) => {
  const known = new Set<string>();
  return page => {
    const looks = looksOf(page);
    const isNew = looks.some(look => !known.has(look));
    for (const look of looks) known.add(look);
    return isNew;
  };
};
