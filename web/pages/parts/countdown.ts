/** A rim that is a clock: it burns backwards around what has to be done in time. */
import type { EpochMillis } from '../../../src/ports/time.ts';
import { html, type Html } from '../../html.ts';

/** A stretch of time, as the page was drawn within it. */
export interface Span {
  readonly now: EpochMillis;
  readonly since: EpochMillis;
  readonly until: EpochMillis;
}

/** Part of the time that is left, in hundredths. */
const share = ({ now, since, until }: Span): number =>
  until <= since ? 0 : Math.round(Math.min(1, Math.max(0, (until - now) / (until - since))) * 1000) / 10;

export const countdown = (span: Span): Html =>
  html`<svg class="rim" aria-hidden="true"><rect /><rect class="left" pathLength="100" stroke-dasharray="${share(span)} 100" /></svg>`;
