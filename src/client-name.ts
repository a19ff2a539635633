/**
 * Makes the name of a client harmless in a text message and in the sentences of a call. People who register clients choose their
 * names. A name must not add a link, a sentence, or a command for the voice, and is a few words at most.
 */

/** Characters read of a name, before any pattern runs: bounds the work for a hostile name. */
const maxReadLength = 512;

/** The name in NFKC (Unicode Standard Annex 15): compatibility forms of punctuation become the usual ones. */
const normalized = (name: string): string => name.slice(0, maxReadLength).normalize('NFKC').slice(0, maxReadLength);

/** One space between words, at most `length` characters. */
const shortened = (words: string, length: number): string =>
  Array.from(words.replaceAll(/\s+/gu, ' ').trim()).slice(0, length).join('').trim();

const maxTextLength = 24;

/** Letters, digits, spaces and `& ' ’ -`, at most 24 characters: without a full stop or slash it is no link. May be empty. */
export const nameForText = (name: string): string =>
  shortened(normalized(name).replaceAll(/[^\p{L}\p{M}\p{N}&'’-]+/gu, ' '), maxTextLength);

const maxVoiceLength = 60;

/**
 * Letters, digits, spaces and `& ' ’`, at most 60 characters, with full stops and hyphens only inside words: `login.example`.
 * `fallback` where no letter or digit is left.
 */
export const nameForVoice = (name: string, fallback: string): string => {
  const words = normalized(name)
    .replaceAll(/[^\p{L}\p{M}\p{N}&'’.-]+/gu, ' ')
    .replaceAll(/[.-]+(?=\s|$)|(?<=^|\s)[.-]+|\.{2,}/gu, ' ');
  const short = shortened(words, maxVoiceLength);
  return /[\p{L}\p{N}]/u.test(short) ? short : fallback;
};
