/** Applies the level that a person chose for their own sign-ins (`User.minAcr`), to the policy and to the pages. Pure. */
import type { User } from '../records.ts';
import type { Acr, Authenticator } from './factor.ts';
import { isPasskey, levelOf } from './passkeys/data.ts';
import { isRecoveryFactor } from './recovery-types.ts';

/**
 * The lowest level at which a sign-in of this person may end, by their own choice; `sfa` where they chose none. `proven`: the factors
 * that proved the sign-in or session. A recovery code or pass stands for a lost passkey, so the choice does not refuse it.
 * `canEnroll`: whether a factor in use reaches a level. Where none does, the operator has turned passkeys off, and the choice would
 * lock people out.
 */
export const chosenMinAcr = (
  { minAcr }: Pick<User, 'minAcr'>,
  { proven, canEnroll }: { readonly proven: readonly string[]; readonly canEnroll: (acr: Acr) => boolean },
): Acr => (minAcr === undefined || proven.some(isRecoveryFactor) || !canEnroll(minAcr) ? 'sfa' : minAcr);

/** Whether this authenticator reaches the only level that can be chosen, `phr`. */
export const reachesMinAcr = (authenticator: Authenticator): boolean =>
  isPasskey(authenticator) && levelOf(authenticator.data) === 'phr';

/** The account with this choice; undefined: with none. */
export const withMinAcr = ({ minAcr: _before, ...user }: User, minAcr: User['minAcr']): User => ({
  ...user,
  ...(minAcr !== undefined && { minAcr }),
});
