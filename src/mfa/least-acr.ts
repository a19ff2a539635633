/**
 * Applies the level that a person chose for their own sign-ins, "no weaker than my passkey" (`User.leastAcr`). Pure. The policy and
 * the pages of a sign-in ask here.
 */
import type { User } from '../records.ts';
import type { Acr } from './factor.ts';
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
