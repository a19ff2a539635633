/** Lists the factors; of equally strong ones the first is preferred. A new factor is a file in this folder and a line here. */
import type { Factor } from '../factor.ts';
import { createCall } from './call.ts';
import { createSms } from './sms.ts';
import { createSpoken } from './spoken.ts';
import { totp } from './totp.ts';

/** Settings of the factors. */
export interface FactorWishes {
  /** The answer to a call: `#` alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** ISO 3166-1 codes; only numbers of these countries may be bound. */
  readonly countries?: readonly string[];
}

export const factorsFor = ({ callAnswer, countries }: FactorWishes): readonly Factor[] => [
  totp,
  createSms(countries),
  createSpoken(countries),
  createCall(callAnswer, countries),
];

/** The factors with default settings. */
export const factors: readonly Factor[] = factorsFor({ callAnswer: 'key' });
