/**
 * Applies the level that a person chose for their own sign-ins, "no weaker than my passkey" (`User.leastAcr`). Pure. The policy and
 * the pages of a sign-in ask here.
 */
import type { User } from '../records.ts';
import type { Acr, Authenticator } from './factor.ts';
import { isPasskey, levelOf } from './passkeys/data.ts';
import { isRecoveryFactor } from './recovery-types.ts';

/**
 * The level below which no sign-in of this person ends, by their own choice; `sfa` where they chose none. `proven`: the factors that
 * proved the sign-in or session. A recovery code or pass stands for a lost passkey, so the choice does not bar it. `canEnroll`: whether
 * a factor in use reaches a level. Where none does, the operator has turned passkeys off, and the choice would only shut people out.
 */
export const chosenLeast = (
  { leastAcr }: Pick<User, 'leastAcr'>,
  { proven, canEnroll }: { readonly proven: readonly string[]; readonly canEnroll: (acr: Acr) => boolean },
): Acr => (leastAcr === undefined || proven.some(isRecoveryFactor) || !canEnroll(leastAcr) ? 'sfa' : leastAcr);

/** Whether this authenticator can meet the choice. */
export const meetsLeast = (authenticator: Authenticator): boolean =>
  isPasskey(authenticator) && levelOf(authenticator.data) === 'phr';

/** The account with another choice; undefined: without one. */
export const withLeast = ({ leastAcr: _before, ...user }: User, leastAcr: User['leastAcr']): User => ({
  ...user,
  ...(leastAcr !== undefined && { leastAcr }),
});
