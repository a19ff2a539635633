/** What to do when the second step does not work out; the last station is always a person. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { wayOut } from './parts/actions.ts';
import { icons } from './parts/icons.ts';
import { grouped, layout } from './parts/layout.ts';
import type { HelpPage } from './props.ts';

const desk = ({ reference, support }: HelpPage, { help, frame }: Words): Html => html`<section class="panel">
<h2>${help.desk}</h2>
<p>${support ?? help.deskDefault}</p>
<p class="block note">${frame.reference}</p>
<p><code class="mono">${grouped(reference)}</code><button class="quiet" type="button" data-copy="${grouped(reference)}" data-copied="${frame.copied}" hidden>${frame.copy}</button></p>
</section>`;

const topics = ({ help }: Words): Html => html`<div class="topics">
${help.topics.map(
  ({ id, question, steps }) => html`<details>
<summary>${icons.chevron}${question}</summary>
<ul id="${id}">${steps.map(step => html`<li>${step}</li>`)}</ul>
</details>`,
)}
</div>`;

export const helpPage = (props: HelpPage, words: Words): Html => {
  const { uid, client, account, nothingLeft, options } = props;
  const { help } = words;
  const parts = nothingLeft ? [desk(props, words), topics(words)] : [topics(words), desk(props, words)];
  return layout(
    {
      door: account === undefined ? 'first' : 'second',
      heading: nothingLeft ? help.nothingLeft : help.heading,
      lead: nothingLeft ? help.nothingLeftSentence : help.sentence,
      client,
      uid,
      here: nothingLeft ? linksOf(uid).helpless : linksOf(uid).help,
      scripts: ['small.js'],
      body: html`${parts}
<div class="actions"><a class="button" href="${linksOf(uid).here}">${help.back}</a>${account !== undefined && options && wayOut(props, words)}</div>`,
    },
    words,
  );
};
