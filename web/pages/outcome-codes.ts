/** Stable numbers of what can come in the way of a person, beside those of `src/errors.ts`; `docs/errors.md` explains each. */
import type { Ended } from './props.ts';

const call: Readonly<Record<Ended | 'denied', number>> = {
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
};

/** How the code of a page came about. */
export type CodeKind = 'app' | 'texted' | 'dictated';
/** What can come in the way of a code. */
export type CodeProblem = Ended | 'malformed' | 'wrong' | 'wait' | 'reused' | 'undelivered';

const series: Readonly<Record<CodeKind, number>> = { app: 2200, texted: 2400, dictated: 2500 };
/** The same happening has the same number in each series. */
const code: Readonly<Record<CodeProblem, number>> = {
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
};

const rest = { refused: 1101, wait: 1102, incomplete: 1103, unmet: 2301, expired: 1001, elsewhere: 1002 } as const;

/** Every outcome with its label, `IDP-2103`. */
export const outcomeCodes = {
  call: (reason: Ended | 'denied'): string => `IDP-${call[reason]}`,
  code: (kind: CodeKind, reason: CodeProblem): string => `IDP-${series[kind] + code[reason]}`,
  page: (reason: keyof typeof rest): string => `IDP-${rest[reason]}`,
};
