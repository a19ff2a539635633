/** When a page cannot be shown: what it means, what to do next, and what to tell a help desk. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { details } from './parts/details.ts';
import { layout } from './parts/layout.ts';
import { brokenTrack } from './parts/track.ts';
import type { ClientShown, ErrorPage, StartAgainPage } from './props.ts';

const leadTo = (client: ClientShown | undefined, label: (name: string) => string): Value =>
  client?.uri !== undefined &&
  html`<div class="actions"><a class="button primary" href="${client.uri}">${label(client.name)}</a></div>`;

/** The interaction is over, or another browser's; where the client is known, its page is one button away. */
export const startAgainPage = ({ reason, client, reference, now, here }: StartAgainPage, words: Words): Html => {
  const said = words.pages.startAgain;
  const code = { label: outcomeCodes.page(reason), term: said.terms[reason] };
  return layout(
    {
      door: 'first',
      heading: said.heading,
      lead: said[reason],
      ...(client !== undefined && { client }),
      wrong: true,
      here,
      scripts: ['small.js'],
      body: html`${leadTo(client, said.button) || html`<p class="block">${said.unknown}</p>`}
${details({ ...(reference !== undefined && { reference }), at: now, code, open: true }, words)}`,
    },
    words,
  );
};

/** Where it may be tried once more that comes first; the client's own page is the other way on. */
const waysOn = ({ again, client }: ErrorPage, { frame }: Words): Value => {
  if (again === undefined) return leadTo(client, frame.backTo);
  return html`<div class="actions"><a class="button primary" href="${again}">${frame.tryAgain}</a>${
    client?.uri !== undefined && html`<a class="button" href="${client.uri}">${frame.backTo(client.name)}</a>`
  }</div>`;
};

/** Any Problem, the unknown address among them. */
export const errorPage = (props: ErrorPage, words: Words): Html => {
  const { code, label, reference, now, client, protocol, here, progress } = props;
  const said = words.problems[code];
  const more = protocol === undefined ? [] : [protocol.error, protocol.description ?? ''].filter(line => line !== '');
  return layout(
    {
      door: progress === undefined ? 'first' : 'second',
      heading: said.heading,
      lead: said.sentence,
      ...(client !== undefined && { client }),
      wrong: true,
      here,
      scripts: ['small.js'],
      body: html`${progress !== undefined && brokenTrack('lost', progress, words.calls.outcomes.lost.step, words)}
${waysOn(props, words)}
${details({ ...(reference !== undefined && { reference }), at: now, code: { label, term: said.term }, open: true, more }, words)}`,
    },
    words,
  );
};
