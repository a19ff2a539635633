/** Draws the clients of a developer, and the refusal for everybody else. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import { developerLayout } from '../components/developer-layout.ts';
import { dotted } from '../components/dotted.ts';
import { icons } from '../components/icons.ts';
import { initialOf } from '../components/layout.ts';
import { developerClientLinks, developerLinks } from '../developer-links.ts';
import type { DeveloperClientRow, DeveloperListPage } from '../developer-props.ts';
import { accountLinks } from '../links.ts';

const clientItem = ({ id, name, kind, waits }: DeveloperClientRow, { developer: text }: Words): Html =>
  html`<li class="item"><span class="tile" aria-hidden="true">${initialOf(name)}</span><div class="what"><p><a href="${developerClientLinks(id).here}"><b><bdi>${name}</bdi></b></a>${waits !== undefined && html` <span class="tag">${waits === 'client' ? text.list.waits : text.list.waitingChange}</span>`}</p>
<p class="note">${dotted([text.kinds[kind], html`<code dir="ltr">${id}</code>`])}</p></div></li>`;

export const developerListPage = ({ clients, ...frame }: DeveloperListPage, words: Words): Html => {
  const { list: text } = words.developer;
  const add = html`<a class="button primary add" href="${developerLinks.choose}">${icons.plus}${text.add}</a>`;
  return developerLayout(
    {
      frame,
      heading: text.heading,
      lead: html`<p class="lead">${text.lead}</p>`,
      body: html`<section class="sheet"><div class="sheet-head"><p>${clients.length === 0 && text.empty}</p>${add}</div>
${clients.length > 0 && html`<ul>${clients.map(client => clientItem(client, words))}</ul>`}</section>`,
    },
    words,
  );
};

/** Leads to the security page, which every account has. */
export const developerRefusedPage = (frame: PortalFrame, words: Words): Html => {
  const { refusal: text } = words.developer;
  return developerLayout(
    {
      frame,
      heading: text.heading,
      isError: true,
      body: html`<section class="sheet narrow"><p>${text.sentence}</p><div class="actions"><a class="button" href="${accountLinks.security}">${text.account}</a></div></section>`,
    },
    words,
  );
};
