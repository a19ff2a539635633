/** Draws the pages of a step-up (RFC 9470): a signed-in person is asked for a stronger sign-in, or has no method for it. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { buttonForm, otherOptionLink } from './components/actions.ts';
import { details } from './components/details.ts';
import { iconOf } from './components/icons.ts';
import { layout } from './components/layout.ts';
import type { StepUpPage } from './step-props.ts';
import type { UnmetPage } from './props.ts';

/** Says which client asks and why. Its button starts the challenge, so that opening the page sends no message. */
export const stepUpPage = (props: StepUpPage, words: Words): Html => {
  const { uid, client, account, reference, reason, method, why } = props;
  const text = words.pages.methods[method.type];
  const target =
    method.target === undefined ? (text?.note ?? method.label) : html`<bdi dir="ltr">${method.target}</bdi>`;
  const row = html`<div class="row block"><span class="icon">${iconOf(method.type)}</span><span><b>${text?.name ?? method.type}</b><small>${target}</small></span></div>`;
  return layout(
    {
      stage: 'second-step',
      heading: reason === 'test' ? words.pages.stepUp.testHeading : words.pages.stepUp.heading,
      lead: words.pages.stepUp[reason](client.name),
      client,
      account,
      uid,
      reference,
      ...(reason !== 'test' && { why }),
      body: html`${row}
<div class="actions">${buttonForm(linksOf(uid).start, text?.start ?? words.frame.continue)}${reason !== 'test' && otherOptionLink(props, words)}</div>
<form class="leave" method="post" action="${linksOf(uid).cancel}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>`,
    },
    words,
  );
};

/** No method of this person reaches the required acr: lists the methods that would, and leads back or to help. */
export const unmetPage = ({ uid, client, account, reference, now, wanted }: UnmetPage, words: Words): Html => {
  const { pages, frame } = words;
  const code = { label: outcomeCodes.page('unmet'), term: pages.unmet.term };
  const list = wanted.map(type => html`<li>${iconOf(type)}<span>${pages.methods[type]?.name ?? type}</span></li>`);
  return layout(
    {
      stage: 'second-step',
      heading: pages.unmet.heading,
      lead: pages.unmet.sentence(client.name),
      client,
      account,
      uid,
      reference,
      isError: true,
      body: html`${wanted.length > 0 && html`<p class="block">${pages.unmet.wanted}</p><ul class="scopes">${list}</ul>`}
<p class="block">${pages.unmet.help}</p>
<div class="actions">${buttonForm(linksOf(uid).cancel, frame.backTo(client.name))}<a class="button" href="${linksOf(uid).helpNothingLeft}">${frame.getHelp}</a></div>
${details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
