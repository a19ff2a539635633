import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { World } from '../simulation/simulation.ts';
import { icons } from './icons.ts';
import { span } from './format.ts';

/** Where else this world listens: known once it does. */
export interface Places {
  telephone?: string;
  relyingParty?: string;
}

const port = (address: string): string => `:${new URL(address).port}`;
const moves = [
  [30, '+30 s'],
  [300, '+5 min'],
] as const;

/** The next of the numbers that are kept free for fiction (+1 202 555 0100 to 0199) that nobody has here. */
export const freeNumber = (world: World): string => {
  const taken = new Set([...world.phones().map(({ number }) => number), ...world.numbers.map(({ number }) => number)]);
  const all = Array.from({ length: 100 }, (_, index) => `+120255501${String(index).padStart(2, '0')}`);
  return all.find(each => !taken.has(each) && each > '+12025550142') ?? '';
};

/** How the world's clock goes, and what moves it. The server's clock stays. */
export const timeControl = (world: World): Html =>
  html`<form class="time" id="time" method="post" action="/time" aria-label="This world’s clock">
    <span>${icons.clock}${world.timers.ahead > 0 ? `${span(world.timers.ahead)} ahead` : 'On time'}</span>
    ${moves.map(
      ([seconds, label]) =>
        html`<button id="move-${seconds}" class="small" type="submit" name="seconds" value="${seconds}">${label}</button>`,
    )}
  </form>`;

const newcomer = (world: World): Html =>
  html`<details class="newcomer">
    <summary class="small">${icons.plus}<span>Phone</span></summary>
    <form method="post" action="/phones" data-plain>
      <label for="new-name">Name</label>
      <input id="new-name" name="name" type="text" required maxlength="60" autocomplete="off">
      <label for="new-number">Number</label>
      <input id="new-number" name="number" type="tel" required value="${freeNumber(world)}" autocomplete="off">
      <button class="add" type="submit">Add this phone</button>
    </form>
  </details>`;

/** What stands at the top: where this world listens, its clock, who moves in, and the way back to the start. */
export const header = (world: World, { telephone, relyingParty }: Places): Html =>
  html`<nav aria-label="This world">
    <p class="places">
      ${telephone !== undefined && html`<span>Telephone <code>${port(telephone)}</code></span>`}
      ${relyingParty !== undefined && html`<a href="${relyingParty}">Sample relying party <code>${port(relyingParty)}</code></a>`}
      <noscript><a href="/">Look again</a></noscript>
    </p>
    ${timeControl(world)} ${newcomer(world)}
    <form method="post" action="/reset">
      <button id="reset" class="small" type="submit">${icons.again}<span>Start over</span></button>
    </form>
  </nav>`;
