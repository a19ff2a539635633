/** Lists the factors; of equally strong ones the first is preferred. A new factor is a file in this folder and a line here. */
import type { Factor } from '../factor.ts';
import type { Reach } from '../phone-number.ts';
import { createCall } from './call.ts';
import { createSms } from './sms.ts';
import { createSpoken } from './spoken.ts';
import { totp } from './totp.ts';

/** Settings of the factors. */
export interface FactorWishes {
  /** The answer to a call: `#` alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** The numbers that may be bound. */
  readonly reach?: Reach;
}

export const factorsFor = ({ callAnswer, reach }: FactorWishes): readonly Factor[] => [
  totp,
  createSms(reach),
  createSpoken(reach),
  createCall(callAnswer, reach),
];

/** The factors with default settings. */
export const factors: readonly Factor[] = factorsFor({ callAnswer: 'key' });
