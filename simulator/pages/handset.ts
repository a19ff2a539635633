import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { callDoing } from '../network/behaviours/settings.ts';
import type { Person, Phone } from '../people.ts';
import type { CodeView } from '../views.ts';
import { callsAt, viewCode, viewPhone } from '../views.ts';
import type { World } from '../world.ts';
import { chooser } from './choices.ts';
import { callScreen, idleScreen, ringingScreen } from './screen.ts';
import { clock, grouped, idOf } from './words.ts';

/** Both choices in one form: what is not touched is sent as it is. */
const choosers = (phone: Phone): Html =>
  html`<form class="choosers" method="post" action="/phones/${phone.number}/behaviour" data-submits>
    ${chooser('calls', phone)} ${chooser('texts', phone)}
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;

const states = { ringing: 'Incoming call', 'on-call': 'On a call', idle: 'Recent calls' } as const;

const screen = (world: World, { number, behaviour }: Phone): Html => {
  const now = world.timers.now();
  const current = world.network.current(number);
  if (current?.leg.state === 'ringing') return ringingScreen(current, now);
  if (current?.leg.state === 'on') return callScreen(current, now);
  return idleScreen(callsAt(world, number), callDoing(behaviour).note);
};

const phone = (world: World, one: Phone): Html => {
  const { state } = viewPhone(world, one);
  return html`<div class="handset" data-state="${state}">
      <div class="bar">
        <span>${clock(world.timers.now())}</span><output>${states[state]}</output>
      </div>
      <div class="screen" id="${idOf(one.number)}-${state}">${screen(world, one)}</div>
    </div>
    ${choosers(one)}`;
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
