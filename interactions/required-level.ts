/** Computes the level that a sign-in must reach, and the methods that are asked for it. Pure. */
import {
  atLeast,
  highest,
  minimumFor,
  preferred,
  requiredLevel,
  usable,
  type Method,
  type RequiredLevel,
} from '../src/mfa/assurance.ts';
import { chosenMinAcr } from '../src/mfa/chosen-min-acr.ts';
import { enrollable } from '../src/mfa/enrollment-offers.ts';
import { enrollmentPlan, hasRecovered, type EnrollmentPlan } from '../src/mfa/enrollment-plan.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { passkeyType } from '../src/mfa/passkeys/data.ts';
import type { SignInState } from './sign-in-state.ts';

/** The lowest level that the person chose. */
export const chosenBy = ({ enrolling, proofs }: SignInState): Acr => {
  if (enrolling === undefined) return 'sfa';
  return chosenMinAcr(enrolling.user, {
    proven: proofs.map(({ factor }) => factor),
    // Not `factors`: a person with ten passkeys cannot set up another, and the choice must still hold.
    canEnroll: acr => enrollable(enrolling.inUse, acr).length > 0,
  });
};

/** What the request requires, raised to the level that the person chose. */
export const requiredOf = (state: SignInState): RequiredLevel => {
  const { required } = state.signIn;
  const chosen = chosenBy(state);
  return { ...required, acr: highest(required.acr, chosen), minimum: highest(required.minimum, chosen) };
};

/** True if a remembered browser takes the place of the second step. */
const isRemembered = ({ proofs }: SignInState): boolean => proofs.some(({ remembered }) => remembered !== undefined);

/** True if the person has a method that this sign-in asks for. */
export const needsSecondStep = (state: SignInState): boolean =>
  (state.hasMethod ?? state.methods.length > 0) && !isRemembered(state);

/** The lowest level at which this sign-in may end. */
export const minimumOf = (state: SignInState): Acr => minimumFor(requiredOf(state).minimum, needsSecondStep(state));

/** The level to reach; undefined: the methods of this person do not reach it. */
export const levelOf = (state: SignInState): Acr | undefined => {
  const { methods } = state;
  const required = requiredOf(state);
  const { minimum } = required;
  // A recovery code or pass is used up, so only the minimum is asked for.
  return requiredLevel(hasRecovered(state) ? { acr: minimum, minimum } : required, needsSecondStep(state), methods);
};

/** What the person must or may set up in this sign-in; undefined: the person is not known. */
export const planOf = (state: SignInState): EnrollmentPlan | undefined => {
  const { enrolling, methods, proofs } = state;
  return enrolling && enrollmentPlan({ ...enrolling, methods, proofs, required: requiredOf(state) });
};

/** True where a method that reaches the level can be set up after a proof of what the person has. */
export const mayEnrollAfterProof = (plan: EnrollmentPlan | undefined): boolean =>
  plan !== undefined && plan.offered.length > 0 && !plan.right.open && plan.right.because === 'prove';

/** The level of the methods that are asked for; undefined: none is. */
export const askedLevel = (state: SignInState): Acr | undefined => {
  const provable = mayEnrollAfterProof(planOf(state)) ? 'mfa' : 'sfa';
  // Where no passkey can be used now, a weaker method must not replace the one that the person insists on.
  const level = levelOf(state) ?? highest(provable, chosenBy(state));
  return level === 'sfa' ? undefined : level;
};

/**
 * Gives the methods that this person may use here, strongest first; recovery codes and passes come last. Routes refuse every
 * other method.
 */
export const methodsFor = (state: SignInState): readonly Method[] => {
  const asked = askedLevel(state);
  if (asked === undefined) return [];
  // A recovery code or pass is offered whatever the person chose.
  const minimum = minimumFor(state.signIn.required.minimum, needsSecondStep(state));
  // One that does not reach the level still lets the person set up a method that does.
  const maySetUp = state.enrolling !== undefined && enrollable(state.enrolling.factors, minimum).length > 0;
  const { prompt, factors } = state.signIn;
  // A step-up ends with its one proof, which must be an allowed one.
  const isAllowed = ({ factor }: Method): boolean =>
    factors?.includes(factor) !== false || (prompt !== 'mfa' && maySetUp);
  const recovering = state.methods.filter(
    each => each.recovers === true && (maySetUp || atLeast(each.reaches, minimum)) && isAllowed(each),
  );
  return [...usable(state.methods, asked), ...recovering];
};

/** Whether a passkey may be both steps here. One that may not be would lead the person back to the same page. */
export const acceptsPasskey = ({ factors }: Pick<SignInState['signIn'], 'factors'>): boolean =>
  factors?.includes(passkeyType) !== false;

/** True for a challenge of this method. */
export const isAbout = (view: ChallengeView | undefined, { factor, chosen }: Method): view is ChallengeView =>
  view?.factor === factor && view.chosen === chosen;

/** True if the person can use another method than the one that is asked for, which may have been removed since. */
export const hasOtherMethod = (state: SignInState): boolean => {
  const { userId, view } = state;
  const methods = methodsFor(state);
  const isRemoved = view !== undefined && view.userId === userId && !methods.some(each => isAbout(view, each));
  return methods.length > (isRemoved ? 0 : 1);
};

/** Gives the default method of the second step; never a recovery code or pass. */
export const firstMethod = (state: SignInState): Method | undefined => {
  const asked = askedLevel(state);
  return asked && preferred(state.methods, asked, state.lastHere);
};
