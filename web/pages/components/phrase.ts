/** Turns sentences of the catalogue into markup. */
import type { Phrase, Piece } from '../../../src/locales/phrase.ts';
import { clockTime, shortened } from '../../../src/locales/phrase.ts';
import { html, type Html, type Value } from '../../html.ts';

const pieceHtml = (piece: Piece): Value => {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return html`<b>${piece.strong}</b>`;
  if ('name' in piece) return html`<bdi>${shortened(piece.name)}</bdi>`;
  if ('ltr' in piece) return html`<bdi dir="ltr">${piece.ltr}</bdi>`;
  // `enhance.js` shows it in the browser's time zone. Without script the page shows UTC.
  return html`<time datetime="${new Date(piece.time).toISOString()}" data-local="">${clockTime(piece.time, piece.dated)}</time>`;
};

/** A sentence, with or without marked pieces. */
export const phraseHtml = (phrase: Phrase | string): Html =>
  html`${typeof phrase === 'string' ? phrase : phrase.map(pieceHtml)}`;
