/**
 * Second factor by a temporary access pass: a secret that the help desk gives to a person without a method at hand. It holds
 * for a time, by default once. `recovery/passes.ts` makes it. A refusal never says whether it is wrong, too early or used: that
 * would tell a guesser that they are right.
 */
import { Problem } from '../../errors.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { Authenticator, Factor } from '../factor.ts';
import { temporaryAccessPassType } from '../recovery-types.ts';
import { hashOf, includesHash, newSalt, newSecrets, secretIn } from './single-use.ts';

/** A pass as it is stored: its hash only. Its record ends with it (`AuthenticatorRecord.expiresAt`). */
export type PassData = {
  readonly salt: string;
  readonly hash: string;
  readonly startsAt: EpochMillis;
  /** It can be used again until it ends. */
  readonly isReusable: boolean;
  readonly usedAt?: EpochMillis;
};

/** Characters of a pass: 50 bits. Fifty wrong ones in a row disable it, and no store holds more than its sealed hash. */
export const passLength = 10;

/** A new pass in canonical form, with its stored form. */
export const newPass = (
  terms: Pick<PassData, 'startsAt' | 'isReusable'>,
): { readonly pass: string; readonly data: PassData } => {
  const salt = newSalt();
  const [pass = ''] = newSecrets(1, passLength);
  return { pass, data: { ...terms, salt, hash: hashOf(salt, pass) } };
};

const isUsable = ({ data: { isReusable, usedAt } }: Pick<Authenticator<PassData>, 'data'>): boolean =>
  isReusable || usedAt === undefined;

const notEnrolled = (): never => {
  throw new Problem('bad-request', 'got a temporary access pass, expected a factor that is bound by an enrollment');
};

export const temporaryAccessPass: Factor<PassData, null, null> = {
  type: temporaryAccessPassType,
  answeredBy: 'browser',
  reaches: 'mfa',
  guessable: true,
  asksFor: 'any',
  lifetimes: { answer: 600_000, redeem: 300_000 },
  serves: isUsable,
  enroll: { begin: async () => notEnrolled(), finish: async () => notEnrolled() },
  challenge: {
    async begin() {
      return { state: null, prompt: { kind: 'code', length: passLength, from: temporaryAccessPassType } };
    },
    async finish(answer, _state, candidates, { now }) {
      const pass = secretIn(answer, passLength);
      const used = candidates.find(
        ({ data }) => pass !== undefined && includesHash([data.hash], hashOf(data.salt, pass)) && now >= data.startsAt,
      );
      if (used === undefined) return { ok: false, reason: 'wrong' };
      return { ok: true, used: { ...used, data: { ...used.data, usedAt: now } }, amr: ['otp'], acr: 'mfa' };
    },
  },
};
