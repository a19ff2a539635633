/** The first door: name and password. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { details } from './parts/details.ts';
import { icons } from './parts/icons.ts';
import { say } from './parts/phrase.ts';
import { layout } from './parts/layout.ts';
import type { PasswordPage } from './props.ts';

const message = ({ state, now }: PasswordPage, words: Words): Value => {
  if (state === undefined) return undefined;
  const said = words.pages.password[state.kind];
  const then = state.kind === 'wait' && html` ${say(words.frame.tryAgainAt(now, state.until))}`;
  return html`<p class="wrong" id="wrong" role="alert">${icons.alert}<span>${said}${then}</span></p>`;
};

/** Same words for an unknown name, a wrong password and a locked account: the page tells nobody which accounts exist. */
export const passwordPage = (props: PasswordPage, words: Words): Html => {
  const { uid, client, name, state, reference, now } = props;
  const said = words.pages.password;
  const links = linksOf(uid);
  const known = name !== undefined && name !== '';
  const invalid = state !== undefined && state.kind !== 'wait' && 'true';
  return layout(
    {
      door: 'first',
      heading: said.heading(client.name),
      client,
      named: false,
      uid,
      reference,
      wrong: state !== undefined,
      scripts: ['small.js'],
      body: html`<form method="post" action="${links.password}">
<div class="field"><div class="label"><label for="name">${said.name}</label></div>
<input id="name" type="text" name="${fields.name}" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="1024" required autofocus="${!known}"></div>
<div class="field"><div class="label"><label for="password">${said.password}</label><a href="${`${links.help}#password`}">${said.forgotten}</a></div>
${message(props, words)}
<div class="box"><input id="password" name="${fields.password}" type="password" autocomplete="current-password" required autofocus="${known}" aria-invalid="${invalid}" aria-describedby="${state && 'wrong'}"><button class="quiet" type="button" data-show="${said.show}" data-hide="${said.hide}" aria-pressed="false" hidden>${said.show}</button></div></div>
<div class="actions"><button class="button primary" type="submit">${said.submit}</button></div>
</form>
<form class="leave" method="post" action="${links.cancel}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>
${state && details({ reference, at: now, code: { label: outcomeCodes.page(state.kind), term: said.terms[state.kind] } }, words)}`,
    },
    words,
  );
};
