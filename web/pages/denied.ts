/** Draws the page of a sign-in that a rule of the operator refuses: their words, the way back, and the details for a help desk. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm } from './components/actions.ts';
import { details } from './components/details.ts';
import { layout } from './components/layout.ts';
import { operatorSentence } from './components/why-asked.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { DeniedPage } from './props.ts';

export const deniedPage = ({ uid, client, account, reference, now, sentence }: DeniedPage, words: Words): Html => {
  const { denied } = words.why;
  const code = { label: outcomeCodes.page('denied'), term: denied.term };
  return layout(
    {
      stage: account === undefined ? 'signed-out' : 'second-step',
      heading: denied.heading(client.name),
      client,
      showsClient: false,
      ...(account !== undefined && { account }),
      uid,
      reference,
      isError: true,
      body: html`<p class="lead">${operatorSentence(sentence, words)}</p>
<p class="block">${denied.help}</p>
<div class="actions">${buttonForm(linksOf(uid).cancel, words.frame.backTo(client.name))}</div>
${details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
