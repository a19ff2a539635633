/** Draws the consent page: what the client asks for, in words, with the buttons Allow and Don't allow. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { detailLine } from './components/detail-line.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import { scopeLine } from './components/scope-line.ts';
import type { ConsentPage } from './props.ts';

/** Asks once for all scopes. A scope without words in the catalogue is shown by its name. */
export const consentPage = (props: ConsentPage, words: Words): Html => {
  const { uid, client, account, reference, scopes, details = [], policyUri, tosUri } = props;
  const text = words.pages.consent;
  return layout(
    {
      stage: 'signed-in',
      heading: text.heading(client.name),
      lead: text.sentence,
      client,
      showsClient: false,
      account,
      uid,
      reference,
      body: html`<ul class="scopes">${scopes.map(scope => html`<li>${icons.tick}<span>${scopeLine(scope, words)}</span></li>`)}${details.map(each => html`<li>${icons.tick}${detailLine(each, words)}</li>`)}</ul>
${(policyUri !== undefined || tosUri !== undefined) && html`<p class="links">${policyUri !== undefined && html`<a href="${policyUri}" rel="noreferrer">${text.policy}</a>`} ${tosUri !== undefined && html`<a href="${tosUri}" rel="noreferrer">${text.terms}</a>`}</p>`}
<form class="actions" method="post" action="${linksOf(uid).consent}">
<button class="button primary" type="submit" name="${fields.consent}" value="allow">${text.allow}</button>
<button class="button" type="submit" name="${fields.consent}" value="deny">${text.deny}</button>
</form>`,
    },
    words,
  );
};
