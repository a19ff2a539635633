/** Draws the cards of the people: handsets with their screens, settings, and authenticator apps. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallBehaviour } from '../network/behaviours/calls.ts';
import { callBehaviours } from '../network/behaviours/calls.ts';
import { callBehaviourOf, textBehaviourOf } from '../network/behaviours/settings.ts';
import type { Person, Phone } from '../simulation/people.ts';
import type { CodeView, PhoneView, TextView } from '../simulation/views.ts';
import { viewCode, viewPhone, viewText } from '../simulation/views.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { switchboardScreen } from './switchboard-screen.ts';
import { chooser } from './choices.ts';
import { idleScreen } from './idle-screen.ts';
import { callScreen, ringingScreen } from './call-screens.ts';
import { clock, counted, grouped, idOf } from './format.ts';

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

/** One telephone: the handset and its settings. */
const handset = (simulation: Simulation, one: Phone): Html => {
  const view = viewPhone(simulation, one);
  const texts = simulation.textsTo(one.number).map(viewText);
  return html`<div class="handset" data-state="${view.state}">
      <div class="bar">
        <span>${clock(simulation.clock.now())}</span><output>${stateOf(view, texts.length)}</output>
      </div>
      <div class="screen" id="${idOf(one.number)}-${view.state}">${screen(simulation, one, texts)}</div>
    </div>
    ${choosers(one)}`;
};

const authenticator = ({ code, until, secondsLeft }: CodeView): Html =>
  html`<div class="authenticator">
    <p>Authenticator app</p>
    <p class="code">${code.slice(0, 3)} ${code.slice(3)}</p>
    <p class="left">changes in <span data-until="${until}">${secondsLeft}</span> s</p>
  </div>`;

const card = (name: string, beside: string, body: Html): Html =>
  html`<section class="person" aria-label="${beside.startsWith('ext.') ? `${name}, ${beside}` : name}">
    <div class="name">
      <h2>${name}</h2>
      <p>${beside}</p>
    </div>
    ${body}
  </section>`;

/** The cards of one person: each telephone with its settings, and the authenticator app. */
export const personCards = (simulation: Simulation, person: Person): readonly Html[] => {
  const code = viewCode(simulation, person.name);
  const app = code && authenticator(code);
  const phones = simulation.phones().filter(({ number }) => number.split(';')[0] === person.number);
  if (phones.length === 0) return app === undefined ? [] : [card(person.name, 'no phone', app)];
  return phones.map((one, index) =>
    card(one.name, grouped(one.number), html`${handset(simulation, one)} ${index === 0 ? app : undefined}`),
  );
};
