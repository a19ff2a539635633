/** Draws the screen of a switchboard. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { Phone } from '../simulation/people.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { callBehaviourOf } from '../network/behaviours/settings.ts';
import { extensionPhone } from '../network/tones.ts';

const states = { pending: 'idle', ringing: 'ringing', answered: 'on a call', ended: 'idle' } as const;

/** Lists the extensions, their names and states. */
export const switchboardScreen = (
  simulation: Simulation,
  { number, extensions = {}, behaviour }: Phone,
  note: string,
): Html =>
  html`<p class="sender">Dial an extension</p>
    <dl class="board">
      ${Object.entries(extensions).map(([digits, name]) => {
        const state = simulation.network.current(extensionPhone(number, digits))?.leg.state ?? 'ended';
        return html`<div data-state="${state}"><dt>${digits}</dt><dd><b>${name}</b> ${states[state]}</dd></div>`;
      })}
    </dl>
    <p class="hint">${callBehaviourOf(behaviour).first === 'menu' ? note : undefined}</p>`;
