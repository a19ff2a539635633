/** Draws the pages of the playground: the form, the request that is ready, what came back, and the end of a try. */
import type { Words } from '../../src/locales/wording.ts';
import type { ReadTokens } from '../../src/oidc/playground/exchange.ts';
import type { Exchange } from '../../src/oidc/playground/shown.ts';
import type { Check } from '../../src/oidc/playground/id-token.ts';
import type { Parameters, WishField } from '../../src/oidc/playground/request.ts';
import { html, type Html, type Value } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { icons } from './components/icons.ts';
import { layout } from './components/layout.ts';
import { developerLinks } from './developer-links.ts';
import { playgroundLayout, sheet, wireText } from './components/playground-layout.ts';
import { wrong } from './components/refusal.ts';
import type {
  PlaygroundFormPage,
  PlaygroundFrame,
  PlaygroundRequestPage,
  PlaygroundResultPage,
} from './playground-props.ts';

interface Field {
  readonly name: WishField;
  readonly label: string;
  readonly hint?: Value;
  readonly value: string;
  readonly isRequired?: boolean;
  readonly isLong?: boolean;
}

/** A field with its hint, and the error above it. */
const field = (
  page: PlaygroundFormPage,
  { name, label, hint, value, isRequired, isLong }: Field,
  words: Words,
): Html => {
  const fault = page.faults[name];
  const [hintId, wrongId] = [`${name}-hint`, `${name}-wrong`];
  const described =
    [fault !== undefined && wrongId, hint !== undefined && hintId].filter(Boolean).join(' ') || undefined;
  const invalid = fault !== undefined && 'true';
  return html`<div class="field"><div class="label"><label for="${name}">${label}</label></div>
${fault !== undefined && wrong(words.playground.form.faults[fault], wrongId)}
${
  isLong === true
    ? html`<textarea id="${name}" name="${name}" rows="3" dir="ltr" spellcheck="false" maxlength="${page.longest[name]}" aria-invalid="${invalid}" aria-describedby="${described}">${value}</textarea>`
    : html`<input id="${name}" type="text" name="${name}" value="${value}" dir="ltr" autocapitalize="off" autocomplete="off" spellcheck="false" maxlength="${page.longest[name]}" required="${isRequired}" aria-invalid="${invalid}" aria-describedby="${described}">`
}
${hint !== undefined && html`<small id="${hintId}">${hint}</small>`}</div>`;
};

const clientField = (page: PlaygroundFormPage, words: Words): Html => {
  const { form } = words.playground;
  const fault = page.faults.client;
  return html`<div class="field"><div class="label"><label for="client">${form.client}</label></div>
${fault !== undefined && wrong(form.faults[fault], 'client-wrong')}
<div class="select"><select id="client" name="client" required aria-invalid="${fault !== undefined && 'true'}" aria-describedby="${fault !== undefined && 'client-wrong'}"><option value="">${form.noClient}</option>${page.clients.map(
    ({ id, name }) => html`<option value="${id}" selected="${id === page.wish.client}">${name}</option>`,
  )}</select>${icons.chevron}</div></div>`;
};

const claimsExample = '{"id_token":{"acr":{"essential":true,"values":["phr"]}}}';

const requestForm = (page: PlaygroundFormPage, words: Words): Html => {
  const { wish } = page;
  const { form } = words.playground;
  const fields: readonly Field[] = [
    { name: 'scope', label: form.scope, hint: form.scopeHint, value: wish.scope, isRequired: true },
    { name: 'acr_values', label: form.acrValues, hint: form.acrValuesHint, value: wish.acrValues },
    { name: 'prompt', label: form.prompt, hint: form.promptHint, value: wish.prompt },
    { name: 'max_age', label: form.maxAge, hint: form.maxAgeHint, value: wish.maxAge },
    {
      name: 'claims',
      label: form.claims,
      hint: html`${form.claimsHint} <code dir="ltr">${claimsExample}</code>`,
      value: wish.claims,
      isLong: true,
    },
    { name: 'ui_locales', label: form.uiLocales, hint: form.uiLocalesHint, value: wish.uiLocales },
  ];
  return html`<form method="post" action="${page.page}">
${clientField(page, words)}
${fields.map(each => field(page, each, words))}
<div class="check"><input id="par" type="checkbox" name="par" value="yes" checked="${wish.isPushed}"><label for="par">${form.par}</label></div>
<div class="actions">${submitButton(form.submit)}</div>
</form>`;
};

const addClient = 'npm run cli -- clients add http://localhost:8080/callback';

/** What to do first. Developers register clients in the portal, operators by a command. */
const withoutClients = ({ portal }: PlaygroundFormPage, { playground: { form } }: Words): Html =>
  portal === undefined
    ? html`<p>${form.noClients}</p>${wireText(addClient)}`
    : html`<a class="button primary" href="${developerLinks.choose}">${form.noOwnClient}</a>`;

/** The form. */
export const playgroundPage = (page: PlaygroundFormPage, words: Words): Html => {
  const { form, heading, lead } = words.playground;
  return playgroundLayout(
    {
      frame: page,
      heading,
      lead,
      isError: Object.keys(page.faults).length > 0,
      body: html`<div class="columns">
${sheet(form.request, page.clients.length === 0 ? withoutClients(page, words) : requestForm(page, words))}
<div class="aside">${sheet(
        form.what,
        html`<ol class="happens">${form.happens.map(each => html`<li>${each}</li>`)}</ol><p class="note">${form.safety}</p>`,
      )}</div>
</div>`,
    },
    words,
  );
};

const copyButton = (label: string, text: string, { frame }: Words): Html =>
  html`<button class="button" type="button" data-copy="${text}" data-copied="${frame.copied}" hidden>${label}</button>`;

/** Parameters with what each means. */
const explained = (parameters: Parameters, words: Words): Html => {
  const { parameters: meanings } = words.playground;
  return html`<dl class="lines">${parameters.map(
    ([name, value]) =>
      html`<div><dt><code>${name}</code></dt><dd><code dir="ltr" translate="no">${value}</code>${Object.hasOwn(meanings, name) && html`<span class="note">${meanings[name]}</span>`}</dd></div>`,
  )}</dl>`;
};

/** A request and its answer, with a command that repeats the request. */
const exchanged = ({ request, answer, curl, hasPlaceholders }: Exchange, words: Words): Html => {
  const { exchange, request: text } = words.playground;
  return html`<h3>${exchange.request}</h3>${wireText(request)}
${curl !== undefined && html`${hasPlaceholders && html`<p class="note">${exchange.leftOut}</p>`}<div class="copies">${copyButton(text.copyCurl, curl, words)}</div>`}
<h3>${exchange.answer}</h3>${wireText(answer)}`;
};

const requestLead = ({ send, pushed }: PlaygroundRequestPage, { playground }: Words): string => {
  if (send === undefined) return playground.request.refusedLead;
  return pushed === undefined ? playground.request.lead : playground.request.pushedLead;
};

/** The request, line by line, with the way to send it. */
export const playgroundRequestPage = (page: PlaygroundRequestPage, words: Words): Html => {
  const { request: text } = words.playground;
  const { send, pushed } = page;
  return playgroundLayout(
    {
      frame: page,
      heading: text.heading(page.client),
      lead: requestLead(page, words),
      isError: send === undefined,
      body: html`<div class="next">${send && html`<a class="button primary" href="${send.to}">${text.continue}</a>`}<a class="button" href="${page.link}">${text.change}</a></div>
${sheet(text.parameters, explained(page.parameters, words))}
${pushed && sheet(text.pushed, exchanged(pushed, words))}
${
  send &&
  sheet(
    text.address,
    html`${wireText(send.to)}<p class="note">${text.only}</p><div class="copies">${copyButton(text.copyAddress, send.to, words)}${copyButton(text.copyCurl, send.curl, words)}${copyButton(text.copyLink, page.link, words)}</div>`,
  )
}`,
    },
    words,
  );
};

const stateIcons: Readonly<Record<Check['state'], Html>> = {
  passed: icons.tick,
  failed: icons.alert,
  noted: icons.alert,
};

const checkRow = ({ name, state, got, expected }: Check, words: Words): Html => {
  const { result } = words.playground;
  return html`<div class="verdict ${state}"><dt>${stateIcons[state]}<span>${result.checkNames[name]} <b>${result.states[state]}</b></span></dt>
<dd><span class="note">${result.got}</span> <code dir="ltr">${got ?? result.absent}</code></dd><dd><span class="note">${result.expected}</span> <code dir="ltr">${expected}</code></dd></div>`;
};

const tokenSheets = ({ idToken, userInfo, isSameSubject }: ReadTokens, words: Words): Html => {
  const { result } = words.playground;
  return html`${
    idToken === undefined
      ? sheet(result.idToken, html`<p>${result.noIdToken}</p>`)
      : sheet(
          result.idToken,
          html`<h3>${result.checks}</h3><dl class="verdicts">${idToken.checks.map(each => checkRow(each, words))}</dl>
<h3>${result.payload}</h3>${wireText(idToken.payload)}<h3>${result.header}</h3>${wireText(idToken.header)}`,
        )
  }
${sheet(
  result.userInfo,
  html`${isSameSubject !== undefined && html`<p class="alert ${isSameSubject && 'done'}">${isSameSubject ? icons.tick : icons.alert}<span>${isSameSubject ? result.sameSubject : result.otherSubject}</span></p>`}${exchanged(userInfo, words)}`,
)}`;
};

/** failed: there are no tokens. unverified: a client must not use them. */
const resultOf = (outcome: PlaygroundResultPage['outcome']) => {
  if (outcome.kind !== 'redeemed') return outcome.kind;
  const { tokens } = outcome;
  if (tokens === undefined) return 'failed';
  const isWrong = tokens.isSameSubject === false || tokens.idToken?.checks.some(({ state }) => state === 'failed');
  return isWrong === true ? 'unverified' : 'redeemed';
};

/** What came back, down to the verified tokens. */
export const playgroundResultPage = ({ outcome, ...page }: PlaygroundResultPage, words: Words): Html => {
  const { result } = words.playground;
  const kind = resultOf(outcome);
  const tokens = outcome.kind === 'redeemed' ? outcome.tokens : undefined;
  return playgroundLayout(
    {
      frame: page,
      heading: result.heading[kind],
      lead: result.lead[kind],
      isError: kind !== 'redeemed',
      body: html`<div class="next"><a class="button primary" href="${page.link}">${result.again}</a></div>
${sheet(result.answer, explained(outcome.answer, words))}
${outcome.kind === 'redeemed' && sheet(result.token, exchanged(outcome.token, words))}
${tokens && tokenSheets(tokens, words)}`,
    },
    words,
  );
};

/** The end of a try that this browser did not begin, or that was shown before. */
export const playgroundGonePage = ({ page, reference }: PlaygroundFrame, words: Words): Html => {
  const { gone, result } = words.playground;
  return layout(
    {
      stage: 'signed-out',
      heading: gone.heading,
      lead: gone.sentence,
      reference,
      returnTo: page,
      isError: true,
      body: html`<div class="actions"><a class="button primary" href="${page}">${result.again}</a></div>`,
    },
    words,
  );
};
