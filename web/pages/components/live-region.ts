/** Draws the region of a page that `waiting.js` keeps up to date: the status line, the steps of the call and the countdown. */
import type { Millis } from '../../../src/ports/time.ts';
import { html, type Html, type Value } from '../../html.ts';
import { linksOf } from '../links.ts';
import type { CallProgress } from '../props.ts';
import type { CodeProgress } from '../step-props.ts';
import type { TimeSpan } from './countdown.ts';
import type { Layout } from './layout.ts';

export interface LiveRegion {
  readonly uid: string;
  /** Address of the events. Default: those of the sign-in. */
  readonly events?: string;
  readonly progress: CallProgress | CodeProgress;
  /** Where the page shows a countdown. */
  readonly span?: TimeSpan;
  /** The heading of the page once the call has ended. */
  readonly afterwards?: string;
  /** Replaces the status of a text that is still on its way after so many milliseconds. */
  readonly late?: { readonly after: Millis; readonly status: string };
}

/** Wraps `inside`. The attributes give the script the address of the events and the start of the countdown. */
export const liveRegion = (
  { uid, events = linksOf(uid).events, progress, span, afterwards, late }: LiveRegion,
  inside: Value,
): Html =>
  html`<div data-waiting="${events}" data-progress="${progress}" data-now="${span?.now}" data-since="${span?.since}" data-until="${span?.until}" data-afterwards="${afterwards}" data-late="${late?.status}" data-late-after="${late?.after}">
${inside}
</div>`;

/** In a browser without script the page of a call is loaded again every five seconds. */
export const reloadWithoutScript = (uid: string): NonNullable<Layout['reload']> => ({
  after: 5000,
  to: linksOf(uid).here,
});

/** A dot, the status sentence, and the seconds that are left. Screen readers announce each new sentence (ARIA role `status`). */
export const statusLine = (sentence: string, left?: Html): Html =>
  html`<div class="status"><p role="status"><span class="dot"></span><span data-status="">${sentence}</span></p>${left}</div>`;
