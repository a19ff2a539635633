/** Removes characters without ink at both ends of a typed text: white space, a zero-width space that was pasted with it. */

// Not the marks that turn the direction of a text: without them it would read as another one.
const inkless = /^(?![\u202A-\u202E\u2066-\u2069])[\s\p{Default_Ignorable_Code_Point}]$/u;
const hasInk = (character: string): boolean => !inkless.test(character);

/** The text from its first to its last visible character. Time grows with its length alone. */
export const trimInvisible = (text: string): string => {
  const characters = Array.from(text);
  const first = characters.findIndex(hasInk);
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex(hasInk) + 1).join('');
};
