/** Draws the cards of the people: each telephone, folded to one line until it rings, and their authenticator apps. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { CallBehaviour } from '../network/behaviours/calls.ts';
import { callBehaviours } from '../network/behaviours/calls.ts';
import type { Person, Phone } from '../simulation/people.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { CodeView, PhoneView, TextView } from '../simulation/views.ts';
import { viewCode, viewPhone, viewText } from '../simulation/views.ts';
import { clock, counted, grouped, idOf } from './format.ts';
import { handset } from './handset.ts';
import { icons } from './icons.ts';
import { outcome } from './idle-screen.ts';

const authenticator = ({ code, until, secondsLeft }: CodeView): Html =>
  html`<div class="authenticator">
    <p>Authenticator app</p>
    <p class="code">${code.slice(0, 3)} ${code.slice(3)}</p>
    <p class="left">changes in <span data-until="${until}">${secondsLeft}</span> s</p>
  </div>`;

/** How long a phone stays unfolded after something happened to it, so that the person can see what it was. */
const unfoldedAfter: { readonly call: number; readonly text: number } = { call: 60_000, text: 300_000 };

/** When a call to this phone ended or a text arrived last; texts that are on their way count as now. */
const isFresh = ({ calls, onTheWay }: PhoneView, texts: readonly TextView[], now: number): boolean => {
  const [ended, arrived] = [calls[0]?.endedAt, texts[0]?.arrivedAts.at(-1)];
  return (
    onTheWay > 0 ||
    (ended !== undefined && now - ended < unfoldedAfter.call) ||
    (arrived !== undefined && now - arrived < unfoldedAfter.text)
  );
};

/** What a folded phone tells about itself in one line. */
const summaryOf = ({ calls: [last], behaviour }: PhoneView, texts: number): string => {
  const { state: shown }: CallBehaviour = callBehaviours[behaviour];
  const facts = [
    shown,
    last?.isOver === true ? `${outcome(last)}, ${clock(last.createdAt)}` : undefined,
    texts > 0 ? counted(texts, 'message') : undefined,
  ].filter(fact => fact !== undefined);
  return facts.length === 0 ? 'Nothing yet' : facts.join(' · ');
};

/** A card and its place: what needs the person comes first. */
interface Card {
  readonly rank: number;
  readonly card: Html;
}
const ranks = { ringing: 0, 'on-call': 1, switchboard: 2, fresh: 3, idle: 4, app: 5 } as const;

const rankOf = ({ state, extensions }: PhoneView, isUnfolded: boolean): number => {
  if (state === 'idle') return isUnfolded ? ranks.fresh : ranks.idle;
  // A person can do nothing at a switchboard: the extension that rings is the phone to pick up.
  return extensions === undefined ? ranks[state] : ranks.switchboard;
};

const phoneCard = (simulation: Simulation, one: Phone, app: Html | undefined): Card => {
  const view = viewPhone(simulation, one);
  const texts = simulation.textsTo(one.number).map(viewText);
  const [id, number] = [idOf(one.number), grouped(one.number)];
  const isUnfolded = view.state !== 'idle' || isFresh(view, texts, simulation.clock.now());
  const label = number.startsWith('ext.') ? `${one.name}, ${number}` : one.name;
  return {
    rank: rankOf(view, isUnfolded),
    card: html`<section class="person" id="${id}" aria-label="${label}">
      <details id="${id}-phone" data-unfolded="${isUnfolded ? 'yes' : 'no'}" open="${isUnfolded}">
        <summary class="name" id="${id}-name">
          <h2>${one.name}</h2>
          <span class="number">${number}</span>
          <span class="facts">${summaryOf(view, texts.length)}</span>
          ${icons.chevron}
        </summary>
        ${handset(simulation, one, view, texts)}
      </details>
      ${app}
    </section>`,
  };
};

const appCard = (name: string, app: Html): Card => ({
  rank: ranks.app,
  card: html`<section class="person" aria-label="${name}">
    <div class="name">
      <h2>${name}</h2>
      <span class="number">no phone</span>
    </div>
    ${app}
  </section>`,
});

const cardsOf = (simulation: Simulation, person: Person): readonly Card[] => {
  const code = viewCode(simulation, person.name);
  const app = code && authenticator(code);
  const phones = simulation.phones().filter(({ number }) => number.split(';')[0] === person.number);
  if (phones.length === 0) return app === undefined ? [] : [appCard(person.name, app)];
  return phones.map((one, index) => phoneCard(simulation, one, index === 0 ? app : undefined));
};

/**
 * The telephones of all people, each with its settings, and their authenticator apps. Those that ring come first, then
 * those on a call; the others are one line that unfolds. Leaves out people with neither telephone nor app.
 */
export const personCards = (simulation: Simulation): readonly Html[] =>
  simulation
    .people()
    .flatMap(person => cardsOf(simulation, person))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ card }) => card);
