/** Draws the forms that describe a client: the kinds to choose from, a new client, and the change of one. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { submitButton } from '../components/actions.ts';
import { developerLayout, sheet } from '../components/developer-layout.ts';
import { icons } from '../components/icons.ts';
import { ownWord } from '../account/method-words.ts';
import { developerClientLinks, developerLinks } from '../developer-links.ts';
import type { DeveloperChoosePage, DeveloperEditPage, DeveloperNewPage, FormRefusal } from '../developer-props.ts';

export const developerChoosePage = ({ kinds, software, ...frame }: DeveloperChoosePage, words: Words): Html => {
  const { choose: text, kinds: names } = words.developer;
  return developerLayout(
    {
      frame,
      heading: text.heading,
      isBelowList: true,
      body: html`<div class="columns">${sheet(
        text.kinds,
        html`<ul>${kinds.map(
          kind =>
            html`<li class="item"><div class="what"><p><a href="${developerLinks.add(kind)}"><b>${names[kind]}</b></a></p><p class="note">${text.kindSentences[kind]}</p></div></li>`,
        )}</ul><p class="prose note">${text.service}</p>`,
      )}
${sheet(
  text.software,
  html`<p class="note lead-note">${text.softwareLead}</p><ul class="known">${software.map(({ name, title }) => html`<li><a href="${developerLinks.add(name)}">${title}</a></li>`)}</ul>`,
)}</div>`,
    },
    words,
  );
};

/** Names of the fields in these forms. */
type FieldName = keyof Words['developer']['form']['fields'];

interface FormPage {
  readonly refused?: FormRefusal;
}

/** The text of a refusal of this field; undefined: it was not refused. */
const refusedText = ({ refused }: FormPage, field: FieldName): string | undefined =>
  refused !== undefined && 'message' in refused && refused.field === field ? refused.message : undefined;

/** Where a refusal of the field is shown: by the server now, or by the script while the form is filled in. */
const problemOf = (field: FieldName, message: string | undefined, { developer: { form: text } }: Words): Html =>
  html`<p class="wrong" id="${field}-wrong" data-problem="${field}" hidden="${message === undefined}" role="alert">${icons.alert}<span>${text.refused} <span lang="en" dir="ltr" translate="no">${message}</span></span></p>`;

const described = (field: FieldName, hasHint: boolean): string =>
  hasHint ? `${field}-wrong ${field}-hint` : `${field}-wrong`;

const labelled = (page: FormPage, field: FieldName, control: Html, words: Words): Html => {
  const { fields, hints } = words.developer.form;
  const hint = hints[field];
  return html`<div class="field"><div class="label"><label for="${field}">${fields[field]}</label></div>
${problemOf(field, refusedText(page, field), words)}
${control}
${hint !== undefined && html`<p class="note" id="${field}-hint">${hint}</p>`}</div>`;
};

/** The first field of a form gets the focus, and after a refusal the field that was refused. */
const hasFocus = (page: FormPage, field: FieldName, isFirst: boolean): boolean =>
  page.refused === undefined ? isFirst : refusedText(page, field) !== undefined;

const hasHint = (field: FieldName, words: Words): boolean => words.developer.form.hints[field] !== undefined;

const input = (page: FormPage, field: FieldName, value: string, words: Words, isRequired = false): Html =>
  labelled(
    page,
    field,
    html`<input id="${field}" type="text" name="${field}" value="${value}" dir="${field === 'client_name' ? 'auto' : 'ltr'}" autocapitalize="off" autocomplete="off" spellcheck="false" placeholder="${field === 'url' && 'https://app.example.com'}" required="${isRequired}" autofocus="${hasFocus(page, field, field === 'client_name')}" aria-invalid="${refusedText(page, field) !== undefined && 'true'}" aria-describedby="${described(field, hasHint(field, words))}">`,
    words,
  );

const lines = (page: FormPage, field: FieldName, value: string, words: Words, isRequired = false): Html =>
  labelled(
    page,
    field,
    html`<textarea id="${field}" name="${field}" rows="3" dir="ltr" spellcheck="false" required="${isRequired}" autofocus="${hasFocus(page, field, false)}" aria-invalid="${refusedText(page, field) !== undefined && 'true'}" aria-describedby="${described(field, hasHint(field, words))}">${value}</textarea>`,
    words,
  );

const select = (
  page: FormPage,
  field: FieldName,
  { value, options }: { readonly value: string; readonly options: readonly (readonly [string, string])[] },
  words: Words,
): Html =>
  labelled(
    page,
    field,
    html`<div class="select"><select id="${field}" name="${field}" aria-describedby="${described(field, false)}">${options.map(
      ([name, label]) => html`<option value="${name}" selected="${name === value}">${label}</option>`,
    )}</select>${icons.chevron}</div>`,
    words,
  );

const box = (page: FormPage, field: FieldName, value: string, words: Words): Html =>
  html`<div class="field">${problemOf(field, refusedText(page, field), words)}
<p class="check"><input type="checkbox" id="${field}" name="${field}" value="yes" checked="${value === 'yes'}" aria-describedby="${field}-wrong"><label for="${field}">${words.developer.form.fields[field]}</label></p></div>`;

/** A refusal that is about no field of the form. */
const generalProblem = ({ refused }: FormPage, { developer: { form: text } }: Words): Value => {
  if (refused === undefined) return undefined;
  if ('limit' in refused)
    return html`<div class="alert" role="alert">${icons.alert}<p>${text.limit(refused.limit)}</p></div>`;
  return (
    refused.field === undefined &&
    html`<div class="alert" role="alert">${icons.alert}<p>${text.refused} <span lang="en" dir="ltr" translate="no">${refused.message}</span></p></div>`
  );
};

export const developerNewPage = (page: DeveloperNewPage, words: Words): Html => {
  const { choice, title, asks, typed, refused } = page;
  const { form: text, kinds } = words.developer;
  const what = title ?? ownWord(kinds, choice) ?? choice;
  return developerLayout(
    {
      frame: page,
      heading: text.newHeading(what),
      isBelowList: true,
      isError: refused !== undefined,
      scripts: ['developer-form.js'],
      body: html`<section class="sheet narrow">${generalProblem(page, words)}<form method="post" action="${developerLinks.add(choice)}" data-check="${developerLinks.checkNew(choice)}">
${input(page, 'client_name', typed.client_name, words, true)}
${asks === 'url' && input(page, 'url', typed.url, words, true)}
${asks === 'redirect_uris' && lines(page, 'redirect_uris', typed.redirect_uris, words, true)}
<div class="actions">${submitButton(text.add)}<a class="button" href="${developerLinks.choose}">${words.frame.back}</a></div>
</form></section>`,
    },
    words,
  );
};

export const developerEditPage = (page: DeveloperEditPage, words: Words): Html => {
  const { id, name, form, needsApproval, refused } = page;
  const { form: text } = words.developer;
  const links = developerClientLinks(id);
  const has = (field: keyof typeof form): string | undefined => form[field];
  const shown = (field: keyof typeof form, draw: (value: string) => Html): Value => {
    const value = has(field);
    return value !== undefined && draw(value);
  };
  return developerLayout(
    {
      frame: page,
      client: { id, name },
      heading: text.editHeading,
      isError: refused !== undefined,
      scripts: ['developer-form.js'],
      body: html`<section class="sheet narrow">${generalProblem(page, words)}<form method="post" action="${links.edit}" data-check="${links.check}">
${needsApproval && html`<p class="note lead-note">${text.approval}</p>`}
${shown('client_name', value => input(page, 'client_name', value, words, true))}
${shown('redirect_uris', value => lines(page, 'redirect_uris', value, words, true))}
${shown('post_logout_redirect_uris', value => lines(page, 'post_logout_redirect_uris', value, words))}
${shown('second_step', value =>
  select(
    page,
    'second_step',
    {
      value,
      options: [
        ['request', text.secondSteps.request],
        ['mfa', text.secondSteps.mfa],
        ['aal2', text.secondSteps.aal2],
        ['phr', text.secondSteps.phr],
      ],
    },
    words,
  ),
)}
${shown('mfa_max_age', value => input(page, 'mfa_max_age', value, words))}
${shown('client_uri', value => input(page, 'client_uri', value, words))}
${shown('backchannel_logout_uri', value => input(page, 'backchannel_logout_uri', value, words))}
${shown('token_endpoint_auth_method', value =>
  select(page, 'token_endpoint_auth_method', { value, options: Object.entries(text.authMethods) }, words),
)}
${shown('id_token_signed_response_alg', value =>
  select(
    page,
    'id_token_signed_response_alg',
    {
      value,
      options: [
        ['ES256', 'ES256'],
        ['RS256', 'RS256'],
      ],
    },
    words,
  ),
)}
${shown('pkce', value => box(page, 'pkce', value, words))}
${shown('claims_in_id_token', value => box(page, 'claims_in_id_token', value, words))}
<div class="actions">${submitButton(text.save)}<a class="button" href="${links.here}">${words.frame.cancel}</a></div>
</form></section>`,
    },
    words,
  );
};
