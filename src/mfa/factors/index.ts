/** The factors there are, the first of equally strong ones first. A new one is a file beside these and a line here. */
import type { Factor } from '../factor.ts';
import { createCall } from './call.ts';
import { createSms } from './sms.ts';
import { createSpoken } from './spoken.ts';
import { totp } from './totp.ts';

/** What an operator chooses about them. */
export interface FactorWishes {
  /** What answers a call: `#` alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** The only countries whose numbers may be bound, ISO 3166-1. */
  readonly countries?: readonly string[];
}

export const factorsFor = ({ callAnswer, countries }: FactorWishes): readonly Factor[] => [
  totp,
  createSms(countries),
  createSpoken(countries),
  createCall(callAnswer, countries),
];

/** As they are where nothing is set. */
export const factors: readonly Factor[] = factorsFor({ callAnswer: 'key' });
