/**
 * Draws a request that waits in the authenticator: the number to type there, the status that `waiting.js` keeps up to date, and
 * where to find the request if no notification appears.
 */
import type { Words } from '../../../src/locales/wording.ts';
import type { Millis } from '../../../src/ports/time.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { RequestShown } from '../step-props.ts';
import { numberDisplay } from './call-display.ts';
import { liveRegion, statusLine } from './live-region.ts';

/** A notification takes a few seconds. After that its absence needs a word. */
const hintAfter: Millis = 8000;

interface Waiting extends Pick<RequestShown, 'show' | 'sentTo'> {
  readonly uid: string;
  /** Address of the events. Default: those of the sign-in. */
  readonly events?: string;
  readonly now: number;
  readonly state: Extract<RequestShown['state'], { readonly kind: 'waiting' }>;
  /** What stands below: the form that `waiting.js` submits, and the ways out. */
  readonly actions: Html;
}

/** Its place is kept while it is hidden, so that no button moves. */
const hint = ({ state: { progress, begunAt }, now }: Waiting, { approve }: Words): Value => {
  const wait = begunAt + hintAfter - now;
  const isDue = progress === 'undelivered' || (progress !== 'delivered' && wait <= 0);
  return html`<p class="note hint" role="status" data-hint="${Math.max(0, wait)}"><span hidden="${!isDue}">${approve.hint}</span></p>`;
};

/** The number, the status and the time that is left. */
export const waitingRequest = (request: Waiting, words: Words): Html => {
  const { uid, events, now, show, sentTo, state, actions } = request;
  const { progress, begunAt, until } = state;
  const { frame, pairing } = words;
  const span = { now, since: begunAt, until };
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const shown =
    seconds > 90 ? pairing.minutesLeft(String(Math.ceil(seconds / 60))) : frame.secondsLeft(String(seconds));
  const left = html`<span class="scripted" data-left="${frame.secondsLeft('{n}')}" data-left-minutes="${pairing.minutesLeft('{n}')}">${shown}</span>`;
  return liveRegion(
    { uid, ...(events !== undefined && { events }), progress, span },
    html`${numberDisplay(show, span)}
${statusLine(words.approve.status[progress](sentTo), left)}
${hint(request, words)}
<div class="actions">${actions}</div>`,
  );
};

/** Continues once the request is answered. The button stands where the page receives no events. */
export const requestForm = (action: string, { approve }: Words, inside?: Value): Html =>
  html`<form method="post" action="${action}" data-autosubmit="">${inside}<noscript><button class="button primary" type="submit">${approve.checkAgain}</button></noscript><button class="button primary" type="submit" hidden>${approve.checkAgain}</button></form>`;
