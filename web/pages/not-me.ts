/** Draws the page behind "This wasn't me" in a notice: asks before it does anything, and says what was done. */
import { time } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm } from './components/actions.ts';
import { layout } from './components/layout.ts';
import { phraseHtml } from './components/phrase.ts';
import type { NotMePage } from './props.ts';

/** The page of one link, in each of its states. */
export const notMePage = ({ here, reference, link }: NotMePage, words: Words): Html => {
  const text = words.notices.page;
  const { heading, sentence } = text[link.state];
  return layout(
    {
      stage: 'signed-out',
      heading,
      lead: typeof sentence === 'string' ? sentence : sentence(link.state === 'used' ? link.at : 0),
      reference,
      returnTo: here,
      isError: link.state === 'unknown',
      body: bodyOf({ here, link }, words),
    },
    words,
  );
};

const bodyOf = ({ here, link }: Pick<NotMePage, 'here' | 'link'>, words: Words): Html => {
  const { facts, kinds, page } = words.notices;
  if (link.state === 'unknown') return html``;
  if (link.state === 'used') {
    const { frozenUntil } = link;
    return html`<p class="block">${frozenUntil === undefined ? page.used.lifted : phraseHtml(page.used.until(frozenUntil), words)}</p>
${frozenUntil !== undefined && html`<p class="block">${page.used.next}</p>`}`;
  }
  const { what, effects, signedOut, stopped, told, stays, submit } = page.usable;
  return html`<dl class="facts">
<dt>${what}</dt><dd>${kinds[link.kind].subject}</dd>
<dt>${facts.when}</dt><dd>${phraseHtml([time(link.at, true)], words)}</dd>
</dl>
<h2>${effects}</h2>
<ul>${[signedOut, stopped, told, stays].map(each => html`<li>${each}</li>`)}</ul>
<div class="actions">${buttonForm(here, submit)}</div>`;
};
