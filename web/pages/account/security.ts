/** Draws the start page of the security page: the methods of the person. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { iconOf } from '../components/icons.ts';
import { portalLayout } from '../components/portal-layout.ts';
import type { MethodRow, SecurityPage } from '../account-props.ts';

const row = ({ factor, label, masked, isDefault }: MethodRow, { pages, account }: Words): Html =>
  html`<li class="item"><span class="icon">${iconOf(factor)}</span><div><b>${account.methods.names[factor] ?? label}</b>${isDefault && html` <span class="tag default">${pages.options.isDefault}</span>`}<p class="note">${masked === undefined ? label : html`<bdi dir="ltr">${masked}</bdi>`}</p></div></li>`;

export const securityPage = ({ methods, ...frame }: SecurityPage, words: Words): Html => {
  const text = words.account.methods;
  return portalLayout(
    {
      frame,
      section: 'security',
      heading: words.account.navigation.security,
      body: html`<section class="sheet"><div class="sheet-head"><h2>${text.heading}</h2></div>
<ul>${methods.map(method => row(method, words))}</ul></section>`,
    },
    words,
  );
};
