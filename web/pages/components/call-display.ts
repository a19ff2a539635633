/** Draws what a person needs on the telephone, a key or a number, inside an outline that counts down. */
import { html, type Html } from '../../html.ts';
import { countdown, type TimeSpan } from './countdown.ts';

/** The bottom rows of a telephone's keypad, with the # key highlighted. */
export const keypad = (span: TimeSpan): Html => html`<div class="keypad" aria-hidden="true">
${['7', '8', '9'].map(key => html`<span class="fading">${key}</span>`)}
<span>*</span><span>0</span><span class="hash">${countdown(span)}#</span>
</div>`;

/** The digits to type into the call: in groups of three for sighted people, one by one for screen readers. */
export const numberDisplay = (digits: string, span: TimeSpan): Html => {
  const threes = digits.match(/.{1,3}/gu) ?? [];
  return html`<p class="visually-hidden">${Array.from(digits).join(' ')}</p>
<div class="number-display" dir="ltr" aria-hidden="true">${countdown(span)}<span>${threes.join(' ')}</span></div>`;
};
