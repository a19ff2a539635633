/** Draws the page of the apps that may use the account. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { AllowedDetail, AppRow, AppsPage } from '../account-sessions-props.ts';
import { detailLine } from '../components/detail-line.ts';
import { dotted } from '../components/dotted.ts';
import { portalLayout } from '../components/portal-layout.ts';
import { phraseHtml } from '../components/phrase.ts';
import { scopeLine } from '../components/scope-line.ts';
import { accountLinks, fields } from '../links.ts';

/** A detail with the form that takes it back. A screen reader hears on the button what is taken back, and from whom. */
const detailItem = (app: AppRow, detail: AllowedDetail, words: Words): Html => {
  const { apps: text } = words.accountSessions;
  return html`<li>${detailLine(detail, words)}
<form class="withdraw" method="post" action="${accountLinks.withdrawDetail}"><input type="hidden" name="${fields.app}" value="${app.id}"><input type="hidden" name="${fields.detail}" value="${detail.id}"><span class="note">${phraseHtml(text.allowed(detail.since), words)}</span><button class="act" type="submit">${text.withdraw}<span class="visually-hidden"> ${detail.words.text}, ${app.name}</span></button></form></li>`;
};

const appItem = (app: AppRow, words: Words): Html => {
  const { apps: text } = words.accountSessions;
  // What an app keeps while the person is away stands in a line of its own.
  const scopes = app.scopes.filter(({ name }) => name !== 'offline_access');
  return html`<li class="item"><div class="what"><p><b><bdi>${app.name}</bdi></b>${app.isFirstParty && html` <span class="tag">${text.own}</span>`}</p>
<ul class="sees">${scopes.map(scope => html`<li>${scopeLine(scope, words)}</li>`)}${app.details.map(each => detailItem(app, each, words))}</ul>
<p class="note">${dotted([phraseHtml(text.since(app.since), words), app.isOffline && text.offline])}</p></div>
<form class="does" method="post" action="${accountLinks.removeApp}"><input type="hidden" name="${fields.app}" value="${app.id}"><button class="button" type="submit">${app.isFirstParty ? text.signOut : text.remove}<span class="visually-hidden"> ${app.name}</span></button></form></li>`;
};

export const appsPage = ({ apps, ...frame }: AppsPage, words: Words): Html => {
  const { apps: text } = words.accountSessions;
  return portalLayout(
    {
      frame,
      section: 'apps',
      heading: text.heading,
      body: html`<section class="sheet"><p class="prose">${apps.length === 0 ? text.empty : text.lead}</p>
${apps.length > 0 && html`<ul>${apps.map(app => appItem(app, words))}</ul>`}</section>`,
    },
    words,
  );
};
