import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { Phone } from '../simulation/people.ts';
import type { World } from '../simulation/simulation.ts';
import { extensionPhone } from '../network/tones.ts';

const states = { coming: 'idle', ringing: 'rings', on: 'on a call', over: 'idle' } as const;

/** A switchboard: what one can dial, and where it leads now. */
export const boardScreen = (world: World, { number, extensions = {}, behaviour }: Phone, note: string): Html =>
  html`<p class="sender">Dial an extension</p>
    <dl class="board">
      ${Object.entries(extensions).map(([digits, name]) => {
        const state = world.network.current(extensionPhone(number, digits))?.leg.state ?? 'over';
        return html`<div data-state="${state}"><dt>${digits}</dt><dd><b>${name}</b> ${states[state]}</dd></div>`;
      })}
    </dl>
    <p class="hint">${behaviour.calls === 'switchboard' ? note : undefined}</p>`;
