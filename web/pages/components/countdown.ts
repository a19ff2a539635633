/** Draws an outline that shrinks with the time that is left. `waiting.js` updates it every second. */
import type { EpochMillis } from '../../../src/ports/time.ts';
import { html, type Html } from '../../html.ts';

/** The time in which a person can answer, and the moment at which the page was drawn. */
export interface TimeSpan {
  readonly now: EpochMillis;
  readonly since: EpochMillis;
  readonly until: EpochMillis;
}

/** Percentage of the time that is left, to one decimal. */
const percentLeft = ({ now, since, until }: TimeSpan): number =>
  until <= since ? 0 : Math.round(Math.min(1, Math.max(0, (until - now) / (until - since))) * 1000) / 10;

/** The outline. It is decoration: the status line has the seconds as text. */
export const countdown = (span: TimeSpan): Html =>
  html`<svg class="countdown" aria-hidden="true"><rect /><rect class="left" pathLength="100" stroke-dasharray="${percentLeft(span)} 100" /></svg>`;
