/** Sentences of the catalogue as markup. */
import type { Phrase, Piece } from '../../../src/locales/phrase.ts';
import { clockTime, shortened } from '../../../src/locales/phrase.ts';
import { html, type Html, type Value } from '../../html.ts';

const piece = (part: Piece): Value => {
  if (typeof part === 'string') return part;
  if ('strong' in part) return html`<b>${part.strong}</b>`;
  if ('name' in part) return html`<bdi>${shortened(part.name)}</bdi>`;
  if ('ltr' in part) return html`<bdi dir="ltr">${part.ltr}</bdi>`;
  // Script turns it into the reader's own time; without script UTC is at least true.
  return html`<time datetime="${new Date(part.time).toISOString()}" data-local="">${clockTime(part.time, part.dated)}</time>`;
};

/** A phrase, or plain words. */
export const say = (phrase: Phrase | string): Html => html`${typeof phrase === 'string' ? phrase : phrase.map(piece)}`;
