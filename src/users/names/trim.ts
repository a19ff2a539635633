/** Removes invisible characters at both ends of a typed text: white space, a zero-width space that was pasted with it. */

// Not the marks that turn the direction of a text: without them it would read as another one.
const invisible = /^(?![\u202A-\u202E\u2066-\u2069])[\s\p{Default_Ignorable_Code_Point}]$/u;
const isVisible = (character: string): boolean => !invisible.test(character);

/** The text from its first to its last character that `isKept`. Time grows with its length alone, which a pattern with `$` cannot. */
export const trimmedTo = (text: string, isKept: (character: string) => boolean): string => {
  const characters = Array.from(text);
  const first = characters.findIndex(isKept);
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isKept) + 1).join('');
};

/** The text from its first to its last visible character. */
export const trimInvisible = (text: string): string => trimmedTo(text, isVisible);
