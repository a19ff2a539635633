/** Reads all documents that match, page by page. */

/** Reads the page that begins after this id; the first one begins after the empty text. Empty: there are no more. */
type ReadPage<D> = (page: { readonly after: string }) => Promise<readonly D[]>;

/** The pages, in the order of ids. Each is read when it is asked for. Documents that are added meanwhile may be missing. */
export async function* pagesOf<D extends { readonly id: string }>(read: ReadPage<D>): AsyncGenerator<readonly D[]> {
  let after = '';
  for (;;) {
    const page = await read({ after });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}

/** Each document of the pages. */
export async function* eachOf<D extends { readonly id: string }>(read: ReadPage<D>): AsyncGenerator<D> {
  for await (const page of pagesOf(read)) yield* page;
}

/** The documents of all pages. For those that fit in memory. */
export const allOf = async <D extends { readonly id: string }>(read: ReadPage<D>): Promise<readonly D[]> => {
  const found: D[] = [];
  for await (const page of pagesOf(read)) found.push(...page);
  return found;
};
