/** Draws the start page of the security page: the methods of the person, what is asked for first, and the language. */
import { givenLabel } from '../../../src/locales/given-label.ts';
import { languageNames, type Words } from '../../../src/locales/wording.ts';
import type { Phrase } from '../../../src/locales/phrase.ts';
import type { Safety } from '../../../src/mfa/safety.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { FirstChoice, OwnAuthenticator, RecoveryCodesShown, SecurityPage } from '../account-props.ts';
import { dotted } from '../components/dotted.ts';
import { iconOf, icons } from '../components/icons.ts';
import { portalLayout } from '../components/portal-layout.ts';
import { phraseHtml } from '../components/phrase.ts';
import { accountLinks, accountMethodLinks, fields } from '../links.ts';
import {
  choiceText,
  dayOf,
  deviceFacts,
  disabledText,
  labelOf,
  maskedHtml,
  passkeyFacts,
  titleOf,
  usedText,
  waysText,
} from './method-words.ts';

/** One row: icon, name and tag, second line, actions. */
const item = (row: { icon: Html; name: Value; about: Value; more?: Value; actions: Value }): Html =>
  html`<li class="item"><span class="icon">${row.icon}</span><div class="what"><p>${row.name}</p><p class="note">${row.about}</p>${row.more}</div><div class="does">${row.actions}</div></li>`;

/** A link whose name says to screen readers what it is about. */
const action = (href: string, label: string, about: string, look = ''): Html =>
  html`<a class="act ${look}" href="${href}">${label}<span class="visually-hidden"> ${about}</span></a>`;

const methodItem = (each: OwnAuthenticator, page: SecurityPage, words: Words): Html => {
  const { methods: text } = words.account;
  const links = accountMethodLinks(each.id);
  const title = titleOf(each, words);
  const label = labelOf(each.label, words);
  // Several phones, or several of another type, are told apart by their names.
  const isOneOfSeveral = page.authenticators.filter(({ type }) => type === each.type).length > 1;
  const isNamed = label !== title && (isOneOfSeveral || givenLabel(each.label, words) === undefined);
  const about = `${title} ${each.masked ?? label}`;
  return item({
    icon: iconOf(each.ways.length === 1 ? (each.ways[0] ?? each.type) : each.type),
    name: html`<b>${title}</b>${each.isDefault && html` <span class="tag default">${words.pages.options.isDefault}</span>`}`,
    about: dotted([
      isNamed && html`<bdi>${label}</bdi>`,
      each.masked !== undefined && maskedHtml(each.masked, words),
      each.ways.length > 1 && waysText(each, words),
      ...(each.passkey === undefined ? [] : passkeyFacts(each.passkey, label, words)),
      ...deviceFacts(each, page, words),
      usedText(each, page, words),
    ]),
    more: each.isDisabled && html`<p class="wrong">${icons.alert}<span>${disabledText(each, words)}</span></p>`,
    actions: html`${!each.isDisabled && action(links.test, text.test, about)}${action(links.name, text.rename, about)}${action(links.remove, text.remove, about, 'calm')}`,
  });
};

const codesItem = (codes: RecoveryCodesShown, page: SecurityPage, words: Words): Html => {
  const { codes: text } = words.account.methods;
  const { left, total = 0, madeAt, isLow } = codes;
  return item({
    icon: icons.key,
    name: html`<b>${text.name}</b>`,
    about:
      left === undefined
        ? text.advice
        : dotted([
            text.left(String(left), String(total)),
            madeAt !== undefined && phraseHtml(text.made(dayOf(madeAt, page, words)), words),
          ]),
    more: isLow && html`<p class="wrong">${icons.alert}<span>${text.low}</span></p>`,
    actions: action(accountLinks.recoveryCodes, left === undefined ? text.make : text.makeNew, ''),
  });
};

const firstForm = (choices: readonly FirstChoice[], words: Words): Value => {
  const { first: text } = words.account.methods;
  return (
    choices.length > 1 &&
    html`<form class="choose" method="post" action="${accountLinks.first}"><label for="first">${text.label}</label><span class="select"><select id="first" name="${fields.method}">${choices.map(
      each => html`<option value="${each.method}" selected="${each.isDefault}">${choiceText(each, words)}</option>`,
    )}</select>${icons.chevron}</span><button class="button" type="submit">${text.save}</button></form>`
  );
};

const languageForm = (chosen: string | undefined, { account, language }: Words): Html => {
  const { language: text } = account;
  return html`<section class="sheet"><div class="sheet-head"><h2>${text.heading}</h2></div>
<form class="choose" method="post" action="${accountLinks.language}"><label for="language">${text.label}</label><span class="select"><select id="language" name="${fields.language}">${languageNames.map(
    ([tag, name]) =>
      html`<option value="${tag}" lang="${tag}" selected="${tag === (chosen ?? language)}">${name}</option>`,
  )}</select>${icons.chevron}</span><button class="button" type="submit">${text.save}</button></form></section>`;
};

/** The choice to sign in no weaker than by a passkey. */
const passkeyForm = (isOn: boolean, hasCodes: boolean, { account }: Words): Html => {
  const { only: text } = account.passkeys;
  return html`<section class="sheet"><div class="sheet-head"><h2>${text.heading}</h2></div><div class="prose"><p class="note">${isOn ? text.on : text.off}</p><p class="note">${hasCodes ? text.lost : text.noCodes}</p>
<form method="post" action="${accountLinks.passkeyOnly}"><button class="button" type="submit" name="${fields.passkeyOnly}" value="${isOn ? 'no' : 'yes'}">${isOn ? text.turnOff : text.turnOn}</button></form></div></section>`;
};

/** The sentence on top: what would happen, not what is configured. */
const safetyLine = (safety: Safety, words: Words): Html => {
  const { safety: text, means } = words.account.methods;
  const listed = (types: readonly string[]): string =>
    new Intl.ListFormat(words.language, { type: 'disjunction' }).format(types.map(type => means[type] ?? type));
  const said: Readonly<Record<Safety['kind'], () => Phrase | string>> = {
    none: () => text.noMethod,
    'only-one': text.onlyOne,
    stuck: text.noneLeft,
    left: () => text.left(listed('means' in safety ? safety.means : [])),
    others: () => text.others(listed('means' in safety ? safety.means : [])),
  };
  const isSafe = 'means' in safety;
  return html`<p class="safety ${!isSafe && 'unsafe'}">${isSafe ? icons.shield : icons.alert}<span>${phraseHtml(said[safety.kind](), words)}</span></p>`;
};

export const securityPage = (page: SecurityPage, words: Words): Html => {
  const { authenticators, choices, recoveryCodes, language, safety, passkeyOnly, passkeySignals: signals } = page;
  const { methods: text, navigation, appPasswords } = words.account;
  return portalLayout(
    {
      frame: page,
      section: 'security',
      heading: navigation.security,
      lead: safetyLine(safety, words),
      scripts: signals === undefined ? [] : ['passkey-signals.js'],
      body: html`<div class="columns" data-passkey-signals="${signals && JSON.stringify(signals)}">
<section class="sheet main"><div class="sheet-head"><h2>${text.heading}</h2><a class="button primary add" href="${accountLinks.addMethod}">${icons.plus}${text.add}</a></div>
<ul>${authenticators.map(each => methodItem(each, page, words))}${recoveryCodes && codesItem(recoveryCodes, page, words)}</ul>
${firstForm(choices, words)}</section>
<div class="aside">${passkeyOnly !== undefined && passkeyForm(passkeyOnly, recoveryCodes?.left !== undefined, words)}${languageForm(language, words)}
<section class="sheet"><div class="sheet-head"><h2>${appPasswords.heading}</h2></div><p class="note prose">${appPasswords.sentence}</p></section></div>
</div>`,
    },
    words,
  );
};
