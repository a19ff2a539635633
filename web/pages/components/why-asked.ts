/** Draws "Why was I asked?": the reasons for a second step, folded until a person wants them. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { OperatorSentence } from '../props.ts';
import type { WhyReason } from '../step-props.ts';
import { icons } from './icons.ts';
import { phraseHtml } from './phrase.ts';

/** A sentence of the operator. Where it is in another language than the page, screen readers are told. */
export const operatorSentence = ({ text, language }: OperatorSentence, words: Words): Html =>
  html`<span lang="${language !== words.language && language}">${text}</span>`;

const sentenceOf = (reason: WhyReason, client: string, words: Words): Value => {
  if (reason.kind !== 'rule') {
    const text = words.why.reasons[reason.kind];
    return typeof text === 'string' ? text : phraseHtml(text(client), words);
  }
  return reason.sentence === undefined ? words.why.rule : operatorSentence(reason.sentence, words);
};

/** The reasons. Draws nothing without any. */
export const whyAsked = (reasons: readonly WhyReason[] | undefined, client: string, words: Words): Value =>
  reasons !== undefined &&
  reasons.length > 0 &&
  html`<details class="why"><summary>${icons.chevron}${words.why.question}</summary><ul class="advice dots">${reasons.map(reason => html`<li>${sentenceOf(reason, client, words)}</li>`)}</ul></details>`;
