/** What a client may learn and do, in words, before it may. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { icons } from './parts/icons.ts';
import { layout } from './parts/layout.ts';
import type { ConsentPage } from './props.ts';

export const consentPage = (props: ConsentPage, words: Words): Html => {
  const { uid, client, account, reference, scopes, policyUri, tosUri } = props;
  const said = words.pages.consent;
  return layout(
    {
      door: 'through',
      heading: said.heading(client.name),
      lead: said.sentence,
      client,
      named: false,
      account,
      uid,
      reference,
      body: html`<ul class="scopes">${scopes.map(scope => html`<li>${icons.tick}<span>${said.scope(scope)}</span></li>`)}</ul>
${(policyUri !== undefined || tosUri !== undefined) && html`<p class="links">${policyUri !== undefined && html`<a href="${policyUri}" rel="noreferrer">${said.policy}</a>`} ${tosUri !== undefined && html`<a href="${tosUri}" rel="noreferrer">${said.terms}</a>`}</p>`}
<form class="actions" method="post" action="${linksOf(uid).consent}">
<button class="button primary" type="submit" name="${fields.consent}" value="allow">${said.allow}</button>
<button class="button" type="submit" name="${fields.consent}" value="deny">${said.deny}</button>
</form>`,
    },
    words,
  );
};
