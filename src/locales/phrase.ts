/** A sentence with marked parts, so that catalogues hold words and never markup. */
import type { EpochMillis } from '../ports.ts';

/**
 * strong: what to press or choose. name: somebody else's text (a client's name), kept apart in right-to-left languages.
 * ltr: numbers, addresses. time: a moment, shown in the reader's own time where the browser can.
 */
export type Piece =
  | string
  | { readonly strong: string }
  | { readonly name: string }
  | { readonly ltr: string }
  | { readonly time: EpochMillis };

export type Phrase = readonly Piece[];

export const strong = (text: string): Piece => ({ strong: text });
export const name = (text: string): Piece => ({ name: text });
export const ltr = (text: string): Piece => ({ ltr: text });
export const time = (at: EpochMillis): Piece => ({ time: at });

/** `14:32 UTC`. */
export const clockTime = (at: EpochMillis): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

// Marks that reorder text around them: in a title or a spoken sentence nothing isolates them.
const reordering = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const plainPiece = (piece: Piece): string => {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return piece.strong;
  if ('name' in piece) return piece.name.replace(reordering, '');
  if ('ltr' in piece) return piece.ltr;
  return clockTime(piece.time);
};

/** The phrase as text, for titles and status lines. */
export const plain = (phrase: Phrase): string => phrase.map(plainPiece).join('');
