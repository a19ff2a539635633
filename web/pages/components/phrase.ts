/** Turns sentences of the catalogue into markup. */
import type { Phrase, Piece, Reader } from '../../../src/locales/phrase.ts';
import { clockSecond, clockTime, shortened } from '../../../src/locales/phrase.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import { html, type Html, type Value } from '../../html.ts';

/** `2026-11-22T13:32Z`: machines read no more of a time than people (HTML, global date and time). */
const minute = (at: EpochMillis): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

const pieceHtml = (piece: Piece, reader: Reader): Value => {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return html`<b>${piece.strong}</b>`;
  if ('name' in piece) return html`<bdi>${shortened(piece.name)}</bdi>`;
  if ('ltr' in piece) return html`<bdi dir="ltr">${piece.ltr}</bdi>`;
  if ('worded' in piece) {
    const { seconds, until, worded } = piece;
    // A timer is no live region, so that the seconds are not read out one by one. Without script they stand still beside the time.
    return html`<b role="timer" data-one="${worded(1)}" data-many="${worded(2).replace('2', '{n}')}">${worded(seconds)}</b><noscript> (${clockSecond(until)})</noscript>`;
  }
  // `enhance.js` shows both in the browser's time zone. Without script they are in that of the reader, or in UTC.
  if ('day' in piece) return html`<time datetime="${minute(piece.day)}" data-local="day">${piece.dayText}</time>`;
  return html`<time datetime="${minute(piece.time)}" data-local="">${clockTime(piece.time, piece.dated, reader)}</time>`;
};

/** A sentence, with or without marked pieces. */
export const phraseHtml = (phrase: Phrase | string, reader: Reader): Html =>
  html`${typeof phrase === 'string' ? phrase : phrase.map(piece => pieceHtml(piece, reader))}`;
