/** Computes the current step of a sign-in from its state. Pure, so that every route gets the same step. */
import { atLeast, nameOf, reached, type Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import {
  hasRecovered,
  helpfulInvitations,
  invitationPlan,
  latePlan,
  taskPlan,
  type EnrollmentPlan,
} from '../src/mfa/enrollment-plan.ts';
import { dueInvitation } from '../src/invitations.ts';
import type { Sentences } from '../src/locales/sentences.ts';
import type { SignIn } from './protocol.ts';
import {
  firstMethod,
  levelOf,
  mayEnrollAfterProof,
  methodsFor,
  minimumOf,
  planOf,
  requiredOf,
} from './required-level.ts';
import type { SignInState } from './sign-in-state.ts';

/** The step of a sign-in, which decides the page and the accepted forms. */
export type Step =
  | { readonly at: 'password' }
  /** The begin of a step-up: its page names the client, and a button starts the challenge. */
  | { readonly at: 'start'; readonly method: Method }
  | { readonly at: 'factor'; readonly view: ChallengeView }
  /** No challenge exists: the person chooses a method. `first` is the default. */
  | { readonly at: 'choose'; readonly first?: Method }
  /** The person sets up what `plan.next` names: a step of `login`, or the task of `manage`. */
  | { readonly at: 'enroll'; readonly plan: EnrollmentPlan }
  /** No method reaches the required level, and none that does can be set up here. */
  | { readonly at: 'unmet' }
  /** A rule of the operator refuses the sign-in. */
  | { readonly at: 'denied'; readonly sentences: Sentences }
  /** The sign-in is too old or too weak for its task: one POST begins another. */
  | { readonly at: 'stale' }
  /** All proofs are there, but the person must choose another password before the sign-in ends. */
  | { readonly at: 'new-password' }
  /** All proofs are there, but the session of this browser is another person's. */
  | { readonly at: 'switch'; readonly from: string; readonly to: string }
  /** All proofs are there: one POST finishes the sign-in. */
  | { readonly at: 'finish' }
  | { readonly at: 'consent' }
  /** The client asks which account to use: that of the session, or another. */
  | { readonly at: 'select-account' };

const signingIn = (state: SignInState): Step => {
  const proven = reached(state.proofs);
  if (state.userId === undefined || proven === undefined) return { at: 'password' };
  const level = levelOf(state);
  if (atLeast(proven.acr, level ?? minimumOf(state))) return proved(state);
  if (level === undefined || hasRecovered(state)) return unreachable(state);
  return ownChallenge(state) ?? choosing(state);
};

/** The person's methods do not reach the level. They prove one that they have, and set up one that reaches it. */
const unreachable = (state: SignInState): Step => {
  const plan = planOf(state);
  if (plan === undefined || plan.offered.length === 0) return { at: 'unmet' };
  if (plan.right.open) return { at: 'enroll', plan };
  if (!mayEnrollAfterProof(plan)) return { at: 'unmet' };
  // An empty list to choose from says nothing of what is wrong, or of who can help.
  return ownChallenge(state) ?? (methodsFor(state).length > 0 ? choosing(state) : { at: 'unmet' });
};

/** The steps after all proofs. */
const proved = (state: SignInState): Step => {
  const { signIn, userId = '', proofs, mustChangePassword } = state;
  // After the second step: the page must not tell a stranger with the old password that it is to be changed, and by whom.
  if (mustChangePassword === true && proofs.some(({ factor }) => factor === 'password')) return { at: 'new-password' };
  const plan = planOf(state);
  if (plan !== undefined && isNeeded(plan, state)) return { at: 'enroll', plan };
  const invitation = plan?.next === 'nothing' ? invitationOf(state) : undefined;
  if (invitation !== undefined) return { at: 'enroll', plan: invitation };
  const from = signIn.session?.userId;
  return from === undefined || from === userId ? { at: 'finish' } : { at: 'switch', from, to: userId };
};

/**
 * The invitation of this sign-in: the one that is shown, or one that is due. None under `prompt`, for a device, or where no second
 * step was taken: a remembered browser is not stopped. None where the person has set something up, or put something off.
 */
const invitationOf = (state: SignInState): EnrollmentPlan | undefined => {
  const { enrolling, methods, proofs, signIn, hasSkipped, invitation } = state;
  const isUninvited = signIn.isPrompted === true || signIn.isForDevice === true || hasSkipped === true;
  if (enrolling === undefined || enrolling.policy.invites !== true || isUninvited) return undefined;
  if (!proofs.some(({ factor }) => factor !== 'password') || proofs.some(({ enrolled }) => enrolled)) return undefined;
  const situation = { ...enrolling, methods, proofs, required: requiredOf(state) };
  const helpful = helpfulInvitations(situation);
  const kind = invitation ?? dueInvitation(enrolling.user.invitations ?? {}, helpful, enrolling.now);
  if (kind === undefined || !helpful.includes(kind)) return undefined;
  const plan = invitationPlan(kind, situation);
  return plan.right.open ? plan : undefined;
};

const isNeeded = ({ next, right, maySkip }: EnrollmentPlan, { hasSkipped, isSettingUp }: SignInState): boolean => {
  if (isSettingUp === true) return true;
  return next !== 'nothing' && right.open && !(hasSkipped === true && maySkip);
};

const choosing = (state: SignInState): Step => {
  const first = firstMethod(state);
  return { at: 'choose', ...(first !== undefined && { first }) };
};

/** Computes the step of a step-up. Its proofs are not stored, because one proof finishes it. */
const steppingUp = (state: SignInState): Step => {
  const method = firstMethod(state);
  if (method === undefined) return { at: 'unmet' };
  return ownChallenge(state) ?? { at: 'start', method };
};

/** Computes the step of a task. `oidc/prompts/mfa-prompt.ts` asked for a fresh sign-in before; each request asks again. */
const managing = (state: SignInState): Step => {
  const { signIn, methods, proofs, enrolling, isFresh, isSettingUp } = state;
  const { task } = signIn;
  if (task === undefined || enrolling === undefined) return { at: 'unmet' };
  if (isFresh !== true) return lateForTask(state);
  if (task.name === 'test-method') {
    const method = methods.find(each => nameOf(each) === task.method);
    return method === undefined ? { at: 'unmet' } : (ownChallenge(state) ?? { at: 'start', method });
  }
  const plan = taskPlan(task.name, { ...enrolling, methods, proofs }, task.method);
  return plan.next === 'nothing' && isSettingUp !== true ? { at: 'finish' } : { at: 'enroll', plan };
};

/** What was set up in time is named and saved at leisure, and what was begun in time is proven; nothing more is begun. */
const lateForTask = ({ proofs, isSettingUp, isProvingInTime }: SignInState): Step => {
  if (isSettingUp === true) return { at: 'enroll', plan: latePlan('nothing') };
  if (proofs.some(({ enrolled }) => enrolled === true)) return { at: 'finish' };
  return isProvingInTime === true ? { at: 'enroll', plan: latePlan('another') } : { at: 'stale' };
};

const ownChallenge = ({ userId, view }: SignInState): Step | undefined =>
  view !== undefined && view.userId === userId ? { at: 'factor', view } : undefined;

const prompts = {
  login: signingIn,
  mfa: steppingUp,
  manage: managing,
  consent: (): Step => ({ at: 'consent' }),
  select_account: (): Step => ({ at: 'select-account' }),
} as const satisfies Record<SignIn['prompt'], (state: SignInState) => Step>;

/** Computes the current step: a rule that refuses comes first, then the prompt, then the proofs. */
export const stepOf = (state: SignInState): Step => {
  const { denied, prompt } = state.signIn;
  return denied === undefined ? prompts[prompt](state) : { at: 'denied', sentences: denied };
};
