/** Draws the pages that ask before a secret is replaced or a client is deleted, and the team of a client. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { hiddenFields, submitButton } from '../components/actions.ts';
import { developerLayout, sheet } from '../components/developer-layout.ts';
import { icons } from '../components/icons.ts';
import { phraseHtml } from '../components/phrase.ts';
import { wrong } from '../components/refusal.ts';
import { developerClientLinks, developerFields as fields } from '../developer-links.ts';
import type { DeveloperDeletePage, DeveloperSecretPage, DeveloperTeamPage, TeamRow } from '../developer-props.ts';
import { personOf } from './client.ts';

export const developerSecretPage = ({ id, name, refused, ...frame }: DeveloperSecretPage, words: Words): Html => {
  const { secret: text } = words.developer;
  const links = developerClientLinks(id);
  return developerLayout(
    {
      frame,
      client: { id, name },
      heading: text.heading,
      isError: refused === true,
      body: html`<section class="sheet narrow">${refused === true && html`<div class="alert" role="alert">${icons.alert}<p>${text.twoAlready}</p></div>`}<p>${phraseHtml(text.sentence(name), words)}</p>
<form method="post" action="${links.secret}"><p class="check"><input type="radio" id="keep" name="${fields.old}" value="keep" checked=""><label for="keep">${text.keep}</label></p>
<p class="check"><input type="radio" id="end" name="${fields.old}" value="end"><label for="end">${text.end}</label></p>
<div class="actions">${submitButton(text.submit)}<a class="button" href="${links.here}">${words.frame.cancel}</a></div></form></section>`,
    },
    words,
  );
};

export const developerDeletePage = ({ id, name, ...frame }: DeveloperDeletePage, words: Words): Html => {
  const { deleting: text } = words.developer;
  const links = developerClientLinks(id);
  return developerLayout(
    {
      frame,
      client: { id, name },
      heading: text.heading,
      body: html`<section class="sheet narrow"><p>${phraseHtml(text.sentence(name), words)}</p>
<form method="post" action="${links.delete}"><div class="actions"><button class="button danger" type="submit">${text.submit}</button><a class="button" href="${links.here}">${text.keep}</a></div></form></section>`,
    },
    words,
  );
};

const personItem = ({ id, isOwner }: DeveloperTeamPage, person: TeamRow, words: Words): Html => {
  const { team: text } = words.developer;
  const { userId, name, isYou, addedAt } = person;
  return html`<li class="item"><div class="what"><p>${personOf(person, words)}</p><p class="note">${phraseHtml(text.since(addedAt), words)}</p></div>
${(isOwner || isYou) && html`<form class="does" method="post" action="${developerClientLinks(id).removePerson}">${hiddenFields({ [fields.person]: userId })}<button class="button" type="submit">${isYou ? text.leave : html`${text.remove}<span class="visually-hidden"> ${name}</span>`}</button></form>`}</li>`;
};

export const developerTeamPage = (page: DeveloperTeamPage, words: Words): Html => {
  const { team: text } = words.developer;
  const { roles } = words.developer.client.team;
  const { id, name, isOwner, team, refused } = page;
  const message = refused && wrong(text.refused[refused.reason], 'name-wrong');
  return developerLayout(
    {
      frame: page,
      client: { id, name },
      heading: text.heading,
      isError: refused !== undefined,
      lead: html`<p class="lead">${text.lead}</p>`,
      body: html`<section class="sheet"><ul class="first">${team.map(person => personItem(page, person, words))}</ul></section>
${
  isOwner &&
  sheet(
    text.add,
    html`<form class="sheet-body" method="post" action="${developerClientLinks(id).team}">
<div class="field"><div class="label"><label for="name">${text.signInName}</label></div>${message}
<input id="name" type="text" name="${fields.name}" value="${refused?.typed}" required autofocus="${refused !== undefined}" autocapitalize="off" autocomplete="off" spellcheck="false" aria-invalid="${refused !== undefined && 'true'}" aria-describedby="${refused !== undefined && 'name-wrong'}"></div>
<div class="field"><div class="label"><label for="role">${text.role}</label></div><div class="select"><select id="role" name="${fields.role}"><option value="member">${roles.member}</option><option value="owner">${roles.owner}</option></select>${icons.chevron}</div></div>
<div class="actions">${submitButton(text.submit)}</div></form>`,
  )
}`,
    },
    words,
  );
};
