/** Defines a bound telephone, and the rules that all factors over a telephone share. */
import { phoneType } from '../authenticator-types.ts';
import { Problem } from '../../errors.ts';
import { usualWait, type CallMessage, type ExtensionDialling } from '../../ports/carriers.ts';
import type { Millis } from '../../ports/time.ts';
import type { Authenticator, CeremonyContext, EnrollmentInput, Lifetimes } from '../factor.ts';
import { barredBy, maskPhone, phoneNumber, type Reach } from '../phone-number.ts';

/** Kinds of phones, as the person says: their own mobile phone, another phone, or one in an office. */
export const phoneKinds = ['mobile', 'alternate', 'office'] as const;
export type PhoneKind = (typeof phoneKinds)[number];

/** `number`: E.164; `extension`: digits, dialled once a switchboard has answered, in the way of `dialling`. */
export type Phone = {
  readonly number: string;
  readonly extension?: string;
  readonly dialling?: ExtensionDialling;
  /** As the person said; absent where an earlier version or the command line bound it. */
  readonly kind?: PhoneKind;
};

export { phoneType };

/** True for a bound telephone. */
export const isPhone = (each: Authenticator): each is Authenticator<Phone> => each.type === phoneType;

/** A longer announcement of a switchboard would use up the time to approve. */
const maxWait: Millis = 20_000;

const rings: Millis = 40_000;
/** A switchboard needs time to put a call through. */
const afterPickUp = { direct: 60_000, extension: 120_000 } as const;
/** After a first key, a dictated code may be heard for longer, twice or three times. */
const dictation: Millis = 60_000;
/** The carrier may take a moment to dial, and its clock is not ours. */
const slack: Millis = 10_000;

/** Lifetimes of a call, from begin and from the pick-up. */
export const callLifetimes = ({ extension }: Phone): Required<Omit<Lifetimes, 'redeem'>> => {
  const answered = extension === undefined ? afterPickUp.direct : afterPickUp.extension;
  return { answer: rings + answered + slack, afterPickUp: answered };
};

/** When the carrier detects machines: before our first words, or while we speak. */
export type DetectionTime = 'before' | 'during';

/** The longest detection while we speak. */
const asyncDetectionTimeout: Millis = 10_000;

/** A call to this phone. Machines are detected on direct numbers only: a switchboard is a machine. */
export const callTo = (
  phone: Phone,
  { token }: CeremonyContext,
  { purpose, detects }: { readonly purpose: 'question' | 'dictation'; readonly detects: DetectionTime },
): CallMessage => {
  const { afterPickUp: keyWithin } = callLifetimes(phone);
  const connectedFor = keyWithin + (purpose === 'dictation' ? dictation : 0);
  return {
    via: 'call',
    to: phone.number,
    ...(phone.extension !== undefined && { extension: phone.extension }),
    ...(phone.dialling !== undefined && { dialling: phone.dialling }),
    token,
    ringTimeout: rings,
    connectedFor,
    keyWithin,
    lifetime: rings + connectedFor + slack,
    machineDetection: phone.extension === undefined,
    ...(phone.extension === undefined && detects === 'during' && { asyncDetectionTimeout }),
  };
};

/** The destination as pages show it, masked. */
export const shownTarget = (phone: Phone): { readonly sentTo: string; readonly extension?: string } => ({
  sentTo: maskPhone(phone),
  ...(phone.extension !== undefined && { extension: phone.extension }),
});

/** What is stored of a phone that was proven. */
export const storedPhone = ({ number, extension, dialling, kind }: Phone): Phone => ({
  number,
  ...(extension !== undefined && { extension }),
  ...(dialling !== undefined && { dialling }),
  ...(kind !== undefined && { kind }),
});

/** The tones after the pick-up, for lists of operators: `4 s, 421#`; undefined: none are sent. */
export const tonesAfterPickUp = ({
  extension,
  dialling: { wait = usualWait, confirmKey } = {},
}: Phone): string | undefined =>
  extension === undefined ? undefined : `${wait / 1000} s, ${extension}${confirmKey === true ? '#' : ''}`;

export const masked = ({ data }: Pick<Authenticator<Phone>, 'data'>): string => maskPhone(data);

/** @throws Problem 'bad-request' unless an extension can be dialled so at this phone. */
const checkDialling = ({ extension }: Phone, { wait }: ExtensionDialling): void => {
  if (extension === undefined) {
    throw new Problem(
      'bad-request',
      'got a way to dial an extension, expected a number with one: +1 202 555 0150 x421',
    );
  }
  const seconds = (wait ?? usualWait) / 1000;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > maxWait / 1000) {
    throw new Problem('bad-request', `got a wait of ${seconds} s, expected 0 to ${maxWait / 1000} whole seconds`);
  }
};

const textOf = (input: EnrollmentInput | undefined): string | undefined =>
  typeof input === 'string' ? input : undefined;

/**
 * The phone that a person wants to bind.
 * @throws Problem 'bad-request' for a number that cannot or must not be called, 'conflict' for one that is bound already.
 */
export const wantedPhone = (
  input: EnrollmentInput | undefined,
  bound: readonly Authenticator<Phone>[],
  reach: Reach | undefined,
): Phone => {
  const { typed, dialling, kind } = typeof input === 'object' && 'typed' in input ? input : { typed: textOf(input) };
  const parsed = typed === undefined ? undefined : phoneNumber(typed);
  const phone = parsed && {
    ...parsed,
    ...(dialling !== undefined && { dialling }),
    ...(kind !== undefined && { kind }),
  };
  if (phone === undefined) {
    throw new Problem(
      'bad-request',
      'got no number that can be dialled, expected one with its country code: +1 202 555 0143, or +1 202 555 0150 x421',
    );
  }
  if (dialling !== undefined) checkDialling(phone, dialling);
  const barred = barredBy(phone.number, reach);
  if (barred !== undefined) throw new Problem('bad-request', `got ${maskPhone(phone)}, ${barredSentences[barred]}`);
  if (bound.some(({ data }) => data.number === phone.number && data.extension === phone.extension)) {
    throw new Problem('conflict', `${maskPhone(phone)} is bound to this account already`);
  }
  return phone;
};

const barredSentences = {
  type: "a premium, shared-cost, toll-free or other number that is not one person's, expected a mobile or a landline",
  network: 'a number of a satellite or another network of no country, expected a mobile or a landline',
  country: 'a number of a country that is not called here, expected one of the countries that are set up',
} as const;

/** The label of a new phone; pages have words for these three. */
export const labelFor = ({ extension, kind }: Phone, bound: readonly Authenticator<Phone>[]): string => {
  if (kind !== undefined) return kind;
  if (extension !== undefined) return 'office';
  return bound.some(({ data }) => data.extension === undefined) ? 'alternate' : 'mobile';
};

/** The candidate with the number that was called: another number may be bound by now. */
export const sameAs = (
  candidates: readonly Authenticator<Phone>[],
  { number, extension }: Phone,
): Authenticator<Phone> | undefined =>
  candidates.find(({ data }) => data.number === number && data.extension === extension);

/** Silence behind a switchboard before the words come again. A person who picks up meanwhile must hear them soon. */
export const pauseBehindSwitchboard: Millis = 5_000;

/** Stands before the keys that were pressed at the extension. It is no key of a telephone. */
export const extensionMark = 'e';
