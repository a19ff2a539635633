/** Draws the page of an enrollment. Drawing starts no challenge and sends no message. */
import { givenLabel } from '../../src/locales/given-label.ts';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { isPhone, type Phone } from '../../src/mfa/factors/phone.ts';
import { isSynced } from '../../src/mfa/independence.ts';
import { countryOf, reachableCountries } from '../../src/mfa/phone-number.ts';
import type { PhoneEntryError } from '../../src/mfa/phone-entry.ts';
import type { Html } from '../../web/html.ts';
import {
  enrollBarredPage,
  enrollChoosePage,
  enrollCodesPage,
  enrollMakeCodesPage,
  enrollNamePage,
  enrollPhonePage,
} from '../../web/pages/index.ts';
import type { EnrollChoosePage, TypedPhone } from '../../web/pages/enroll-props.ts';
import type { InteractionDeps } from '../context.ts';
import { enrollFrame, kindOf, offeredOf, placeOf, provingView, type Enrolling, type Place } from './enrolling.ts';
import { pairPage } from './pair-page.ts';
import { enrollmentPrompts, type Shown } from './prompts.ts';

const reasons: Readonly<Record<Enrolling['plan']['next'], EnrollChoosePage['for']>> = {
  'first-method': 'first',
  level: 'level',
  backup: 'backup',
  passkey: 'passkey',
  authenticator: 'authenticator',
  another: 'more',
  'recovery-codes': 'more',
  nothing: 'more',
};

/** The kinds that are offered, those that reach the highest level first. */
const kindsOf = (deps: InteractionDeps, { plan }: Enrolling): readonly string[] => [
  ...new Set(deps.factors.filter(({ type }) => plan.offered.some(each => each.type === type)).map(kindOf)),
];

/** The list of kinds. */
export const choosePage = (deps: InteractionDeps, enrolling: Enrolling): Html => {
  const { plan, words } = enrolling;
  const { graceUntil: until } = plan;
  const skip = plan.maySkip && { skip: until === undefined ? {} : { until } };
  const props = {
    ...enrollFrame(deps, enrolling),
    for: reasons[plan.next],
    kinds: kindsOf(deps, enrolling),
    ...(enrolling.stored.some(isSynced) && { hasSharedPasskey: true as const }),
  };
  return enrollChoosePage({ ...props, ...skip }, words);
};

/** The phones of the account. */
export const phonesOf = ({ stored }: Pick<Enrolling, 'stored'>): readonly Phone[] => {
  const all: readonly Authenticator[] = stored;
  return all.filter(isPhone).map(({ data }) => data);
};

/** The country of a phone that the account has, or of the browser's language. */
const likelyCountry = ({ stored }: Enrolling, region: string | undefined): string | undefined => {
  const [known] = phonesOf({ stored }).flatMap(({ number }) => countryOf(number) ?? []);
  return known ?? region;
};

/** The form for a number: as it was typed, else empty with the likely country. `region`: that of the browser's language. */
export const phonePage = (
  deps: InteractionDeps,
  enrolling: Enrolling,
  { region, typed, error }: { readonly region?: string; readonly typed?: TypedPhone; readonly error?: PhoneEntryError },
): Html => {
  const offered = offeredOf(deps, enrolling, 'phone');
  const countries = reachableCountries(deps.reach);
  const country = likelyCountry(enrolling, region);
  const isReached = countries.some(({ code }) => code === country);
  const kinds = phoneKindsOf(enrolling);
  // A person with a mobile number adds another phone, more likely than a second mobile.
  const kind = kinds.find(each => !phonesOf(enrolling).some(phone => phone.kind === each));
  const props = {
    ...enrollFrame(deps, enrolling),
    countries,
    kinds,
    by: offered.map(({ type }) => type),
    typed: typed ??
      enrolling.enrollmentDraft.phone ?? {
        ...(isReached && country !== undefined && { country }),
        ...(kind !== undefined && { kind }),
      },
    ...(error !== undefined && { error }),
  };
  return enrollPhonePage(props, enrolling.words);
};

/** The kinds of phone that would count here. */
export const phoneKindsOf = ({ plan }: Enrolling): readonly string[] => [
  ...new Set(plan.offered.flatMap(({ phoneKinds = [] }) => phoneKinds)),
];

/** The page for a name. `isWrong`: the one that was sent cannot be taken. */
export const namePage = (deps: InteractionDeps, enrolling: Enrolling, label?: string): Html => {
  const { enrollmentDraft, words } = enrolling;
  const { kind = '', target, label: given = '' } = enrollmentDraft.unnamed ?? {};
  const props = {
    ...enrollFrame(deps, enrolling),
    kind,
    label: label ?? labelShown(given, enrolling),
    ...(target !== undefined && { target }),
    ...(label !== undefined && { isWrong: true }),
  };
  return enrollNamePage(props, words);
};

/** A label as people read it. */
export const labelShown = (label: string, { words }: Pick<Enrolling, 'words'>): string =>
  givenLabel(label, words) ?? label;

/** The page of recovery codes. */
export const codesPage = (deps: InteractionDeps, enrolling: Enrolling, isWrong = false): Html =>
  enrollCodesPage(
    {
      ...enrollFrame(deps, enrolling),
      codes: enrolling.enrollmentDraft.codes ?? [],
      service: deps.issuer.host,
      isWrong,
    },
    enrolling.words,
  );

/** The page of the challenge. `shown`: after an answer. */
export const provingPage = (deps: InteractionDeps, enrolling: Enrolling, shown: Shown = {}): Html => {
  const view = provingView(enrolling);
  return enrollmentPrompts[view.prompt.kind].page(deps, enrolling, view, shown);
};

const pages: Readonly<Record<Place, (deps: InteractionDeps, enrolling: Enrolling) => Html>> = {
  'saving-codes': (deps, enrolling) => codesPage(deps, enrolling),
  naming: (deps, enrolling) => namePage(deps, enrolling),
  proving: (deps, enrolling) => provingPage(deps, enrolling),
  pairing: pairPage,
  'making-codes': (deps, enrolling) => enrollMakeCodesPage(enrollFrame(deps, enrolling), enrolling.words),
  choosing: choosePage,
  barred: (deps, enrolling) => enrollBarredPage(enrollFrame(deps, enrolling), enrolling.words),
};

/** The page of the place where the person is. */
export const enrollmentPage = (deps: InteractionDeps, enrolling: Enrolling): Html =>
  pages[placeOf(enrolling)](deps, enrolling);
