/** Draws the pages that rename a method, and that ask before one is removed. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { OwnAuthenticator, RemoveMethodPage, RenameMethodPage } from '../account-props.ts';
import { hiddenFields } from '../components/actions.ts';
import { icons } from '../components/icons.ts';
import { portalLayout } from '../components/portal-layout.ts';
import { phraseHtml } from '../components/phrase.ts';
import { accountLinks, accountMethodLinks, fields } from '../links.ts';
import { choiceText, labelOf, maskedHtml, titleOf, waysText } from './method-words.ts';

/** What the page is about. */
const nameOfIt = (authenticator: OwnAuthenticator, words: Words): Html =>
  html`<p class="of"><b>${titleOf(authenticator, words)}</b> ${authenticator.masked === undefined ? html`<bdi>${labelOf(authenticator.label, words)}</bdi>` : maskedHtml(authenticator.masked, words)}</p>`;

export const renameMethodPage = ({ authenticator, typed, ...frame }: RenameMethodPage, words: Words): Html => {
  const { renaming: text } = words.account.methods;
  const isWrong = typed !== undefined;
  return portalLayout(
    {
      frame,
      section: 'security',
      heading: text.heading,
      isError: isWrong,
      body: html`<section class="sheet narrow">${nameOfIt(authenticator, words)}<form method="post" action="${accountMethodLinks(authenticator.id).name}">
<div class="field"><div class="label"><label for="label">${text.label}</label></div>
${isWrong && html`<p class="wrong" id="label-wrong">${icons.alert}<span>${text.invalid}</span></p>`}
<input id="label" type="text" name="${fields.label}" value="${typed ?? labelOf(authenticator.label, words)}" required="" autofocus="" autocomplete="off" aria-invalid="${isWrong && 'true'}" aria-describedby="${isWrong ? 'label-wrong label-hint' : 'label-hint'}">
<p class="note" id="label-hint">${text.hint}</p></div>
<div class="actions"><button class="button primary" type="submit">${text.submit}</button><a class="button" href="${accountLinks.security}">${words.frame.cancel}</a></div>
</form></section>`,
    },
    words,
  );
};

export const removeMethodPage = (page: RemoveMethodPage, words: Words): Html => {
  const { authenticator, first, refused, endsOthers, endsPasskeyOnly, endsCodes, ...frame } = page;
  const { passkeys } = words.account;
  const { removing: text, devices } = words.account.methods;
  const of = nameOfIt(authenticator, words);
  const lost = authenticator.ways.length > 1 ? text.ways(waysText(authenticator, words)) : text.lost;
  const body =
    refused === undefined
      ? html`${of}<p>${lost}${endsCodes === true && html` ${devices.codes}`}</p>${first && html`<p>${phraseHtml(text.nextFirst(choiceText(first, words)), words)}</p>`}
${endsPasskeyOnly === true && html`<p>${passkeys.endsOnly}</p>`}
${authenticator.type === 'phone' && html`<p class="note">${text.changing}</p>`}${authenticator.passkey && html`<p class="note">${passkeys.deleteToo}</p>`}
<form method="post" action="${accountMethodLinks(authenticator.id).remove}">${first && hiddenFields({ [fields.method]: first.method })}
${endsOthers ? html`<p class="note">${text.forced}</p>` : html`<p class="check"><input type="checkbox" id="others" name="${fields.others}" value="yes" checked=""><label for="others">${text.others}</label></p>`}
<div class="actions"><button class="button danger" type="submit">${text.submit}</button><a class="button" href="${accountLinks.security}">${text.keep}</a></div></form>`
      : html`${of}<div class="alert" role="alert">${icons.alert}<p>${text.refused[refused]}</p></div>
<div class="actions"><a class="button primary" href="${accountLinks.addMethod}">${words.account.methods.add}</a><a class="button" href="${accountLinks.security}">${words.frame.back}</a></div>`;
  return portalLayout(
    {
      frame,
      section: 'security',
      heading: text.heading,
      isError: refused !== undefined,
      body: html`<section class="sheet narrow">${body}</section>`,
    },
    words,
  );
};
