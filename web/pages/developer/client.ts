/** Draws one client of a developer: its credentials, its configuration for software, what went wrong, and its team. */
import type { Words } from '../../../src/locales/wording.ts';
import type { ClientSnippet } from '../../../src/oidc/developers/snippets.ts';
import type { RuleForClient } from '../../../src/policy/explain.ts';
import { errorPath } from '../../../src/error-path.ts';
import type { ClientRefusal, Noted } from '../../../src/records.ts';
import { grouped, name as named, time } from '../../../src/locales/phrase.ts';
import { html, type Html, type Value } from '../../html.ts';
import { buttonForm } from '../components/actions.ts';
import { code, copyButton, developerLayout, sheet } from '../components/developer-layout.ts';
import { dotted } from '../components/dotted.ts';
import { icons } from '../components/icons.ts';
import { initialOf } from '../components/layout.ts';
import { phraseHtml } from '../components/phrase.ts';
import { ownWord } from '../account/method-words.ts';
import { developerClientLinks, developerLinks } from '../developer-links.ts';
import type { DeveloperClientPage, TeamRow } from '../developer-props.ts';
import { signInsSheet } from './sign-ins.ts';

/** A row of the credentials: name, value, and an action for it. */
const row = (name: string, value: Value, act: Value): Html =>
  html`<div class="fact"><dt>${name}</dt><dd>${value}</dd><dd class="does">${act}</dd></div>`;

const secretRow = (page: DeveloperClientPage, words: Words): Html => {
  const { credentials: text } = words.developer.client;
  const { id, proves, isFromFile, previousSecretUntil: until } = page;
  if (proves !== 'secret') return row(text.secret, proves === 'key' ? text.key : text.noSecret, undefined);
  const links = developerClientLinks(id);
  return row(
    text.secret,
    html`<span aria-hidden="true">••••••••••••</span><span class="visually-hidden">${text.hidden}</span>${until !== undefined && html`<p class="note">${phraseHtml(text.twoSecrets(until), words)}</p>${buttonForm(links.endOld, text.endOld, 'secondary')}`}`,
    !isFromFile && until === undefined && html`<a class="act" href="${links.secret}">${text.replace}</a>`,
  );
};

/** A rule in English, as operators read it. */
const ruleItem = ({ name, when, requires, because }: RuleForClient): Html =>
  html`<li>${code(name)}: ${requires}${when !== '' && ` (${when})`}${because !== undefined && html`<p class="note">${because}</p>`}</li>`;

const addresses = (uris: readonly string[]): Html => html`${uris.map(uri => html`<p>${code(uri)}</p>`)}`;

const lastTokens = ({ tokens }: DeveloperClientPage, words: Words): Value =>
  tokens.length === 0
    ? words.developer.client.credentials.noTokens
    : tokens.map(
        ({ grantType, lastAt }) =>
          html`<p>${code(grantType)} <span class="note">${phraseHtml([time(lastAt, true)], words)}</span></p>`,
      );

const credentials = (page: DeveloperClientPage, words: Words): Html => {
  const { credentials: text, edit } = words.developer.client;
  const { id, issuer, redirectUris, afterSignOut, secondStep, isFromFile, rules = [] } = page;
  const editLink = (what: string): Value =>
    !isFromFile &&
    html`<a class="act" href="${developerClientLinks(id).edit}">${edit}<span class="visually-hidden"> ${what}</span></a>`;
  const step = secondStep && ownWord(words.developer.form.secondSteps, secondStep);
  return sheet(
    text.heading,
    html`<dl class="credentials">${row(text.issuer, code(issuer), copyButton(issuer, text.issuer, words))}
${row(text.clientId, code(id), copyButton(id, text.clientId, words))}
${secretRow(page, words)}
${redirectUris.length > 0 && row(text.redirectUris, addresses(redirectUris), editLink(text.redirectUris))}
${afterSignOut.length > 0 && row(text.afterSignOut, addresses(afterSignOut), editLink(text.afterSignOut))}
${step !== undefined && row(text.secondStep, step, editLink(text.secondStep))}
${row(text.tokens, lastTokens(page, words), undefined)}
${rules.length > 0 && row(text.rules, html`<ul lang="en" dir="ltr">${rules.map(ruleItem)}</ul>`, undefined)}</dl>`,
  );
};

const snippetPanel = (snippet: ClientSnippet, words: Words): Html => {
  const { snippet: text } = words.developer.client;
  const { title, file, text: configuration, notes, differences } = snippet;
  return html`<div class="snippet-panel"><div class="snippet-head"><span>${file !== undefined && phraseHtml(text.file(file), words)}</span>${copyButton(configuration, title, words)}</div>
<pre class="snippet" dir="ltr" translate="no" tabindex="0" aria-label="${title}">${configuration}</pre>
${notes.length + differences.length > 0 && html`<ul class="notes" lang="en" dir="ltr">${notes.map(note => html`<li>${note}</li>`)}${differences.map(each => html`<li>${text.differs} ${code(each)}</li>`)}</ul>`}</div>`;
};

/** Tabs without script: each radio button shows the panel behind its label. */
const configuration = (page: DeveloperClientPage, words: Words): Value => {
  const { snippet: text } = words.developer.client;
  const { id, snippets, others, newSecret, proves } = page;
  if (snippets.length === 0) return undefined;
  return sheet(
    text.heading,
    html`<fieldset class="tabs"><legend class="visually-hidden">${text.label}</legend>${snippets.map(
      (snippet, at) =>
        html`<input type="radio" name="snippet" id="snippet-${snippet.name}" checked="${at === 0}"><label for="snippet-${snippet.name}">${snippet.title}</label>${snippetPanel(snippet, words)}`,
    )}</fieldset>
${proves === 'secret' && newSecret === undefined && html`<p class="note">${text.putSecret}</p>`}
${others.length > 0 && html`<details><summary>${icons.chevron}${text.others}</summary><ul class="known">${others.map(({ name, title }) => html`<li><a href="${developerClientLinks(id).for(name)}">${title}</a></li>`)}</ul></details>`}`,
  );
};

/** How many characters two texts share, from the first one on, or backwards from the last one. */
const sharedLength = (one: string, other: string, isBackwards = false): number => {
  const at = (text: string, place: number): string => text.charAt(isBackwards ? text.length - 1 - place : place);
  let length = 0;
  while (length < Math.min(one.length, other.length) && at(one, length) === at(other, length)) length += 1;
  return length;
};

/** The part of `text` in which it differs from `other` is marked. */
const marked = (text: string, other: string): Html => {
  const before = sharedLength(text, other);
  const rest = text.slice(before);
  const end = rest.length - sharedLength(rest, other.slice(before), true);
  const differs = rest.slice(0, end);
  return html`<code dir="ltr" translate="no">${text.slice(0, before)}${differs !== '' && html`<mark>${differs}</mark>`}${rest.slice(end)}</code>`;
};

const failure = (refusal: Noted<ClientRefusal>, words: Words): Html => {
  const { failures: text } = words.developer.client;
  const { code: label, error, endpoint, sent, registered, explanation, reference, count, lastAt } = refusal;
  return html`<li class="item failure"><div class="what"><p><b>${code(error)}</b> <span class="note">${dotted([
    phraseHtml([time(lastAt, true)], words),
    count > 1 && text.times(count),
    endpoint,
    reference !== undefined && html`${text.reference} <code>${grouped(reference)}</code>`,
  ])}</span></p>
${explanation !== undefined && html`<p lang="en" dir="ltr">${explanation}</p>`}
${sent !== undefined && html`<dl class="sent"><dt>${text.sent}</dt><dd>${registered === undefined ? code(sent) : marked(sent, registered)}</dd>${registered !== undefined && html`<dt>${text.registered}</dt><dd>${marked(registered, sent)}</dd>`}</dl>`}</div>
<div class="does"><a class="act" href="${errorPath(label)}">${label}<span class="visually-hidden"> ${text.explained}</span></a></div></li>`;
};

const failures = (page: DeveloperClientPage, words: Words): Html => {
  const { failures: text } = words.developer.client;
  return sheet(
    text.heading,
    page.failures.length === 0
      ? html`<p class="prose">${text.empty}</p>`
      : html`<p class="note lead-note">${text.lead}</p><ul>${page.failures.map(each => failure(each, words))}</ul>`,
  );
};

/** A person of the team in one line. */
export const personOf = ({ name, role, isYou }: TeamRow, words: Words): Html => {
  const { team: text } = words.developer.client;
  return html`<b><bdi>${name}</bdi></b> <span class="tag">${text.roles[role]}</span>${isYou && html` <span class="note">${text.you}</span>`}`;
};

const team = (page: DeveloperClientPage, words: Words): Html => {
  const { team: text } = words.developer.client;
  return sheet(
    text.heading,
    html`<ul>${page.team.map(each => html`<li class="item"><div class="what"><p>${personOf(each, words)}</p></div></li>`)}</ul>`,
    html`<a class="act" href="${developerClientLinks(page.id).team}">${text.manage}</a>`,
  );
};

const alerts = (page: DeveloperClientPage, words: Words): Html => {
  const { client: text, form } = words.developer;
  const { id, newSecret, previousSecretUntil, waitsSince, waiting, isFromFile } = page;
  const command = `npm run cli -- clients approve ${id}`;
  const approve = html`<p class="command"><code dir="ltr" translate="no">${command}</code>${copyButton(command, text.command, words)}</p>`;
  return html`${
    newSecret !== undefined &&
    html`<section class="sheet once"><h2>${text.once.heading}</h2><p>${text.once.sentence}</p>
<p class="command"><code dir="ltr" translate="no" id="client-secret">${newSecret}</code>${copyButton(newSecret, text.credentials.secret, words)}</p>${previousSecretUntil !== undefined && html`<p class="note">${phraseHtml(text.once.until(previousSecretUntil), words)}</p>`}</section>`
  }
${waitsSince !== undefined && html`<div class="alert">${icons.clock}<div><p>${phraseHtml(text.waits(waitsSince), words)}</p>${approve}</div></div>`}
${waitsSince === undefined && waiting.length > 0 && html`<div class="alert">${icons.clock}<div><p>${text.changesWait}</p><dl class="sent">${waiting.map(([member, texts]) => html`<dt>${form.fields[member]}</dt><dd>${texts.map(each => html`<p>${member === 'client_name' ? html`<bdi>${each}</bdi>` : code(each)}</p>`)}</dd>`)}</dl>${approve}</div></div>`}
${isFromFile && html`<div class="alert">${icons.alert}<p>${text.fromFile}</p></div>`}`;
};

export const developerClientPage = (page: DeveloperClientPage, words: Words): Html => {
  const { developer: text } = words;
  const { id, name, kind, proves, canTry, role, isFromFile } = page;
  const links = developerClientLinks(id);
  return developerLayout(
    {
      frame: page,
      heading: [named(name)],
      isBelowList: true,
      headingHtml: html`<div class="client-head"><span class="tile" aria-hidden="true">${initialOf(name)}</span><div><h1>${phraseHtml([named(name)], words)}</h1><p class="note">${text.kinds[kind]}, ${proves === 'none' ? text.public : text.confidential}</p></div>
${canTry && html`<a class="button primary" href="${developerLinks.try(id)}">${text.client.try}</a>`}</div>`,
      body: html`${alerts(page, words)}
<div class="halves">${credentials(page, words)}
${configuration(page, words)}</div>
${failures(page, words)}
${signInsSheet(page.signIns, words)}
${team(page, words)}
${role === 'owner' && !isFromFile && html`<p class="last"><a class="act calm" href="${links.delete}">${text.client.delete}</a></p>`}`,
    },
    words,
  );
};
