/**
 * Numbers the outcomes that stop or delay a person: `IDP-2103`. The numbers are stable, and `docs/errors.md` explains each.
 * Errors have the numbers of `src/errors.ts`.
 */
import type { CallEndReason, EndReason } from '../../src/end-reason.ts';
import type { PhoneEntryError } from '../../src/mfa/phone-entry.ts';

const call: Readonly<Record<CallEndReason | 'denied', number>> = {
  undeliverable: 2100,
  'no-answer': 2101,
  unreachable: 2102,
  busy: 2103,
  'hung-up': 2104,
  silence: 2105,
  denied: 2106,
  expired: 2107,
  cancelled: 2108,
  'send-limit': 2109,
  elsewhere: 2110,
  paused: 2111,
  lost: 2112,
  attempts: 2113,
  disabled: 2114,
  machine: 2115,
  slow: 2116,
  'carrier-busy': 2117,
  'number-refused': 2118,
  declined: 2119,
  'opted-out': 2121,
  unheard: 2120,
  'send-ceiling': 2122,
};

/** Outcomes of a request in the authenticator. The others have the number of `lost`. */
const request: Partial<Readonly<Record<string, number>>> = {
  lost: 3000,
  expired: 3001,
  'wrong-number': 3002,
  declined: 3003,
  denied: 3004,
  elsewhere: 3005,
  'push-limit': 3006,
  paused: 3007,
  disabled: 3008,
  cancelled: 3009,
  'push-unanswered': 3010,
  'push-spent': 3011,
  bound: 3012,
};

/** Ends of a pairing. */
const pairing = { lost: 3100, expired: 3101, guessed: 3102, refused: 3103 } as const;

/** The source of a code: an app, a text, a call, a saved set, a temporary pass, or a mail. */
export type CodeKind = 'app' | 'texted' | 'dictated' | 'recovery' | 'pass' | 'mailed';
/** Outcomes of a page that asks for a code. */
export type CodeOutcome = CallEndReason | 'malformed' | 'wrong' | 'wait' | 'reused' | 'undelivered';

const series: Readonly<Record<CodeKind | 'passkey', number>> = {
  app: 2200,
  texted: 2400,
  dictated: 2500,
  recovery: 2600,
  mailed: 2800,
  pass: 2700,
  passkey: 2900,
};
/** An outcome has the same number in each series. */
const code: Readonly<Record<CodeOutcome, number>> = {
  malformed: 0,
  wrong: 1,
  wait: 2,
  attempts: 3,
  disabled: 4,
  reused: 5,
  undelivered: 6,
  expired: 7,
  lost: 8,
  cancelled: 9,
  'send-limit': 10,
  undeliverable: 11,
  slow: 12,
  'carrier-busy': 13,
  'number-refused': 14,
  busy: 15,
  'no-answer': 16,
  unreachable: 17,
  machine: 18,
  elsewhere: 19,
  paused: 20,
  'hung-up': 21,
  silence: 22,
  declined: 23,
  unheard: 24,
  'opted-out': 25,
  'send-ceiling': 26,
};

const otherPages = {
  refused: 1101,
  wait: 1102,
  incomplete: 1103,
  'passkey-refused': 1104,
  'passkey-unknown': 1105,
  'passkey-other-account': 1106,
  'passkey-late': 1107,
  'passkey-wait': 1108,
  unmet: 2301,
  denied: 2307,
  barred: 2302,
  label: 2303,
  saved: 2304,
  expired: 1001,
  elsewhere: 1002,
  'passkey-bound': 2305,
  'passkey-policy': 2306,
} as const;

/** What is wrong with a number to be set up. */
const phone: Readonly<Record<PhoneEntryError, number>> = {
  'no-number': 2310,
  'no-country': 2311,
  unreadable: 2312,
  extension: 2313,
  type: 2314,
  network: 2315,
  country: 2316,
  'no-texts': 2317,
  bound: 2318,
};

/** The label of an outcome, `IDP-2103`: of a call, of a code or passkey, or of another page. */
export const outcomeCodes = {
  call: (reason: CallEndReason | 'denied'): string => `IDP-${call[reason]}`,
  code: (kind: CodeKind | 'passkey', outcome: CodeOutcome): string => `IDP-${series[kind] + code[outcome]}`,
  request: (reason: EndReason | 'denied'): string => `IDP-${request[reason] ?? request['lost']}`,
  pairing: (end: keyof typeof pairing): string => `IDP-${pairing[end]}`,
  phone: (error: PhoneEntryError): string => `IDP-${phone[error]}`,
  page: (outcome: keyof typeof otherPages): string => `IDP-${otherPages[outcome]}`,
};
