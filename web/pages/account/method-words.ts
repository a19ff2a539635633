/** Words an authenticator and its methods as the pages below /account show them. */
import type { Words } from '../../../src/locales/wording.ts';
import { dayWords } from '../../../src/locales/day.ts';
import { day, type Piece } from '../../../src/locales/phrase.ts';
import { givenLabel } from '../../../src/locales/given-label.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import { html, type Html } from '../../html.ts';
import type { FirstChoice, OwnAuthenticator, PasskeyShown, PortalFrame } from '../account-props.ts';
import { splitNumber } from '../components/masked-number.ts';
import { phraseHtml } from '../components/phrase.ts';

/** Own members only: people choose labels, and one may be `constructor`. */
export const ownWord = (words: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(words, name) ? words[name] : undefined;

/** What it is: the way it confirms, where it has one only. */
export const titleOf = ({ type, ways, label }: OwnAuthenticator, { account }: Words): string => {
  const [way, ...others] = ways;
  const { names } = account.methods;
  return (others.length === 0 && way !== undefined ? ownWord(names, way) : ownWord(names, type)) ?? label;
};

/** A number with its extension, always left to right. */
export const maskedHtml = (masked: string, { pages }: Words): Html => {
  const { number, extension } = splitNumber(masked);
  if (extension === undefined) return html`<bdi dir="ltr">${number}</bdi>`;
  return html`<span class="whole"><bdi dir="ltr">${number}</bdi>,</span> ${pages.options.extension(extension)}`;
};

/** The label as people read it. */
export const labelOf = (label: string, words: Words): string => givenLabel(label, words) ?? label;

/** A method in a list of choices: text only, because an option of a menu holds no markup. */
export const choiceText = ({ factor, label, masked }: FirstChoice, words: Words): string =>
  [ownWord(words.account.methods.names, factor) ?? label, masked ?? labelOf(label, words)]
    .filter((each, at, all) => all.indexOf(each) === at)
    .join(', ');

/** The ways in which it confirms, as a list: “call or text”. */
export const waysText = ({ ways }: OwnAuthenticator, { account, language }: Words): string =>
  new Intl.ListFormat(language, { type: 'disjunction' }).format(
    ways.map(way => ownWord(account.methods.ways, way) ?? way),
  );

/** The model of a passkey where its label is another, and where it is kept. */
export const passkeyFacts = (
  { model, isSynced, verifies }: PasskeyShown,
  label: string,
  { account: { passkeys } }: Words,
): readonly (string | false | undefined)[] => [
  model !== label && model,
  isSynced ? passkeys.synced : passkeys.bound,
  !verifies && passkeys.unverified,
];

/** When a phone was paired, and whether requests reach it. */
export const deviceFacts = (
  { addedAt, device }: OwnAuthenticator,
  frame: PortalFrame,
  words: Words,
): readonly (Html | string | false)[] => {
  const { paired, states } = words.account.methods.devices;
  if (device === undefined) return [];
  const { push, mustPairAgain } = device;
  return [
    !mustPairAgain && states[push === 'none' ? 'silent' : push],
    phraseHtml(paired(dayOf(addedAt, frame, words)), words),
  ];
};

/** Why it cannot be used now. */
export const disabledText = ({ passkey, device }: OwnAuthenticator, { account }: Words): string => {
  if (device?.mustPairAgain === true) return account.methods.devices.pairAgain;
  return passkey?.isRefused === true ? account.passkeys.refused : account.methods.disabled;
};

/** When it was used last, or added. */
export const usedText = (
  { addedAt, lastUsedAt, device }: OwnAuthenticator,
  frame: PortalFrame,
  words: Words,
): Html | false => {
  const { used, neverUsed } = words.account.methods;
  // The day of its pairing is said already.
  if (lastUsedAt === undefined && device !== undefined) return false;
  return phraseHtml(
    lastUsedAt === undefined ? neverUsed(dayOf(addedAt, frame, words)) : used(dayOf(lastUsedAt, frame, words)),
    words,
  );
};

/** A day in the person's time zone. */
export const dayOf = (at: EpochMillis, { now }: PortalFrame, { language, zone }: Words): Piece =>
  day(at, dayWords(at, { now, language, ...(zone !== undefined && { zone }) }));
