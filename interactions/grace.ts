/** Begins the grace of a person who is led to set up a method for the first time: by the form before the page, since a GET changes nothing. */
import type { InteractionContext, InteractionDeps } from './context.ts';

/** Stores the beginning of the grace where the next page may be put off. Once for each person. */
export const beginGrace = async (
  { users }: Pick<InteractionDeps, 'users'>,
  { step, user }: Pick<InteractionContext, 'step' | 'user'>,
): Promise<void> => {
  const isAsked = step.at === 'enroll' && step.plan.graceUntil !== undefined;
  if (isAsked && user !== undefined && user.enrollmentAskedAt === undefined) await users.beginEnrollmentGrace(user.id);
};
