/** Draws the first page of setting up a method: the kinds to choose from, or that none can be set up here. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm } from './components/actions.ts';
import { details } from './components/details.ts';
import { enrollLayout, kindWords } from './components/enroll-layout.ts';
import { iconOf, icons } from './components/icons.ts';
import { phraseHtml } from './components/phrase.ts';
import type { EnrollBarredPage, EnrollChoosePage } from './enroll-props.ts';
import { enrollLinksOf, fields, linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

const row = (kind: string, props: EnrollChoosePage, words: Words): Html => {
  const { name: usualName, sentence: usual } = kindWords(kind, words);
  const name = kind === 'totp' && props.kinds.includes('push') ? words.enroll.choose.otherApp : usualName;
  const isShared = props.for === 'backup' && kind === 'passkey' && props.hasSharedPasskey === true;
  const sentence = isShared ? words.enroll.choose.sharedPasskey : usual;
  return html`<li><button class="row" type="submit" name="${fields.method}" value="${kind}"><span class="icon">${iconOf(kind)}</span><span><b>${name}</b><small>${sentence}</small></span>${icons.chevron}</button></li>`;
};

/** Each kind is a button as large as its row. */
export const enrollChoosePage = (props: EnrollChoosePage, words: Words): Html => {
  const { uid, client, kinds, skip } = props;
  const links = linksOf(uid);
  const enrolling = enrollLinksOf(uid);
  const { choose } = words.enroll;
  const text = choose[props.for];
  return enrollLayout(
    props,
    {
      heading: text.heading,
      lead: text.lead(client.name),
      returnTo: enrolling.choose,
      // A browser that may create a passkey without a question needs no press of the button.
      scripts: props.for === 'passkey' ? ['passkey-invite.js'] : [],
      body: html`<form class="rows" method="post" action="${enrolling.choose}" data-goes-on="${props.for === 'passkey'}"><ul>${kinds.map(kind => row(kind, props, words))}</ul></form>
${skip && html`<div class="actions">${buttonForm(enrolling.skip, choose.skip, 'secondary')}</div>${skip.until !== undefined && html`<p class="note">${phraseHtml(choose.skipUntil(skip.until), words)}</p>`}`}
<form class="leave" method="post" action="${links.cancel}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>`,
    },
    words,
  );
};

/** Says who can help, where the person may not set up a method on their own. */
export const enrollBarredPage = (props: EnrollBarredPage, words: Words): Html => {
  const { uid, client, reference, now } = props;
  const links = linksOf(uid);
  const { barred } = words.enroll;
  const code = { label: outcomeCodes.page('barred'), term: barred.term };
  return enrollLayout(
    props,
    {
      heading: barred.heading,
      lead: barred.sentence(client.name),
      isError: true,
      body: html`<p class="block">${barred.help}</p>
<div class="actions">${buttonForm(links.cancel, words.frame.backTo(client.name))}<a class="button" href="${links.helpNothingLeft}">${words.frame.getHelp}</a></div>
${details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
