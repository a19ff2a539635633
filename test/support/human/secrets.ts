/** Searches texts for a code in every form in which it could leak. */
import { createHash } from 'node:crypto';

/** Base64, base64url and hex of a text, at each of the three offsets that a byte may have. */
const encoded = (code: string): readonly string[] => {
  const shifted = [0, 1, 2].flatMap(by => {
    const full = Buffer.from('\0'.repeat(by) + code).toString('base64');
    // Only characters that depend on the code alone, and not on its neighbours.
    return full.slice(by === 0 ? 0 : by + 1, Math.floor(((by + code.length) * 8) / 6));
  });
  return [...shifted, Buffer.from(code).toString('hex')];
};

/** Separators between digits, the same each time. Looser ones would match drawings and style sheets by chance. */
const gaps = ['', ' ', '\u00A0', '\u202F', '.', '. ', ', ', ',', '-', '</b><b>', '</span><span>'];
const written = (code: string): readonly string[] => [
  ...gaps.flatMap(gap => [1, 2, 3].map(each => (code.match(new RegExp(`.{${each}}`, 'g')) ?? []).join(gap))),
  Array.from(code).toReversed().join(''),
];
/** True where the text holds these words outside of a longer number or word. */
const standsIn = (text: string, words: string): boolean => {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + words.length] ?? ' '}`;
    if (!/\w/.test(around)) return true;
  }
  return false;
};

/** True where this text holds these digits: as one number, spaced or grouped, backwards, encoded, or as an unkeyed hash. */
export const holds = (text: string, code: string): boolean => {
  if (written(code).some(words => standsIn(text, words))) return true;
  const hashes = ['sha256', 'sha1', 'md5'].flatMap(name =>
    (['hex', 'base64', 'base64url'] as const).map(form => createHash(name).update(code).digest(form)),
  );
  if ([...encoded(code), ...hashes].some(each => text.includes(each))) return true;
  // Cookies and tokens are often JSON in base64.
  return (text.match(/[\w+/-]{16,}/g) ?? []).some(run => {
    const plain = Buffer.from(run, 'base64').toString('latin1');
    return /^[\x20-\x7e]{8,}$/.test(plain) && plain.includes(code);
  });
};

/** Texts by the name of their place. */
export type NamedTexts = readonly (readonly [place: string, text: string])[];

export const foundIn = (places: NamedTexts, secret: string): readonly string[] =>
  places
    .filter(([, text]) => (/^\d+$/.test(secret) ? holds(text, secret) : text.includes(secret)))
    .map(([name]) => name);
