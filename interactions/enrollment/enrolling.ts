/** Reads the state of an enrollment once for each request, and decides which page is shown. */
import { Problem } from '../../src/errors.ts';
import type { EnrollmentPlan } from '../../src/mfa/enrollment-plan.ts';
import { authenticatorOf, type Factor } from '../../src/mfa/factor.ts';
import { isLive, type ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import type { PairingView } from '../../src/mfa/push/pairings.ts';
import type { EnrollFrame } from '../../web/pages/enroll-props.ts';
import { userContext, type InteractionContext, type InteractionDeps, type UserContext } from '../context.ts';
import { enrollmentBinding, type EnrollmentDraft } from '../enrollment-draft.ts';
import { pairingOwner } from '../pairing-owner.ts';

/** A context in which the person may set up a method. */
export type Enrolling = UserContext & {
  readonly plan: EnrollmentPlan;
  readonly enrollmentDraft: EnrollmentDraft;
  /** Binds the challenges of this enrollment. Another name than that of the sign-in: both may have one at a time. */
  readonly binding: string;
  /** The challenge of this enrollment. */
  readonly view?: ChallengeView;
  /** The pairing under way. */
  readonly pairing?: PairingView;
};

/** The page that is shown, in the order in which they come. */
export type Place = 'saving-codes' | 'naming' | 'proving' | 'pairing' | 'making-codes' | 'choosing' | 'barred';

/** `phone` for all factors over a telephone, else the type of the factor. */
export const kindOf = (factor: Factor): string => (factor.enrolls === 'phone' ? authenticatorOf(factor) : factor.type);

/** The offered factors of a kind. Routes refuse every other factor. */
export const offeredOf = ({ factors }: InteractionDeps, { plan }: Enrolling, kind: string): readonly Factor[] =>
  factors.filter(factor => kindOf(factor) === kind && plan.offered.some(({ type }) => type === factor.type));

/** Reads an enrollment; undefined: the sign-in is at another step. */
export const readEnrolling = async (
  deps: InteractionDeps,
  context: InteractionContext,
): Promise<Enrolling | undefined> => {
  if (context.step.at !== 'enroll') return undefined;
  const known = userContext(context);
  const binding = enrollmentBinding(context.signIn.id);
  const { enrollmentDraft = { userId: known.user.id } } = context;
  const view = await deps.challenges.current(binding);
  const own = view?.userId === known.user.id && { view };
  const pairing =
    enrollmentDraft.isPairing === true ? await deps.pairings.view(pairingOwner(context, known.user)) : undefined;
  return {
    ...known,
    plan: context.step.plan,
    enrollmentDraft,
    binding,
    ...own,
    ...(pairing !== undefined && { pairing }),
  };
};

/** Whether the page shows this challenge: it is neither finished nor cancelled for another method. */
const isShown = (view: ChallengeView | undefined): view is ChallengeView =>
  view !== undefined && view.phase !== 'redeemed' && view.reason !== 'cancelled';

/** The place of what is under way. A test that ended is shown while its pairing holds: a new pairing replaces its page. */
const placeOfAttempt = ({ enrollmentDraft, view, pairing }: Enrolling): 'proving' | 'pairing' | undefined => {
  const isProving = isShown(view);
  if (enrollmentDraft.isPairing !== true) return isProving ? 'proving' : undefined;
  return isProving && (isLive(view) || pairing?.state === 'confirmed') ? 'proving' : 'pairing';
};

/** True where a proof may be finished and none begun. */
export const isLate = ({ right }: EnrollmentPlan): boolean => !right.open && right.because === 'late';

/** The page to show. Naming a bound method and saving codes come first, so that neither is lost. */
export const placeOf = (enrolling: Enrolling): Place => {
  const { plan, enrollmentDraft } = enrolling;
  if (enrollmentDraft.codes !== undefined) return 'saving-codes';
  if (enrollmentDraft.unnamed !== undefined) return 'naming';
  if (plan.next === 'recovery-codes') return 'making-codes';
  const attempt = placeOfAttempt(enrolling);
  if (isLate(plan) && attempt !== undefined) return attempt;
  if (!plan.right.open || plan.offered.length === 0) return 'barred';
  return attempt ?? 'choosing';
};

/** The challenge at this place. @throws Problem 'internal' without one. */
export const provingView = ({ view }: Enrolling): ChallengeView => {
  if (view === undefined) throw new Problem('internal', 'got no challenge, expected one of the enrollment');
  return view;
};

/** The steps of a person whom the policy leads: the methods that it requires, then recovery codes. */
const progressOf = (deps: InteractionDeps, { plan, signIn, enrollmentDraft }: Enrolling): EnrollFrame['progress'] => {
  if (signIn.prompt !== 'login' || plan.invitation !== undefined) return undefined;
  const codes = deps.recoveryCodes.isInUse ? 1 : 0;
  const methods = Math.max(1, deps.enrollmentPolicy.requiredMethods);
  const of = methods + codes;
  if (of === 1) return undefined;
  const places = {
    'first-method': 1,
    level: 1,
    backup: methods,
    passkey: 1,
    authenticator: 1,
    another: 1,
    'recovery-codes': of,
  };
  const next = plan.next === 'nothing' ? of + 1 : places[plan.next];
  // The method without a name counts as set up already.
  const at = enrollmentDraft.unnamed !== undefined && enrollmentDraft.codes === undefined ? next - 1 : next;
  return { at: Math.min(of, Math.max(1, at)), of };
};

/** The props that every page of an enrollment has. */
export const enrollFrame = (deps: InteractionDeps, enrolling: Enrolling): EnrollFrame => {
  const progress = progressOf(deps, enrolling);
  return { ...enrolling.frame, account: enrolling.user.name, ...(progress !== undefined && { progress }) };
};
