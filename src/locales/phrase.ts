/** Builds sentences from plain text and marked pieces, so that catalogues hold words and no markup. */
import type { EpochMillis, Millis } from '../ports/time.ts';
import { regionOf } from './day.ts';

/**
 * A piece of a sentence. strong: a key or a button. name: text from outside, such as the name of a client, isolated in
 * right-to-left languages (HTML `bdi`). ltr: a number or an address, always left to right. time: a moment, with its date if `dated`.
 * day: a day, and how `dayWords` calls it.
 * seconds: the rest of a wait that ends at `until`; `worded` says a number of seconds, so that a script can count it down.
 */
export type Piece =
  | string
  | { readonly strong: string }
  | { readonly name: string }
  | { readonly ltr: string }
  | { readonly time: EpochMillis; readonly dated: boolean }
  | { readonly day: EpochMillis; readonly dayText: string }
  | { readonly seconds: number; readonly until: EpochMillis; readonly worded: (count: number) => string };

export type Phrase = readonly Piece[];

/** Who reads a sentence: its language (BCP 47), and their time zone (IANA name; default UTC). */
export interface Reader {
  readonly language: string;
  readonly zone?: string;
}

export const strong = (text: string): Extract<Piece, { readonly strong: string }> => ({ strong: text });
export const name = (text: string): Extract<Piece, { readonly name: string }> => ({ name: text });
export const ltr = (text: string): Extract<Piece, { readonly ltr: string }> => ({ ltr: text });
export const time = (at: EpochMillis, dated = false): Piece => ({ time: at, dated });
export const day = (at: EpochMillis, dayText: string): Piece => ({ day: at, dayText });

const halfDay: Millis = 43_200_000;
/** A moment to wait for, with its date when it is more than half a day away. */
export const laterTime = (now: EpochMillis, until: EpochMillis): Piece => time(until, until - now > halfDay);

/** `14:32 UTC`, or `23 Nov 2026, 14:32 UTC`: with the zone, because the reader may be in another one. */
export const clockTime = (at: EpochMillis, dated: boolean, { language, zone = 'UTC' }: Reader): string =>
  new Intl.DateTimeFormat(regionOf(language), {
    timeZone: zone,
    ...(dated && ({ day: 'numeric', month: 'short', year: 'numeric' } as const)),
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);

/** `14:32:08 UTC`: the next whole second, so that a wait until then is over. */
export const clockSecond = (at: EpochMillis): string =>
  `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(11, 19)} UTC`;

/** Up to this a wait is told in seconds, above it as a time of day. */
const longestShortWait: Millis = 90_000;
/** True for a wait that a person can spend on the page. */
export const isShortWait = (now: EpochMillis, until: EpochMillis): boolean => until - now <= longestShortWait;

/** Seconds from `now` to `until`, rounded up; at least 1. */
const secondsUntil = (now: EpochMillis, until: EpochMillis): number => Math.max(1, Math.ceil((until - now) / 1000));

/** The seconds from `now` to `until`, in words. */
export const secondsLeft = (now: EpochMillis, until: EpochMillis, worded: (count: number) => string): Piece => ({
  seconds: secondsUntil(now, until),
  until,
  worded,
});

/** A reference in two groups, as people read it aloud: `7K3M-Q2XA`. */
export const grouped = (reference: string): string => reference.replace(/^(.{4})(?=.)/u, '$1-');

const longestName = 80;
/** A name from outside, at most 80 characters, so that the sentence around it stays readable. */
export const shortened = (text: string): string => {
  const characters = Array.from(text);
  return characters.length > longestName ? `${characters.slice(0, longestName).join('')}…` : text;
};

const plainPiece = (piece: Piece, reader: Reader): string => {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return piece.strong;
  if ('name' in piece) return shortened(piece.name);
  if ('ltr' in piece) return piece.ltr;
  if ('worded' in piece) return piece.worded(piece.seconds);
  if ('day' in piece) return piece.dayText;
  return clockTime(piece.time, piece.dated, reader);
};

/** The sentence as plain text, for titles and status lines. */
export const plain = (phrase: Phrase, reader: Reader): string =>
  phrase.map(piece => plainPiece(piece, reader)).join('');
