/** A sentence with marked parts, so that catalogues hold words and never markup. */
import type { EpochMillis } from '../ports/time.ts';

/**
 * strong: what to press or choose. name: somebody else's text (a client's name), kept apart in right-to-left languages.
 * ltr: numbers, addresses. time: a moment, shown in the reader's own time where the browser can; `dated` where it may be another day.
 */
export type Piece =
  | string
  | { readonly strong: string }
  | { readonly name: string }
  | { readonly ltr: string }
  | { readonly time: EpochMillis; readonly dated: boolean };

export type Phrase = readonly Piece[];

export const strong = (text: string): Piece => ({ strong: text });
export const name = (text: string): Piece => ({ name: text });
export const ltr = (text: string): Piece => ({ ltr: text });
export const time = (at: EpochMillis, dated = false): Piece => ({ time: at, dated });

/** `14:32 UTC`, or `2026-11-23 14:32 UTC`. */
export const clockTime = (at: EpochMillis, dated = false): string =>
  `${new Date(at)
    .toISOString()
    .slice(dated ? 0 : 11, 16)
    .replace('T', ' ')} UTC`;

const longest = 80;
/** Somebody else's name, short enough to leave the sentence its sense. */
export const shortened = (text: string): string => {
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
};

const plainPiece = (piece: Piece): string => {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return piece.strong;
  if ('name' in piece) return shortened(piece.name);
  if ('ltr' in piece) return piece.ltr;
  return clockTime(piece.time, piece.dated);
};

/** The phrase as text, for titles and status lines. */
export const plain = (phrase: Phrase): string => phrase.map(plainPiece).join('');
