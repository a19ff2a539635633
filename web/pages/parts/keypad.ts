/** The foot of a telephone with the # one looks for. Its rim is the clock. */
import type { EpochMillis } from '../../../src/ports.ts';
import { html, type Html } from '../../html.ts';

/** Part of the time that is left, in hundredths. */
const share = (now: EpochMillis, since: EpochMillis, until: EpochMillis): number =>
  until <= since ? 0 : Math.round(Math.min(1, Math.max(0, (until - now) / (until - since))) * 1000) / 10;

export const keypad = (
  now: EpochMillis,
  since: EpochMillis,
  until: EpochMillis,
): Html => html`<div class="keys" aria-hidden="true">
${['7', '8', '9'].map(key => html`<span class="fading">${key}</span>`)}
<span>*</span><span>0</span><span class="hash"><svg class="rim"><rect /><rect class="left" pathLength="100" stroke-dasharray="${share(now, since, until)} 100" /></svg>#</span>
</div>`;
