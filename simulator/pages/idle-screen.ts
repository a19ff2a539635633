/** Draws the screen of a phone without a call: recent calls and texts. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallView, PhoneView, TextView } from '../simulation/views.ts';
import { icons } from './icons.ts';
import { onTheWay, thread } from './text-thread.ts';
import { callerName, clock, counted, idOf } from './format.ts';

const outcomes: Readonly<Record<string, string>> = {
  busy: 'Line busy',
  'no-answer': 'Missed',
  failed: 'Failed',
  canceled: 'Caller hung up',
};

/** How a call ended, in a few words. */
export const outcome = ({ status, pressed, reason }: CallView): string => {
  if (status === 'completed') return pressed === '' ? 'Answered, no key pressed' : `Answered, pressed ${pressed}`;
  return reason === 'Declined' ? 'Declined' : (outcomes[status] ?? status);
};

const recent = (calls: readonly CallView[]): Html =>
  html`<ul class="recent">
    ${calls.map(
      call =>
        html`<li>
          ${call.status === 'completed' ? icons.phone : icons.missed}
          <span><b>${callerName}</b><span>${outcome(call)}</span></span><span>${clock(call.createdAt)}</span>
        </li>`,
    )}
  </ul>`;

/** Shows the recent calls or the texts, the newer of the two; the other is folded. */
export const idleScreen = (
  { number, calls, onTheWay: pending }: PhoneView,
  texts: readonly TextView[],
  note: string | undefined,
): Html => {
  const past = calls.filter(call => call.isOver).slice(0, 5);
  const textsFirst = (texts[0]?.arrivedAts.at(-1) ?? 0) > (past[0]?.createdAt ?? 0);
  const empty = past.length === 0 && texts.length === 0;
  const hint = note ?? (empty && pending === 0 ? 'Calls and texts from the server appear here.' : undefined);
  const fold = (name: string, summary: string, body: Html) =>
    html`<details class="fold" id="${idOf(number)}-${name}">
      <summary>${summary}</summary>
      ${body}
    </details>`;
  return html`${
    textsFirst
      ? html`${past.length > 0 && fold('calls-past', `Recent calls (${past.length})`, recent(past))}
          ${thread(number, texts)}`
      : html`${texts.length > 0 && fold('texts-past', counted(texts.length, 'text'), thread(number, texts))}
          ${recent(past)}`
  }
    ${onTheWay(number, pending)} ${hint !== undefined && html`<p class="hint">${hint}</p>`}`;
};
