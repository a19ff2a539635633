import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallView, PhoneView, TextView } from '../simulation/views.ts';
import { icons } from './icons.ts';
import { onTheWay, thread } from './text-thread.ts';
import { caller, clock, counted, idOf } from './format.ts';

const how: Readonly<Record<string, string>> = {
  busy: 'Line busy',
  'no-answer': 'Missed',
  failed: 'Did not get through',
  canceled: 'Stopped ringing',
};

const outcome = ({ status, pressed, why }: CallView): string => {
  if (status === 'completed') return pressed === '' ? 'Answered, pressed nothing' : `Answered, pressed ${pressed}`;
  return why === 'Declined' ? 'Declined' : (how[status] ?? status);
};

const recent = (calls: readonly CallView[]): Html =>
  html`<ul class="recent">
    ${calls.map(
      call =>
        html`<li>
          ${call.status === 'completed' ? icons.phone : icons.missed}
          <span><b>${caller}</b><span>${outcome(call)}</span></span><span>${clock(call.createdAt)}</span>
        </li>`,
    )}
  </ul>`;

/** A phone on the table: what came last is open, its recent calls or its texts; the other is folded. */
export const idleScreen = (
  { number, calls, onTheWay: coming }: PhoneView,
  texts: readonly TextView[],
  note: string | undefined,
): Html => {
  const past = calls.filter(call => call.isOver).slice(0, 5);
  const textsFirst = (texts[0]?.arrivedAts.at(-1) ?? 0) > (past[0]?.createdAt ?? 0);
  const empty = past.length === 0 && texts.length === 0;
  const hint =
    note ?? (empty && coming === 0 ? 'When the server calls or texts this number, it shows here.' : undefined);
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
    ${onTheWay(number, coming)} ${hint !== undefined && html`<p class="hint">${hint}</p>`}`;
};
