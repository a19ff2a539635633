/**
 * Stores that a person is now asked to set something up: the beginning of their grace, or an invitation. The form before the page does
 * it, because a GET must not change anything.
 */
import type { InteractionContext, InteractionDeps } from './context.ts';

/** Stores it once for each person, or for each invitation. */
export const noteAsked = async (
  { setUpRequests, signInProofs }: Pick<InteractionDeps, 'setUpRequests' | 'signInProofs'>,
  { step, user, state, browserInteraction }: Pick<InteractionContext, 'step' | 'user' | 'state' | 'browserInteraction'>,
): Promise<void> => {
  if (step.at !== 'enroll' || user === undefined) return;
  const { graceUntil, invitation } = step.plan;
  if (graceUntil !== undefined && user.enrollmentAskedAt === undefined) await setUpRequests.beginGrace(user.id);
  // The account first: after a crash in between, the invitation comes 14 days later and not twice.
  if (invitation === undefined || state.invitation !== undefined) return;
  if (await setUpRequests.invite(user.id, invitation)) {
    await signInProofs.invite(browserInteraction, user.id, invitation);
  }
};
