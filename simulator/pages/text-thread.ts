/** Draws the texts on a phone. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { TextView } from '../simulation/views.ts';
import { icons } from './icons.ts';
import { callerName, counted, idOf, secondsClock } from './format.ts';

/** The first run of four to eight digits, which a person would copy. */
const codeIn = (text: string): string | undefined => /(?<!\d)\d{4,8}(?!\d)/.exec(text)?.[0];

/** Marks the code, and makes lines for machines (`@domain #code`) small. */
const styledText = (text: string): Html => {
  const code = codeIn(text);
  const at = code === undefined ? -1 : text.indexOf(code);
  const [before, marked, after] =
    code === undefined ? [text, '', ''] : [text.slice(0, at), code, text.slice(at + code.length)];
  const machine = after.search(/(?:^|\n)@\S+/);
  const [prose, small] = machine < 0 ? [after, ''] : [after.slice(0, machine), after.slice(machine).trim()];
  return html`${before}${marked === '' ? undefined : html`<b>${marked}</b>`}${prose.trimEnd()}${
    small === '' ? undefined : html`<small dir="ltr">${small}</small>`
  }`;
};

interface Arrival {
  readonly text: TextView;
  readonly at: number;
  readonly again: boolean;
}

const bubble = ({ text, at, again }: Arrival): Html =>
  html`<li>
    <p class="bubble" dir="auto">${styledText(text.text)}</p>
    <p class="when">
      ${again ? `Arrived again ${secondsClock(at)}` : `Sent ${secondsClock(text.sentAt)}, arrived ${secondsClock(at)}`}
    </p>
  </li>`;

const maxShown = 4;

/** Texts in order of arrival, one entry per arrival, and a button that copies the code of the newest. */
export const thread = (number: string, texts: readonly TextView[]): Html => {
  const arrivals = texts.flatMap(text => text.arrivedAts.map((at, index): Arrival => ({ text, at, again: index > 0 })));
  const code = texts[0] === undefined ? undefined : codeIn(texts[0].text);
  return html`<p class="sender">${callerName}</p>
    <ul class="thread" id="${idOf(number)}-thread" tabindex="0" aria-label="Texts" data-end>
      ${arrivals
        .toSorted((a, b) => a.at - b.at)
        .slice(-maxShown)
        .map(bubble)}
    </ul>
    ${
      code === undefined
        ? undefined
        : html`<button id="${idOf(number)}-copy" class="copy" type="button" data-copy="${code}">
            ${icons.copy}Copy ${code}
          </button>`
    }`;
};

/** Texts on their way, with a button that delivers them. */
export const onTheWay = (number: string, count: number): Html | undefined =>
  count === 0
    ? undefined
    : html`<form class="on-the-way" method="post" action="/phones/${number}/release">
        <p>${counted(count, 'text')} on the way</p>
        <button id="${idOf(number)}-release" type="submit">Deliver now</button>
      </form>`;
