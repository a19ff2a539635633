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
  budget: 2109,
  elsewhere: 2110,
  paused: 2111,
  lost: 2112,
  tries: 2113,
  disabled: 2114,
  machine: 2115,
  slow: 2116,
  'carrier-busy': 2117,
  'number-refused': 2118,
};

const code = {
  malformed: 2200,
  wrong: 2201,
  wait: 2202,
  tries: 2203,
  disabled: 2204,
  reused: 2205,
  expired: 2207,
  other: 2208,
} as const;

const rest = { refused: 1101, wait: 1102, incomplete: 1103, unmet: 2301, expired: 1001, elsewhere: 1002 } as const;

/** Every outcome with its label, `IDP-2103`. */
export const outcomeCodes = {
  call: (why: Ended | 'denied'): string => `IDP-${call[why]}`,
  code: (why: keyof typeof code): string => `IDP-${code[why]}`,
  page: (why: keyof typeof rest): string => `IDP-${rest[why]}`,
};
