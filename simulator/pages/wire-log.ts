import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { AnsweringName } from '../network/behaviours/api.ts';
import { answerings } from '../network/behaviours/api.ts';
import type { WireLine } from '../events/wire.ts';
import type { World } from '../simulation/simulation.ts';
import { icons } from './icons.ts';
import { preciseClock } from './format.ts';

const shown = 40;

const tag = ({ status }: WireLine): Html => {
  if (status === undefined) return html`<span class="tag wait">…</span>`;
  const good = typeof status === 'number' && status < 400;
  return html`<span class="tag ${good ? 'ok' : 'bad'}">${status}</span>`;
};

const row = (line: WireLine): Html =>
  html`<tr>
    <td>${preciseClock(line.at)}</td>
    <td class="${line.direction}">
      ${icons[line.direction]}<span class="apart">${line.direction === 'in' ? 'from the server' : 'to the server'}</span>
    </td>
    <td class="path">${line.method} ${line.path}</td>
    <td>${tag(line)}</td>
    <td class="reason">${line.reason}</td>
    <td class="ms">${line.ms === undefined ? '' : `${Math.round(line.ms)} ms`}</td>
  </tr>`;

/** How the carrier's whole API answers, whatever number is asked about. */
const outage = (chosen: AnsweringName | undefined): Html =>
  html`<form class="outage" method="post" action="/carrier" data-submits>
    <div class="chooser">
      <label for="outage">The carrier’s API</label>
      <select id="outage" name="api">
        ${Object.entries(answerings).map(
          ([name, { label }]) =>
            html`<option value="${name}" selected="${name === (chosen ?? 'answers')}">
              ${name === 'answers' ? 'As each number is set' : label}
            </option>`,
        )}
      </select>
      ${icons.chevron}
    </div>
    <button class="small" type="submit" data-scriptless>Set for all</button>
  </form>`;

/** What the server and this world say to each other, newest first. */
export const trace = ({ wire: { lines }, outage: chosen }: World): Html =>
  html`<section class="panel" aria-labelledby="wire-title">
    <div class="title">
      <h2 id="wire-title">On the wire</h2>
      <p>What the server and this world say to each other</p>
      ${outage(chosen)}
    </div>
    <section class="rows" tabindex="0" aria-label="Requests, newest first">
      ${
        lines.length === 0
          ? html`<p class="hint">Nothing yet. Sign in with a phone call, and each request appears here.</p>`
          : html`<table>
              <thead class="apart">
                <tr>
                  <th scope="col">Time</th>
                  <th scope="col">Direction</th>
                  <th scope="col">Request</th>
                  <th scope="col">Status</th>
                  <th scope="col">About</th>
                  <th scope="col">Took</th>
                </tr>
              </thead>
              <tbody>
                ${lines.slice(-shown).toReversed().map(row)}
              </tbody>
            </table>`
      }
    </section>
  </section>`;
