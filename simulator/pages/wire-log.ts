/** Draws the wire log, and the setting of the carrier's API. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { ApiBehaviourName } from '../network/behaviours/api.ts';
import { apiBehaviours } from '../network/behaviours/api.ts';
import type { WireLine } from '../events/wire.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { icons } from './icons.ts';
import { preciseClock } from './format.ts';

const maxShown = 40;

const tag = ({ status }: WireLine): Html => {
  if (status === undefined) return html`<span class="tag wait">…</span>`;
  const good = typeof status === 'number' && status < 400;
  return html`<span class="tag ${good ? 'ok' : 'bad'}">${status}</span>`;
};

const entry = (line: WireLine): Html =>
  html`<li>
    <span class="at">${preciseClock(line.at)}</span>
    <span class="${line.direction}">
      ${icons[line.direction]}<span class="visually-hidden">${line.direction === 'in' ? 'from the server' : 'to the server'}</span>
    </span>
    ${tag(line)} <span class="ms">${line.ms === undefined ? '' : `${Math.round(line.ms)} ms`}</span>
    <span class="path">${line.method} ${line.path}</span>
    <span class="reason">${line.reason}</span>
  </li>`;

/** A select for how the carrier's API answers for every number. */
const apiSelect = (chosen: ApiBehaviourName | undefined): Html =>
  html`<form class="carrier-api" method="post" action="/carrier" data-submits>
    <div class="chooser">
      <label for="carrier-api">Carrier API</label>
      <select id="carrier-api" name="api">
        ${Object.entries(apiBehaviours).map(
          ([name, { label }]) =>
            html`<option value="${name}" selected="${name === (chosen ?? 'answers')}">
              ${name === 'answers' ? 'As set for each number' : label}
            </option>`,
        )}
      </select>
      ${icons.chevron}
    </div>
    <button class="small" type="submit" data-scriptless>Set for all</button>
  </form>`;

/** The last requests between the server and the simulator, newest first. */
export const wireLog = ({ wire: { lines }, apiOverride: chosen }: Simulation): Html =>
  html`<section class="panel" aria-labelledby="wire-title">
    <div class="title">
      <h2 id="wire-title">Wire log</h2>
      <p>Requests between the server and the simulator</p>
      ${apiSelect(chosen)}
    </div>
    <section class="rows" tabindex="0" aria-label="Requests, newest first">
      ${
        lines.length === 0
          ? html`<p class="hint">No requests yet. Sign in with a phone call to see them here.</p>`
          : html`<ol>
              ${lines.slice(-maxShown).toReversed().map(entry)}
            </ol>`
      }
    </section>
  </section>`;
