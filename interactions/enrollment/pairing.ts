/** Begins and leaves the pairing of a device in the set-up of a method. Its page and its form are in `pair-page.ts` and `pair.ts`. */
import type { InteractionDeps } from '../context.ts';
import { pairingOwner } from '../pairing-owner.ts';
import type { Enrolling } from './enrolling.ts';

/** Begins to pair a device. A later pairing of the same sign-in replaces an earlier one. */
export const beginPairing = async (deps: InteractionDeps, enrolling: Enrolling): Promise<void> => {
  const { user, signIn, binding } = enrolling;
  await deps.challenges.cancel(binding);
  await deps.pairings.begin(pairingOwner(enrolling, user));
  await deps.enrollmentDrafts.change(signIn.id, user.id, was => ({ ...was, isPairing: true }));
};

/** The person sets up another method: no device may claim the pairing any more. */
export const leavePairing = async (deps: InteractionDeps, enrolling: Enrolling): Promise<void> => {
  const { user, signIn, enrollmentDraft } = enrolling;
  if (enrollmentDraft.isPairing !== true) return;
  await deps.pairings.refuse(pairingOwner(enrolling, user));
  await deps.enrollmentDrafts.change(signIn.id, user.id, ({ isPairing: _left, ...rest }) => rest);
};
