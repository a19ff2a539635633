/** Computes the current step of a sign-in from its state. Pure, so that every route gets the same step. */
import {
  atLeast,
  highest,
  minimumFor,
  nameOf,
  preferred,
  reached,
  requiredLevel,
  usable,
  type Method,
  type RequiredLevel,
} from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import {
  enrollable,
  enrollmentPlan,
  hasRecovered,
  helpfulInvitations,
  invitationPlan,
  latePlan,
  taskPlan,
  type EnrollmentPlan,
  type EnrollmentSituation,
} from '../src/mfa/enrollment-plan.ts';
import { dueInvitation, type InvitationKind } from '../src/invitations.ts';
import type { Acr, Factor } from '../src/mfa/factor.ts';
import { chosenMinAcr } from '../src/mfa/chosen-min-acr.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { SignIn } from './protocol.ts';

/** The state of one prompt. */
export interface SignInState {
  readonly signIn: Pick<SignIn, 'prompt' | 'required' | 'session' | 'task'> &
    Partial<Pick<SignIn, 'isPrompted' | 'isForDevice'>>;
  /** The person of the proofs in a sign-in, or of the session in a step-up. Absent if not known yet. */
  readonly userId?: string;
  /** True if the account has a method, usable or not. Default: true if `methods` is not empty. */
  readonly hasMethod?: boolean;
  /** True if the person must choose another password before the sign-in ends. */
  readonly mustChangePassword?: boolean;
  readonly methods: readonly Method[];
  /** The name of the method last used in this browser (`nameOf`). */
  readonly lastHere?: string;
  /** The stored proofs of this browser's interaction. */
  readonly proofs: readonly Proof[];
  /** The challenge of this interaction, if there was one. */
  readonly view?: ChallengeView;
  /** What the enrollment of this person depends on beside this state. Absent before the person is known. */
  readonly enrolling?: Pick<EnrollmentSituation, 'user' | 'stored' | 'factors' | 'policy' | 'now'> & {
    /** All factors in use, also those of which this person has the most. */
    readonly inUse: readonly Factor[];
  };
  /** True if the person put off what may be put off, for this sign-in. */
  readonly hasSkipped?: boolean;
  /** The invitation that is shown in this sign-in. */
  readonly invitation?: InvitationKind;
  /** True while the person still names a method that they bound, or saves recovery codes. */
  readonly isSettingUp?: boolean;
  /** In `manage`: true if the sign-in is recent and strong enough to change methods. */
  readonly isFresh?: boolean;
  /** In `manage`: true while a method waits for its proof that was begun while the sign-in was fresh. */
  readonly isProvingInTime?: boolean;
}

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

/** The level that the person chose for themselves. */
const chosenOf = ({ enrolling, proofs }: SignInState): Acr => {
  if (enrolling === undefined) return 'sfa';
  return chosenMinAcr(enrolling.user, {
    proven: proofs.map(({ factor }) => factor),
    // Not `factors`: a person with the most passkeys cannot set up another, and the choice must still hold.
    canEnroll: acr => enrollable(enrolling.inUse, acr).length > 0,
  });
};

/** What the sign-in requires, at least the level that the person chose for themselves. */
export const requiredOf = (state: SignInState): RequiredLevel => {
  const { required } = state.signIn;
  const least = chosenOf(state);
  return { ...required, acr: highest(required.acr, least), minimum: highest(required.minimum, least) };
};

/** True if a remembered browser stands for the second step. */
const isRemembered = ({ proofs }: SignInState): boolean => proofs.some(({ remembered }) => remembered !== undefined);

/** True if the person has a method, and is asked for it. */
const isAskedForMethod = (state: SignInState): boolean =>
  (state.hasMethod ?? state.methods.length > 0) && !isRemembered(state);

/** The level below which no sign-in of this person ends. */
const leastOf = (state: SignInState): Acr => minimumFor(requiredOf(state).minimum, isAskedForMethod(state));

/** The level to reach; undefined: the methods of this person do not reach it. */
const levelOf = (state: SignInState): Acr | undefined => {
  const { methods } = state;
  const required = requiredOf(state);
  const { minimum } = required;
  // A recovery code or pass is used up, so only the minimum is asked for.
  return requiredLevel(hasRecovered(state) ? { acr: minimum, minimum } : required, isAskedForMethod(state), methods);
};

const planOf = (state: SignInState): EnrollmentPlan | undefined => {
  const { enrolling, methods, proofs } = state;
  return enrolling && enrollmentPlan({ ...enrolling, methods, proofs, required: requiredOf(state) });
};

/** True where a method that reaches the level can be set up after a proof of what the person has. */
const mayEnrollAfterProof = (plan: EnrollmentPlan | undefined): boolean =>
  plan !== undefined && plan.offered.length > 0 && !plan.right.open && plan.right.because === 'prove';

/** The level of the methods that are asked for; undefined: none is. */
export const askedLevel = (state: SignInState): Acr | undefined => {
  const provable = mayEnrollAfterProof(planOf(state)) ? 'mfa' : 'sfa';
  // Where a passkey cannot be used now, a weaker method must not open what its owner closed to it.
  const level = levelOf(state) ?? highest(provable, chosenOf(state));
  return level === 'sfa' ? undefined : level;
};

/**
 * Gives the methods that this person may use here, strongest first; recovery codes and passes come last. Routes refuse every
 * other method.
 */
export const methodsFor = (state: SignInState): readonly Method[] => {
  const asked = askedLevel(state);
  if (asked === undefined) return [];
  // What the person chose themselves does not bar a recovery code or pass.
  const least = minimumFor(state.signIn.required.minimum, isAskedForMethod(state));
  // One that does not reach the level still lets the person set up a method that does.
  const maySetUp = state.enrolling !== undefined && enrollable(state.enrolling.factors, least).length > 0;
  const recovering = state.methods.filter(each => each.recovers === true && (maySetUp || atLeast(each.reaches, least)));
  return [...usable(state.methods, asked), ...recovering];
};

/** Gives the default method of the second step; never a recovery code or pass. */
export const firstMethod = (state: SignInState): Method | undefined => {
  const asked = askedLevel(state);
  return asked && preferred(state.methods, asked, state.lastHere);
};

const signingIn = (state: SignInState): Step => {
  const proven = reached(state.proofs);
  if (state.userId === undefined || proven === undefined) return { at: 'password' };
  const level = levelOf(state);
  if (atLeast(proven.acr, level ?? leastOf(state))) return proved(state);
  if (level === undefined || hasRecovered(state)) return unreachable(state);
  return ownChallenge(state) ?? choosing(state);
};

/** The person's methods do not reach the level. They prove one that they have, and set up one that reaches it. */
const unreachable = (state: SignInState): Step => {
  const plan = planOf(state);
  if (plan === undefined || plan.offered.length === 0) return { at: 'unmet' };
  if (plan.right.open) return { at: 'enroll', plan };
  return mayEnrollAfterProof(plan) ? (ownChallenge(state) ?? choosing(state)) : { at: 'unmet' };
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

/** Computes the step of a task. `policy.ts` asked for a fresh sign-in before; each request asks again. */
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

/** Computes the current step: the prompt decides first, then the proofs. */
export const stepOf = (state: SignInState): Step => prompts[state.signIn.prompt](state);
