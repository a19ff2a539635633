/** Draws the help page: advice on the usual problems with a second step, and the help desk as the last resort. */
import { grouped } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { otherOptionLink } from './components/actions.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import type { HelpPage } from './props.ts';

const helpDesk = ({ reference, support }: HelpPage, { help, frame }: Words): Html => html`<section class="panel">
<h2>${help.desk}</h2>
<p>${support ?? help.deskDefault}</p>
<p class="block note">${frame.reference}</p>
<p><code class="mono">${grouped(reference)}</code><button class="quiet" type="button" data-copy="${grouped(reference)}" data-copied="${frame.copied}" hidden>${frame.copy}</button></p>
</section>`;

/** The link to a new password, in the topic about it. */
const resetLink = (id: string, { resetAt }: HelpPage, { help }: Words): Html | false =>
  id === 'password' && resetAt !== undefined && html`<li><a href="${resetAt}">${help.reset}</a></li>`;

const topics = (props: HelpPage, words: Words): Html => html`<div class="topics">
${words.help.topics.map(
  ({ id, question, steps }) => html`<details>
<summary>${icons.chevron}${question}</summary>
<ul id="${id}">${resetLink(id, props, words)}${steps.map(step => html`<li>${step}</li>`)}</ul>
</details>`,
)}
</div>`;

/** After "I can't use any of these" the help desk comes first, else the advice. */
export const helpPage = (props: HelpPage, words: Words): Html => {
  const { uid, client, account, nothingLeft, options } = props;
  const { help } = words;
  const sections = nothingLeft
    ? [helpDesk(props, words), topics(props, words)]
    : [topics(props, words), helpDesk(props, words)];
  return layout(
    {
      stage: account === undefined ? 'signed-out' : 'second-step',
      heading: nothingLeft ? help.nothingLeft : help.heading,
      lead: nothingLeft ? help.nothingLeftSentence : help.sentence,
      client,
      uid,
      returnTo: nothingLeft ? linksOf(uid).helpNothingLeft : linksOf(uid).help,
      body: html`${sections}
<div class="actions"><a class="button" href="${linksOf(uid).here}">${help.back}</a>${account !== undefined && options && otherOptionLink(props, words)}</div>`,
    },
    words,
  );
};
