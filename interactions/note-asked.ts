/**
 * Stores that a person is about to be asked to set something up: the beginning of their grace, or an invitation. By the form that
 * leads to the page, since a GET changes nothing.
 */
import type { InteractionContext, InteractionDeps } from './context.ts';

/** Once for each person, or for each invitation. */
export const noteAsked = async (
  { users, signInProofs }: Pick<InteractionDeps, 'users' | 'signInProofs'>,
  { step, user, state, browserInteraction }: Pick<InteractionContext, 'step' | 'user' | 'state' | 'browserInteraction'>,
): Promise<void> => {
  if (step.at !== 'enroll' || user === undefined) return;
  const { graceUntil, invitation } = step.plan;
  if (graceUntil !== undefined && user.enrollmentAskedAt === undefined) await users.beginEnrollmentGrace(user.id);
  // The account first: an invitation that a crash keeps from being shown comes 14 days later.
  if (invitation === undefined || state.invitation !== undefined) return;
  if (await users.noteInvitation(user.id, invitation)) {
    await signInProofs.invite(browserInteraction, user.id, invitation);
  }
};
