import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { BehaviourName } from '../network/behaviours.ts';
import { behaviours } from '../network/behaviours.ts';
import type { CodeView } from '../views.ts';
import { viewCode, viewPhone } from '../views.ts';
import type { Person, Phone, World } from '../world.ts';
import { callScreen, idleScreen, ringingScreen } from './screen.ts';
import { clock, grouped, idOf } from './words.ts';

const notes: Readonly<Partial<Record<BehaviourName, string>>> = {
  busy: 'Engaged until you change “Calls”.',
  'no-answer': 'Nobody picks up until you change “Calls”.',
  unreachable: 'Switched off until you change “Calls”.',
  'presses-hash': 'Answers by itself and presses #.',
  'hangs-up': 'Answers by itself and hangs up.',
};

const chooser = ({ number, behaviour }: Phone): Html => {
  const id = `${idOf(number)}-calls`;
  return html`<form class="chooser" method="post" action="/phones/${number}/behaviour" data-submits>
    <label for="${id}">Calls</label>
    <select id="${id}" name="behaviour">
      ${Object.entries(behaviours).map(
        ([name, { label }]) => html`<option value="${name}" selected="${name === behaviour}">${label}</option>`,
      )}
    </select>
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;
};

const states = { ringing: 'Incoming call', 'on-call': 'On a call', idle: 'Recent calls' } as const;

const screen = (world: World, { number, behaviour }: Phone): Html => {
  const now = world.timers.now();
  const current = world.network.current(number);
  if (current?.status === 'ringing') return ringingScreen(current, now);
  if (current?.status === 'in-progress') return callScreen(current, now);
  return idleScreen(world.callsTo(number), notes[behaviour]);
};

const phone = (world: World, one: Phone): Html => {
  const { state } = viewPhone(world, one);
  return html`<div class="handset" data-state="${state}">
      <div class="bar">
        <span>${clock(world.timers.now())}</span><output>${states[state]}</output>
      </div>
      <div class="screen" id="${idOf(one.number)}-${state}">${screen(world, one)}</div>
    </div>
    ${chooser(one)}`;
};

const authenticator = ({ code, until, secondsLeft }: CodeView): Html =>
  html`<div class="authenticator">
    <p>Authenticator app</p>
    <p class="code">${code.slice(0, 3)} ${code.slice(3)}</p>
    <p class="left">changes in <span data-until="${until}">${secondsLeft}</span> s</p>
  </div>`;

/** One person of this world: the phone, how it is set, and what the authenticator app shows. */
export const personCard = (world: World, person: Person): Html => {
  const one = person.number === undefined ? undefined : world.phone(person.number);
  const code = viewCode(world, person.name);
  return html`<section class="person" aria-label="${person.name}">
    <div class="name">
      <h2>${person.name}</h2>
      <p>${person.number === undefined ? 'no phone' : grouped(person.number)}</p>
    </div>
    ${one && phone(world, one)} ${code && authenticator(code)}
  </section>`;
};
