/** A number to be typed elsewhere: the largest thing on its page. Its rim is the clock. */
import { html, type Html } from '../../html.ts';
import { clockRim, type Span } from './clock-rim.ts';

/** `digits` in threes for the eye, one by one for the ear. */
export const plate = (
  digits: string,
  span: Span,
): Html => html`<p class="plate" dir="ltr">${clockRim(span)}<span class="apart">${Array.from(digits).join(' ')}</span>
${(digits.match(/.{1,3}/gu) ?? []).map(three => html`<span aria-hidden="true">${three}</span>`)}</p>`;
