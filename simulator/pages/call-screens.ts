/** Draws the screens of a phone that rings and of one that is on a call. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { Utterance } from '../network/call.ts';
import type { CallAtPhone } from '../network/network.ts';
import { heardAt } from '../simulation/views.ts';
import { icons } from './icons.ts';
import { callerName, grouped, idOf, duration } from './format.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const keyNames: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Pound' };

/** The screen of a phone that rings. */
export const ringingScreen = ({ call, leg }: CallAtPhone, now: number): Html => {
  const { from } = call.parameters;
  const to = leg.phone;
  const since = leg.ringingAt ?? now;
  return html`<div class="caller">
      <div class="waves" aria-hidden="true"><span></span><span></span><span></span><b>S</b></div>
      <p class="who">${callerName}</p>
      <p class="from">${grouped(from)}</p>
      <p class="lamp">Ringing, <span data-since="${since}">${Math.floor((now - since) / 1000)}</span> s</p>
    </div>
    <div class="pair">
      <form method="post" action="/phones/${to}/decline">
        <button id="${idOf(to)}-decline" class="stop" type="submit">${icons.down}Decline</button>
      </form>
      <form method="post" action="/phones/${to}/answer" data-keypad="${idOf(to)}-keypad">
        <button id="${idOf(to)}-answer" class="go" type="submit">${icons.phone}Answer</button>
      </form>
    </div>`;
};

/** One entry of the transcript, with an id for scripts. Marks the word being spoken, and dims the rest; an interrupted text ends there. */
const transcriptEntry = (utterance: Utterance, id: string, isLast: boolean): Html => {
  if (utterance.who !== 'line') {
    const what = utterance.who === 'person' ? 'You pressed' : 'Tones:';
    return html`<p class="${utterance.who === 'person' ? 'pressed' : 'tones'}">${what} ${utterance.keys.split('').join(' ')}</p>`;
  }
  const { text, language, spoken, words } = utterance;
  if (spoken >= words) return html`<p lang="${language}" data-sentence="${id}">${text}</p>`;
  const parts = text.split(' ');
  if (!isLast) return html`<p lang="${language}" data-sentence="${id}">${parts.slice(0, spoken).join(' ')} …</p>`;
  const [before, now, after] = [parts.slice(0, Math.max(0, spoken - 1)), parts[spoken - 1], parts.slice(spoken)];
  return html`<p lang="${language}" data-sentence="${id}">${before.join(' ')} <mark>${now}</mark> <span>${after.join(' ')}</span></p>`;
};

/** The screen of a phone on a call. */
export const callScreen = ({ call, leg }: CallAtPhone, now: number): Html => {
  const to = leg.phone;
  const since = leg.answeredAt ?? now;
  const id = idOf(to);
  return html`<div class="line">
      <p class="who">${callerName}</p>
      <p class="duration"><span data-duration="${since}">${duration(now - since)}</span></p>
    </div>
    <div class="transcript" id="${id}-transcript" role="log" aria-label="Transcript" tabindex="0">
      ${heardAt(call, leg)
        .map((each, index, all) => transcriptEntry(each, `${call.sid}-${index}`, index === all.length - 1))
        .slice(-6)}
    </div>
    <form class="keypad" id="${id}-keypad" method="post" action="/phones/${to}/press" aria-label="Keypad" tabindex="-1">
      ${keys.map(
        key =>
          html`<button
            id="${id}-key-${keys.indexOf(key)}"
            type="submit"
            name="key"
            value="${key}"
            class="${call.listening && key === '#' ? 'lit' : undefined}"
            aria-label="${keyNames[key]}"
          >
            ${key}
          </button>`,
      )}
    </form>
    <form method="post" action="/phones/${to}/hang-up">
      <button id="${id}-hang-up" class="stop" type="submit">${icons.down}Hang up</button>
    </form>`;
};
