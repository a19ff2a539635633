/** Draws the top of each page: links between the pages, addresses, clock, the form that adds a phone, and reset. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { span } from './format.ts';
import { icons } from './icons.ts';

/** Addresses outside of these pages. That of the relying party is known once its server listens. */
export interface ServerUrls {
  relyingParty?: string;
  /** The server that signs people in; absent without a relying party. */
  readonly issuer?: string;
}

const port = (url: string): string => `:${new URL(url).port}`;
const moves = [
  [30, '+30 s'],
  [300, '+5 min'],
] as const;

/** The next unused number of those reserved for fiction, +1 202 555 0100 to 0199. */
const freeNumber = (simulation: Simulation): string => {
  const taken = new Set([...simulation.phones(), ...simulation.numbers].map(({ number }) => number));
  const all = Array.from({ length: 100 }, (_, index) => `+120255501${String(index).padStart(2, '0')}`);
  return all.find(each => !taken.has(each) && each > '+12025550142') ?? '';
};

/** Shows the clock of the simulation and moves it. */
const timeControl = ({ clock }: Simulation): Html =>
  html`<form class="time" id="time" method="post" action="/time" aria-label="Simulator clock">
    <span>${icons.clock}${clock.ahead > 0 ? `${span(clock.ahead)} ahead` : 'Real time'}</span>
    ${moves.map(
      ([seconds, label]) =>
        html`<button id="move-${seconds}" class="small" type="submit" name="seconds" value="${seconds}">${label}</button>`,
    )}
  </form>`;

const addPhone = (simulation: Simulation): Html =>
  html`<details class="add-phone">
    <summary class="small">${icons.plus}<span>Phone</span></summary>
    <form method="post" action="/phones" data-plain>
      <label for="new-name">Name</label>
      <input id="new-name" name="name" type="text" required maxlength="60" autocomplete="off">
      <label for="new-number">Number</label>
      <input id="new-number" name="number" type="tel" required value="${freeNumber(simulation)}" autocomplete="off">
      <button class="add" type="submit">Add phone</button>
    </form>
  </details>`;

/** The navigation at the top of each page. */
export const header = (simulation: Simulation, urls: ServerUrls): Html =>
  html`<nav aria-label="Simulator">
    <p class="pages">
      <a href="/">Phones</a>
      <a href="/mail">Mailbox</a>
      <a href="/devices">Notifications</a>
    </p>
    <p class="addresses">
      ${urls.relyingParty !== undefined && html`<a href="${urls.relyingParty}">Sample relying party <code>${port(urls.relyingParty)}</code></a>`}
      <noscript><a href="/">Reload</a></noscript>
    </p>
    ${timeControl(simulation)}
    <button id="sound" class="small" type="button" aria-pressed="false">${icons.sound}<span>Sound</span></button>
    ${addPhone(simulation)}
    <form method="post" action="/reset">
      <button id="reset" class="small" type="submit">${icons.again}<span>Start over</span></button>
    </form>
  </nav>`;
