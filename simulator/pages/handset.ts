import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallDoing } from '../network/behaviours/calls.ts';
import { callDoings } from '../network/behaviours/calls.ts';
import { callDoing, textDoing } from '../network/behaviours/settings.ts';
import type { Person, Phone } from '../simulation/people.ts';
import type { CodeView, PhoneView, TextView } from '../simulation/views.ts';
import { viewCode, viewPhone, viewText } from '../simulation/views.ts';
import type { World } from '../simulation/simulation.ts';
import { boardScreen } from './switchboard-screen.ts';
import { chooser } from './choices.ts';
import { idleScreen } from './idle-screen.ts';
import { callScreen, ringingScreen } from './call-screens.ts';
import { clock, counted, grouped, idOf } from './format.ts';

/** Both choices in one form: what is not touched is sent as it is. */
const choosers = (phone: Phone): Html =>
  html`<form class="choosers" method="post" action="/phones/${phone.number}/behaviour" data-submits>
    ${chooser('calls', phone)} ${chooser('texts', phone)}
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;

/** What stands at the top of the screen. */
const stateOf = ({ state, behaviour }: PhoneView, texts: number): string => {
  if (state !== 'idle') return state === 'ringing' ? 'Incoming call' : 'On a call';
  if (texts > 0) return counted(texts, 'message');
  const row: CallDoing = callDoings[behaviour];
  return row.state ?? 'Recent calls';
};

const screen = (world: World, one: Phone, texts: readonly TextView[]): Html => {
  const now = world.timers.now();
  const doing = callDoing(one.behaviour);
  if (doing.first === 'menu') return boardScreen(world, one, doing.note ?? '');
  const current = world.network.current(one.number);
  if (current?.leg.state === 'ringing') return ringingScreen(current, now);
  if (current?.leg.state === 'on') return callScreen(current, now);
  return idleScreen(viewPhone(world, one), texts, doing.note ?? textDoing(one.behaviour).note);
};

/** One telephone: the handset, and how it is set. */
const handset = (world: World, one: Phone): Html => {
  const view = viewPhone(world, one);
  const texts = world.textsTo(one.number).map(viewText);
  return html`<div class="handset" data-state="${view.state}">
      <div class="bar">
        <span>${clock(world.timers.now())}</span><output>${stateOf(view, texts.length)}</output>
      </div>
      <div class="screen" id="${idOf(one.number)}-${view.state}">${screen(world, one, texts)}</div>
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

/** The cards of one person: each telephone, how it is set, and what the authenticator app shows. */
export const personCards = (world: World, person: Person): readonly Html[] => {
  const code = viewCode(world, person.name);
  const app = code && authenticator(code);
  const phones = world.phones().filter(({ number }) => number.split(';')[0] === person.number);
  if (phones.length === 0) return app === undefined ? [] : [card(person.name, 'no phone', app)];
  return phones.map((one, index) =>
    card(one.name, grouped(one.number), html`${handset(world, one)} ${index === 0 ? app : undefined}`),
  );
};
