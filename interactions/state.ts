/** Makes the state of a sign-in, from which `step.ts` computes the step: what is stored of its person, methods and proofs. */
import { isLive } from '../src/mfa/challenge-state/view.ts';
import type { Challenges } from '../src/mfa/challenge/challenges.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/loaded-challenge.ts';
import { allowedFactors } from '../src/mfa/allowed-factors.ts';
import { highest, nameOf, type Method } from '../src/mfa/assurance.ts';
import type { StoredAuthenticator } from '../src/mfa/sealed-authenticators.ts';
import { openTo } from '../src/mfa/enrollment-offers.ts';
import { isAskedAlways, type EnrollmentPolicy } from '../src/mfa/enrollment-plan.ts';
import type { Acr, Factor } from '../src/mfa/factor.ts';
import { mayManage } from '../src/mfa/may-manage.ts';
import { signInMethodsOf, type Methods } from '../src/mfa/methods.ts';
import { pairingTime } from '../src/mfa/push/pairing-record.ts';
import type { Pairings } from '../src/mfa/push/pairings.ts';
import type { BrowserInteraction, ProofSet } from '../src/mfa/sign-in-proofs.ts';
import { decide } from '../src/policy/decide.ts';
import { personFacts } from '../src/oidc/prompts/policy-facts.ts';
import type { Decision, PersonFacts, Policy } from '../src/policy/policy.ts';
import type { Clock, EpochMillis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import type { IsBreakGlass } from '../src/users/break-glass.ts';
import { lastMethodOf, type KnownBrowser } from '../src/users/known-browser.ts';
import { enrollmentBinding, isUnfinished, type EnrollmentDraft, type EnrollmentDrafts } from './enrollment-draft.ts';
import { countingProofs } from './counting-proofs.ts';
import { pairingOwner } from './pairing-owner.ts';
import type { SignIn } from './protocol.ts';
import type { SignInState } from './sign-in-state.ts';
import { stepOf } from './step.ts';

/** The services and settings on which the state depends. */
export interface StateDeps {
  readonly methods: Methods;
  /** The methods that each person is to have. */
  readonly enrollmentPolicy: EnrollmentPolicy;
  readonly factors: readonly Factor[];
  readonly challenges: Challenges;
  readonly pairings: Pick<Pairings, 'view'>;
  readonly enrollmentDrafts: EnrollmentDrafts;
  readonly isBreakGlass: IsBreakGlass;
  /** The operator's rules, and the lowest level that this server accepts. */
  readonly policy: Policy;
  readonly minimum: Acr;
  readonly clock: Clock;
}

/** The stored values of a sign-in with a known person. */
interface Known {
  readonly signIn: SignIn;
  readonly browserInteraction: BrowserInteraction;
  readonly user: User;
  /** The authenticators of the person. */
  readonly stored: readonly StoredAuthenticator[];
  readonly knownBrowser?: KnownBrowser | undefined;
  readonly proofSet?: ProofSet | undefined;
  readonly challenge?: LoadedChallenge | undefined;
}

/** The sign-in, with what this person needs, at this address and now: a rule may be about their groups. */
export const signInFor = (
  deps: Pick<StateDeps, 'isBreakGlass' | 'policy' | 'minimum' | 'clock'>,
  signIn: SignIn,
  { user, address }: { readonly user: User | undefined; readonly address: string },
): SignIn => {
  const { required, requiredByClient = required } = signIn;
  const begun = user !== undefined && deps.isBreakGlass(user) ? requiredByClient : required;
  const person = user && personFacts(deps, user, { hasMethod: false });
  const { acr, factors, denied } = decisionFor(deps, signIn, { person, address }).required;
  return {
    ...signIn,
    required: { ...begun, acr: highest(begun.acr, acr), minimum: highest(begun.minimum, acr) },
    ...(factors !== undefined && { factors }),
    ...(denied !== undefined && { denied: denied.sentences }),
  };
};

/** What the policy decides about this sign-in. */
export const decisionFor = (
  { policy, minimum, clock }: Pick<StateDeps, 'policy' | 'minimum' | 'clock'>,
  { policyFacts }: Pick<SignIn, 'policyFacts'>,
  { person, address }: { readonly person: PersonFacts | undefined; readonly address: string },
): Decision => decide(policy, { server: minimum, ...policyFacts, ...(person && { person }), address, at: clock() });

/** A state, with the unfinished entries of a person who sets up a method. */
interface ReadState {
  readonly state: SignInState;
  readonly enrollmentDraft?: EnrollmentDraft | undefined;
}

/** The state of a sign-in. Without `user` nobody has proven a password. */
export const readState = async (
  deps: StateDeps,
  { user, ...rest }: Omit<Known, 'user'> & { readonly user: User | undefined },
): Promise<ReadState> => {
  if (user !== undefined) return stateOfPerson(deps, { ...rest, user });
  const { signIn, challenge } = rest;
  return { state: { signIn, methods: [], proofs: [], ...(challenge !== undefined && { view: challenge.view }) } };
};

const stateOfPerson = async (deps: StateDeps, known: Known): Promise<ReadState> => {
  const { signIn, user, knownBrowser, proofSet, challenge } = known;
  const isTask = signIn.prompt === 'manage';
  const isFresh = isTask && (await isFreshHere(deps, known, deps.clock()));
  const isProvingInTime = isTask && !isFresh && (await isProving(deps, known));
  const methods = await methodsHere(deps, known);
  const lastHere = lastMethodOf(knownBrowser, user.id);
  const state: SignInState = {
    signIn,
    userId: user.id,
    methods,
    hasMethod: isAskedAlways(user, methods),
    isFresh,
    isProvingInTime,
    proofs: countingProofs(user, proofSet?.proofs ?? [], signIn.factors),
    enrolling: situationOf(deps, known),
    ...(user.passwordChangeRequiredAt !== undefined && { mustChangePassword: true }),
    ...(proofSet?.hasSkipped === true && { hasSkipped: true }),
    ...(proofSet?.invitation !== undefined && { invitation: proofSet.invitation }),
    ...(lastHere !== undefined && { lastHere }),
    ...(challenge !== undefined && { view: challenge.view }),
  };
  const enrollmentDraft = await enrollmentDraftOf(deps, known, state);
  return { state: { ...state, isSettingUp: isUnfinished(enrollmentDraft) }, enrollmentDraft };
};

/** Unfinished entries of a person who sets up a method. They are read only then, so that a usual sign-in costs no read. */
const enrollmentDraftOf = async (
  { enrollmentDrafts }: StateDeps,
  { signIn, user }: Known,
  state: SignInState,
): Promise<EnrollmentDraft | undefined> => {
  const hasEnrolled = state.proofs.some(({ enrolled }) => enrolled === true);
  const isAsked = state.invitation !== undefined || stepOf(state).at === 'enroll';
  return hasEnrolled || isAsked ? enrollmentDrafts.read(signIn.id, user.id) : undefined;
};

const situationOf = (
  { factors, enrollmentPolicy, isBreakGlass, clock }: StateDeps,
  { signIn, user, stored }: Known,
): NonNullable<SignInState['enrolling']> => ({
  user,
  stored,
  factors: openTo(user, stored, allowedFactors(factors, signIn.factors)),
  inUse: factors,
  policy: isBreakGlass(user) ? { ...enrollmentPolicy, requiredMethods: 0 } : enrollmentPolicy,
  now: clock(),
});

/**
 * The methods of the person that may be the second step. Where the strongest level is wanted, disabled methods do not count: they
 * cannot prove it.
 */
const methodsHere = async (
  { methods, factors }: StateDeps,
  { signIn, user, stored }: Known,
): Promise<readonly Method[]> => {
  const all = signInMethodsOf(user, stored, factors).filter(
    // One that stands for a lost method lets the person set up another, also where it is not enough itself.
    ({ recovers, factor }) => recovers === true || signIn.factors?.includes(factor) !== false,
  );
  if (signIn.required.strongest !== true) return all;
  const enabled = await methods.usableBy(user);
  return all.filter(each => each.recovers === true || enabled.some(other => nameOf(other) === nameOf(each)));
};

/** Whether the session of a task is recent and strong enough, as it is stored now, for what begins at `at`. */
const isFreshHere = async ({ methods }: StateDeps, { signIn, user }: Known, at: EpochMillis): Promise<boolean> => {
  const times = signIn.session?.times;
  return times !== undefined && mayManage(user, times, await methods.usableBy(user), at);
};

/**
 * Whether the method of a task waits for its proof that was begun in time: an app may have to be installed first. It is judged by the
 * methods of now, so that a password which was enough to begin is not enough once the account has a method.
 */
const isProving = async (deps: StateDeps, known: Known): Promise<boolean> => {
  if (known.signIn.task?.name !== 'add-method') return false;
  const begunAt = (await pairingBegunAt(deps, known)) ?? (await challengeBegunAt(deps, known));
  return begunAt !== undefined && isFreshHere(deps, known, begunAt);
};

const challengeBegunAt = async (
  { challenges }: StateDeps,
  { signIn, user }: Known,
): Promise<EpochMillis | undefined> => {
  const view = await challenges.current(enrollmentBinding(signIn.id));
  return view?.userId === user.id && isLive(view) ? view.begunAt : undefined;
};

/** The test of a device begins later than its pairing, in which the authenticator may have to be opened on a phone first. */
const pairingBegunAt = async ({ pairings }: StateDeps, known: Known): Promise<EpochMillis | undefined> => {
  const pairing = await pairings.view(pairingOwner(known, known.user));
  return pairing === undefined || pairing.state === 'ended' ? undefined : pairing.expiresAt - pairingTime;
};
