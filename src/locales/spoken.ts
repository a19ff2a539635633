/** Text of others in a sentence that a voice reads aloud. */

const longest = 60;
/** What is read of a name at all, before any pattern is: the rest could not be said anyway. */
const longestRead = 512;

/**
 * A client's name as a voice may say it: letters, digits and the marks inside names. Whoever names a client writes into
 * the announcement, so nothing that ends a sentence, commands the voice or fills the call gets through.
 */
export const spoken = (name: string, otherwise: string): string => {
  const words = name
    .slice(0, longestRead)
    .normalize('NFKC')
    .slice(0, longestRead)
    .replace(/[^\p{L}\p{M}\p{N}&'’.-]+/gu, ' ')
    .replace(/[.-]+(?=\s|$)|(?<=^|\s)[.-]+|\.{2,}/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const short = Array.from(words).slice(0, longest).join('').trim();
  return /[\p{L}\p{N}]/u.test(short) ? short : otherwise;
};
