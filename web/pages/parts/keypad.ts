/** The foot of a telephone with the # one looks for. Its rim is the clock. */
import { html, type Html } from '../../html.ts';
import { countdown, type Span } from './countdown.ts';

export const keypad = (span: Span): Html => html`<div class="keys" aria-hidden="true">
${['7', '8', '9'].map(key => html`<span class="fading">${key}</span>`)}
<span>*</span><span>0</span><span class="hash">${countdown(span)}#</span>
</div>`;
