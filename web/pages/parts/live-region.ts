/** The part of a page that is kept true where script runs (`waiting.js`): status, track, clock. */
import { html, type Html, type Value } from '../../html.ts';
import { linksOf } from '../links.ts';
import type { CallProgress, CodeProgress } from '../props.ts';
import type { Span } from './countdown.ts';

export interface Live {
  readonly uid: string;
  readonly progress: CallProgress | CodeProgress;
  /** Where time runs out in sight of the person. */
  readonly span?: Span;
  /** The heading once the call has ended. */
  readonly afterwards?: string;
}

export const live = ({ uid, progress, span, afterwards }: Live, inside: Value): Html =>
  html`<div data-waiting="${linksOf(uid).events}" data-progress="${progress}" data-now="${span?.now}" data-since="${span?.since}" data-until="${span?.until}" data-afterwards="${afterwards}">
${inside}
</div>`;

/** Dot, sentence, and what is left of the time. */
export const statusLine = (sentence: string, left?: Html): Html =>
  html`<div class="status"><p role="status"><span class="dot"></span><span data-status="">${sentence}</span></p>${left}</div>`;
