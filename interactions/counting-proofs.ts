/** Decides which proofs of a sign-in under way still count. Pure. */
import { isRecoveryFactor } from '../src/mfa/recovery-types.ts';
import type { Proof } from '../src/mfa/proof.ts';
import { isEnded, lastOf } from '../src/oidc/ended-sessions.ts';
import type { User } from '../src/records.ts';
import type { SignIn } from './protocol.ts';

/**
 * The proof of the first step. The newest password: one that was chosen in this sign-in ended what the older one proved. Without a
 * password the passkey with which the sign-in began.
 */
export const firstStepOf = (proofs: readonly Proof[]): Proof | undefined =>
  proofs.findLast(({ factor }) => factor === 'password') ?? proofs[0];

/** True where all sign-ins of the account from before were ended since the first of these proofs. */
export const areOver = (proofs: readonly Proof[], user: User): boolean => {
  const first = firstStepOf(proofs);
  return first !== undefined && isEnded(user, { at: first.at });
};

/** True where the session of a task was ended. */
export const isSessionOver = ({ session }: SignIn, user: User): boolean =>
  session?.times !== undefined && isEnded(user, { at: lastOf(session.times.authTime), session: session.id });

/**
 * The proofs that count: not those of a method that was removed since. A recovery code or pass that was used up still proves its
 * sign-in. `allowed`: types of the factors that may be the second step; another one proves the person, and no level.
 */
export const countingProofs = (user: User, proofs: readonly Proof[], allowed?: readonly string[]): readonly Proof[] =>
  proofs
    .filter(
      ({ factor, authenticator: id }) =>
        id === undefined || isRecoveryFactor(factor) || user.authenticators.includes(id),
    )
    .map(proof => {
      const counts = allowed === undefined || proof.factor === 'password' || allowed.includes(proof.factor);
      return counts ? proof : { ...proof, acr: 'sfa' };
    });
