/** Draws the form for a number to be set up: country, number, which phone it is, and how it is proven. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { enrollLayout, waysBack } from './components/enroll-layout.ts';
import { wrong } from './components/refusal.ts';
import type { EnrollPhonePage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

/** The field that each error is about. */
const placeOf = {
  'no-number': 'number',
  'no-country': 'country',
  unreadable: 'number',
  extension: 'extension',
  type: 'number',
  network: 'number',
  country: 'country',
  'no-texts': 'by',
  bound: 'number',
} as const;
type Place = (typeof placeOf)[keyof typeof placeOf] | 'kind';

/** The error at this field, and what the field says of it to screen readers. */
const errorAt = (place: Place, { error }: EnrollPhonePage, { enroll }: Words) => {
  const isHere = error !== undefined && placeOf[error] === place;
  return {
    invalid: isHere && ('true' as const),
    message: isHere && wrong(enroll.phone.errors[error]),
    describedBy: (hint?: string) => [isHere ? 'wrong' : '', hint ?? ''].filter(id => id !== '').join(' ') || undefined,
  };
};

/** The countries in the person's language and order. */
const countryOptions = ({ countries, typed }: EnrollPhonePage, { language }: Words): readonly Html[] => {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return countries
    .map(({ code, callingCode }) => ({ code, callingCode, name: names.of(code) ?? code }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
    .map(
      ({ code, callingCode, name }) =>
        html`<option value="${code}" selected="${code === typed.country}">${name} +${callingCode}</option>`,
    );
};

interface Choice {
  readonly name: string;
  readonly legend: string;
  readonly values: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly chosen: string | undefined;
  readonly error: ReturnType<typeof errorAt>;
}

/** A group of radio buttons. The first one is chosen where none was. */
const choice = ({ name, legend, values, labels, chosen = values[0], error }: Choice): Html =>
  html`<fieldset aria-describedby="${error.describedBy()}"><legend>${legend}</legend>${error.message}
${values.map(value => html`<label class="choice"><input type="radio" name="${name}" value="${value}" checked="${value === chosen}" required> ${labels[value] ?? value}</label>`)}</fieldset>`;

const focusOn = (place: Place, { error, typed }: EnrollPhonePage): boolean =>
  error === undefined ? place === (typed.country === undefined ? 'country' : 'number') : placeOf[error] === place;

const body = (props: EnrollPhonePage, words: Words): Value => {
  const { uid, typed, kinds, by } = props;
  const text = words.enroll.phone;
  const at = (place: Place) => errorAt(place, props, words);
  const [country, number, extension] = [at('country'), at('number'), at('extension')];
  return html`<form method="post" action="${enrollLinksOf(uid).phone}">
<div class="field"><div class="label"><label for="country">${text.country}</label></div>${country.message}
<select id="country" name="${fields.country}" autocomplete="tel-country-code" autofocus="${focusOn('country', props)}" aria-invalid="${country.invalid}" aria-describedby="${country.describedBy()}"><option value="">${text.noCountry}</option>${countryOptions(props, words)}</select></div>
<div class="field"><div class="label"><label for="number">${text.number}</label></div>${number.message}
<input id="number" type="tel" name="${fields.number}" value="${typed.number}" autocomplete="tel" dir="ltr" maxlength="40" required autofocus="${focusOn('number', props)}" aria-invalid="${number.invalid}" aria-describedby="${number.describedBy('number-hint')}"><small id="number-hint">${text.numberHint}</small></div>
${choice({ name: fields.phoneKind, legend: text.kind, values: kinds, labels: words.pages.options.phones, chosen: typed.kind, error: at('kind') })}
${
  kinds.includes('office') &&
  html`<div class="field of-office"><div class="label"><label for="extension">${text.extension}</label></div>${extension.message}
<input id="extension" type="text" name="${fields.extension}" value="${typed.extension}" inputmode="numeric" autocomplete="tel-extension" dir="ltr" maxlength="10" autofocus="${focusOn('extension', props)}" aria-invalid="${extension.invalid}" aria-describedby="${extension.describedBy('extension-hint')}"><small id="extension-hint">${text.extensionHint}</small></div>`
}
${choice({ name: fields.by, legend: text.by, values: by, labels: text.ways, chosen: typed.by, error: at('by') })}
<div class="actions">${submitButton(words.frame.continue)}</div>
</form>`;
};

/** The form, empty or with what was typed and what is wrong with it. */
export const enrollPhonePage = (props: EnrollPhonePage, words: Words): Html => {
  const { uid, error, reference, now } = props;
  const text = words.enroll.phone;
  const code = error && { label: outcomeCodes.phone(error), term: text.terms[error] };
  return enrollLayout(
    props,
    {
      heading: text.heading,
      lead: text.lead,
      isError: error !== undefined,
      returnTo: enrollLinksOf(uid).phone,
      body: html`${body(props, words)}
${waysBack(uid, words)}
${code && details({ reference, at: now, code }, words)}`,
    },
    words,
  );
};
