/** Draws why the last sign-ins at a client needed a second step: how it was proven, what was required, and what decided. */
import { grouped, time } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { ClientSignIn, Noted } from '../../../src/records.ts';
import { html, type Html, type Value } from '../../html.ts';
import { ownWord } from '../account/method-words.ts';
import { code, sheet } from '../components/developer-layout.ts';
import { dotted } from '../components/dotted.ts';
import { phraseHtml } from '../components/phrase.ts';

const outcome = ({ refused, how = 'none' }: ClientSignIn, words: Words): Html => {
  const { signIns: text } = words.developer.client;
  if (refused === 'policy') return html`<b>${text.denied}</b>`;
  return refused === undefined ? html`<b>${text.how[how]}</b>` : html`<b>${text.refused}</b> ${code(refused)}`;
};

/** Rules have the names of the list of rules on this page. */
const sourceWords = (source: string, words: Words): Value => {
  const { signIns: text } = words.developer.client;
  const own = ownWord(text.sources, source);
  return own ?? html`${text.rule} ${code(source.replace(/^rule /u, ''))}`;
};

const row = (name: string, values: readonly Value[]): Value =>
  values.length > 0 && html`<dt>${name}</dt><dd>${dotted(values)}</dd>`;

const signIn = (entry: Noted<ClientSignIn>, words: Words): Html => {
  const { signIns: text, failures } = words.developer.client;
  const { flow, factor, required, mfaMaxAge, factors = [], decided, reference, count, lastAt } = entry;
  return html`<li class="item failure"><div class="what"><p>${outcome(entry, words)} <span class="note">${dotted([
    flow !== undefined && text.flows[flow],
    factor !== undefined && code(factor),
    phraseHtml([time(lastAt, true)], words),
    count > 1 && failures.times(count),
    reference !== undefined && html`${failures.reference} <code>${grouped(reference)}</code>`,
  ])}</span></p>
<dl class="sent">${row(text.required, [code(required), mfaMaxAge !== undefined && text.age(mfaMaxAge)])}${row(text.methods, factors.map(code))}${row(
    text.decided,
    decided.map(source => sourceWords(source, words)),
  )}</dl></div></li>`;
};

export const signInsSheet = (signIns: readonly Noted<ClientSignIn>[], words: Words): Html => {
  const { signIns: text } = words.developer.client;
  return sheet(
    text.heading,
    signIns.length === 0
      ? html`<p class="prose">${text.empty}</p>`
      : html`<p class="note lead-note">${text.lead}</p><ul>${signIns.map(each => signIn(each, words))}</ul>`,
  );
};
