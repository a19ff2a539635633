/** Removes invisible characters at both ends of a typed text: white space, a zero-width space that was pasted with it. */

// Not the marks that turn the direction of a text: without them it would read as another one.
const invisible = /^(?![\u202A-\u202E\u2066-\u2069])[\s\p{Default_Ignorable_Code_Point}]$/u;
const isVisible = (character: string): boolean => !invisible.test(character);

/** The text from its first to its last visible character. Time grows with its length alone. */
export const trimInvisible = (text: string): string => {
  const characters = Array.from(text);
  const first = characters.findIndex(isVisible);
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(isVisible) + 1).join('');
};
