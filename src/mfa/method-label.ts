/** Reads the name that a person gives to a method. */
import { plain } from '../masking.ts';

/** Characters. */
const longestLabel = 60;

/**
 * The label as it is stored; undefined: the text cannot be one. Control characters and marks of direction are removed: lists,
 * notices and terminals show it.
 */
export const readLabel = (typed: string): string | undefined => {
  const label = plain(typed.normalize('NFC')).trim();
  return label === '' || Array.from(label).length > longestLabel || !label.isWellFormed() ? undefined : label;
};
