/** The factors there are, the first of equally strong ones first. A new one is a file beside these and a line here. */
import type { Factor } from '../factor.ts';
import { createCall } from './call.ts';
import { sms } from './sms.ts';
import { spoken } from './spoken.ts';
import { totp } from './totp.ts';

/** What an operator chooses about them. */
export interface FactorWishes {
  /** What answers a call: `#` alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
}

export const factorsFor = ({ callAnswer }: FactorWishes): readonly Factor[] => [
  totp,
  sms,
  spoken,
  createCall(callAnswer),
];

/** As they are where nothing is set. */
export const factors: readonly Factor[] = factorsFor({ callAnswer: 'key' });
