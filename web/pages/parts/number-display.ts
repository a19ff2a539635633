/** A number to be typed elsewhere: the largest thing on its page. Its rim is the clock. */
import { html, type Html } from '../../html.ts';
import { countdown, type Span } from './countdown.ts';

/** `digits` in threes for the eye, one by one for the ear. */
export const numberDisplay = (digits: string, span: Span): Html => {
  const threes = digits.match(/.{1,3}/gu) ?? [];
  return html`<p class="apart">${Array.from(digits).join(' ')}</p>
<div class="plate" dir="ltr" aria-hidden="true">${countdown(span)}<span>${threes.join(' ')}</span></div>`;
};
