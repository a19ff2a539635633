/** Draws a handset with its screen and its settings. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallBehaviour } from '../network/behaviours/calls.ts';
import { callBehaviours } from '../network/behaviours/calls.ts';
import { callBehaviourOf, textBehaviourOf } from '../network/behaviours/settings.ts';
import type { Phone } from '../simulation/people.ts';
import type { PhoneView, TextView } from '../simulation/views.ts';
import { viewPhone } from '../simulation/views.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { switchboardScreen } from './switchboard-screen.ts';
import { chooser } from './choices.ts';
import { idleScreen } from './idle-screen.ts';
import { callScreen, ringingScreen } from './call-screens.ts';
import { clock, counted, idOf } from './format.ts';

/** Both selects in one form. Without script, a select that was not changed is sent unchanged. */
const choosers = (phone: Phone): Html =>
  html`<form class="choosers" method="post" action="/phones/${phone.number}/behaviour" data-submits>
    ${chooser('calls', phone)} ${chooser('texts', phone)}
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;

/** The text at the top of the screen. */
const stateOf = ({ state, behaviour }: PhoneView, texts: number): string => {
  if (state !== 'idle') return state === 'ringing' ? 'Incoming call' : 'On a call';
  if (texts > 0) return counted(texts, 'message');
  const { state: shown }: CallBehaviour = callBehaviours[behaviour];
  return shown ?? 'Recent calls';
};

const screen = (simulation: Simulation, one: Phone, texts: readonly TextView[]): Html => {
  const now = simulation.clock.now();
  const doing = callBehaviourOf(one.behaviour);
  if (doing.first === 'menu') return switchboardScreen(simulation, one, doing.note ?? '');
  const current = simulation.network.current(one.number);
  if (current?.leg.state === 'ringing') return ringingScreen(current, now);
  if (current?.leg.state === 'answered') return callScreen(current, now);
  return idleScreen(viewPhone(simulation, one), texts, doing.note ?? textBehaviourOf(one.behaviour).note);
};

/** The handset of one telephone, and its settings. */
export const handset = (simulation: Simulation, one: Phone, view: PhoneView, texts: readonly TextView[]): Html =>
  html`<div class="handset" data-state="${view.state}">
      <div class="bar">
        <span>${clock(simulation.clock.now())}</span><output>${stateOf(view, texts.length)}</output>
      </div>
      <div class="screen" id="${idOf(one.number)}-${view.state}">${screen(simulation, one, texts)}</div>
    </div>
    ${choosers(one)}`;
