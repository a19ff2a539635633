/** Reads the reason that an administrator gives for a change of an account. It is audited, and told to the person. */
import { Problem } from '../errors.ts';
import { plain } from '../masking.ts';

/** A reason is kept for years and mailed, so it is short. */
const longest = 200;

/**
 * The reason on one line, without control characters.
 * @throws Problem 'bad-request' for an empty or too long one.
 */
export const operatorNote = (typed: string): string => {
  const note = plain(typed.replaceAll(/\s+/gu, ' ')).trim();
  if (note === '' || note.length > longest) {
    throw new Problem('bad-request', `got a reason of ${note.length} characters, expected 1 to ${longest}`);
  }
  return note;
};
