/** Gives the code of a person's authenticator app at a time, and wrong codes. */
import { generateSync } from 'otplib';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { TestPerson } from './world/world.ts';

export const totpPeriod = 30_000;

export const codeAt = ({ totpSecret: secret }: Pick<TestPerson, 'totpSecret'>, at: EpochMillis): string => {
  if (secret === undefined) throw new Error('this person has no app');
  return generateSync({ secret, epoch: Math.floor(at / 1000) });
};

/** Six digits that are the code of no step near this time. */
export const wrongCodeAt = (person: TestPerson, at: EpochMillis): string => {
  const near = new Set([-2, -1, 0, 1, 2].map(steps => codeAt(person, at + steps * totpPeriod)));
  const wrong = ['135790', '246801', '357912', '468023', '579134', '680245'].find(code => !near.has(code));
  if (wrong === undefined) throw new Error('every code is right');
  return wrong;
};
