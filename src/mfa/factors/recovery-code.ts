/**
 * Second factor by a recovery code: one of a set that the person keeps on paper (NIST SP 800-63B-4 §3.1.2, §4.2.1.1).
 * `recovery-codes.ts` makes the set. Each code works once, and one sign-in uses at most one.
 */
import { Problem } from '../../errors.ts';
import type { Authenticator, Factor } from '../factor.ts';
import { recoveryCodesType, type RecoveryFactor } from '../recovery-types.ts';
import { hashOf, includesHash, newSalt, newSecrets, secretIn } from './single-use.ts';

/** A set of codes as it is stored: hashes only. */
export type RecoveryCodeSet = {
  readonly salt: string;
  readonly unused: readonly string[];
  readonly used: readonly string[];
  /** What the last code was used for (`CeremonyContext.binding`). */
  readonly usedIn?: string;
};

export const isRecoveryCodeSet = (each: Authenticator): each is Authenticator<RecoveryCodeSet> =>
  each.type === recoveryCodesType;

/** Characters of a code: 80 bits. */
const recoveryCodeLength = 16;
const setSize = 10;

/** A new set, with its codes in canonical form. */
export const newRecoveryCodes = (): { readonly codes: readonly string[]; readonly data: RecoveryCodeSet } => {
  const salt = newSalt();
  const codes = newSecrets(setSize, recoveryCodeLength);
  return { codes, data: { salt, unused: codes.map(code => hashOf(salt, code)), used: [] } };
};

const notEnrolled = (): never => {
  throw new Problem('bad-request', 'got recovery codes, expected a factor that is bound by an enrollment');
};

export const recoveryCode: Factor<RecoveryCodeSet, null, null> = {
  type: 'recovery-code' satisfies RecoveryFactor,
  authenticator: recoveryCodesType,
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'any',
  lifetimes: { answer: 600_000, redeem: 300_000 },
  serves: ({ data }) => data.unused.length > 0,
  enroll: { begin: async () => notEnrolled(), finish: async () => notEnrolled() },
  challenge: {
    async begin(candidates) {
      const left = candidates.reduce((sum, { data }) => sum + data.unused.length, 0);
      return { state: null, prompt: { kind: 'code', length: recoveryCodeLength, from: 'recovery-codes', left } };
    },
    async finish(answer, _state, candidates, { binding }) {
      const code = secretIn(answer, recoveryCodeLength);
      if (code === undefined) return { ok: false, reason: 'wrong' };
      for (const candidate of candidates) {
        const { salt, unused, used, usedIn } = candidate.data;
        const hash = hashOf(salt, code);
        if (includesHash(used, hash)) return { ok: false, reason: 'wrong', reused: true };
        if (!includesHash(unused, hash)) continue;
        // Two codes that arrive at once must not both be burnt: the second finds the mark of the first.
        if (usedIn === binding) return { ok: false, reason: 'unfinished' };
        const data = { salt, unused: unused.filter(each => each !== hash), used: [...used, hash], usedIn: binding };
        return { ok: true, used: { ...candidate, data }, amr: ['otp'], acr: 'aal2' };
      }
      return { ok: false, reason: 'wrong' };
    },
  },
};
