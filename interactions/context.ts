/** Reads the state of a sign-in once for each request, so that every route decides from the same values. */
import type { Context } from 'koa';
import type { PasswordResets } from '../src/account/password-reset.ts';
import type { CountedAudit } from '../src/counted-audit.ts';
import { sha256 } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { wordsFor } from '../src/http/language.ts';
import type { Words } from '../src/locales/wording.ts';
import { activeAccount } from '../src/locked-account.ts';
import type { Log } from '../src/log.ts';
import type { Authenticators, StoredAuthenticator } from '../src/mfa/authenticators.ts';
import type { Enrollments } from '../src/mfa/challenge/enrollments.ts';
import type { Challenges } from '../src/mfa/challenge/challenges.ts';
import type { Resend } from '../src/mfa/challenge/resend.ts';
import { isLive, type SharingTerms } from '../src/mfa/challenge/record.ts';
import type { RunningCall, RunningMessages } from '../src/mfa/challenge/running-messages.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/store.ts';
import type { Factor } from '../src/mfa/factor.ts';
import type { FailedAttempts } from '../src/mfa/limits/failed-attempts.ts';
import { nameOf, type Method } from '../src/mfa/assurance.ts';
import { isAskedAlways, openTo, type EnrollmentPolicy } from '../src/mfa/enrollment-plan.ts';
import { isRecoveryFactor } from '../src/mfa/recovery-types.ts';
import { mayManage } from '../src/mfa/may-manage.ts';
import { signInMethodsOf, type Methods } from '../src/mfa/methods.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { Reach } from '../src/mfa/phone-number.ts';
import type { RecoveryCodes } from '../src/mfa/recovery-codes.ts';
import type { BrowserInteraction, ProofSet, SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import type { Ephemeral } from '../src/ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import type { NewBrowsers } from '../src/notices/new-browser.ts';
import type { Recovery } from '../src/recovery/recovery.ts';
import type { Notices } from '../src/notice.ts';
import { referenceFor } from '../src/reference.ts';
import { lastMethodOf, type KnownDevice } from '../src/users/known-device.ts';
import type { IsBreakGlass } from '../src/users/break-glass.ts';
import type { Passwords } from '../src/users/password.ts';
import { isEnded } from '../src/oidc/ended-sessions.ts';
import type { SetUpRequests } from '../src/users/set-up-requests.ts';
import type { Users } from '../src/users/users.ts';
import { forgottenFrom } from '../web/pages/links.ts';
import type { DeveloperNotes, Frame, StepFrame } from '../web/pages/props.ts';
import type { Cookies } from './cookies.ts';
import { enrollmentBinding, isUnfinished, type Conversation, type Conversations } from './conversation.ts';
import type { OpenSignIn, Protocol, SignIn } from './protocol.ts';
import { methodsFor, stepOf, type SignInState, type Step } from './step.ts';

/** The services and settings that the interaction handlers use. */
export interface InteractionDeps {
  readonly protocol: Protocol;
  readonly issuer: URL;
  readonly cookies: Cookies;
  readonly users: Users;
  readonly setUpRequests: SetUpRequests;
  readonly passwords: Passwords;
  readonly authenticators: Authenticators;
  readonly methods: Methods;
  /** The methods that each person is to have. */
  readonly enrollmentPolicy: EnrollmentPolicy;
  readonly factors: readonly Factor[];
  readonly challenges: Challenges;
  readonly passwordResets: Pick<PasswordResets, 'isOn'>;
  readonly resend: Resend;
  readonly enrollments: Pick<Enrollments, 'begin' | 'finish'>;
  readonly conversations: Conversations;
  readonly recoveryCodes: Pick<RecoveryCodes, 'isInUse' | 'renew'>;
  /** The numbers that may be bound. */
  readonly reach?: Reach;
  readonly runningMessages: RunningMessages;
  readonly signInProofs: SignInProofs;
  readonly recovery: Recovery;
  readonly newBrowsers: Pick<NewBrowsers, 'note'>;
  readonly isBreakGlass: IsBreakGlass;
  readonly notices: Pick<Notices, 'tellAdministrators'>;
  readonly failedAttempts: Pick<FailedAttempts, 'blockedBy'>;
  readonly ephemeral: Ephemeral;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long calls to an account pause after "this was not me". */
  readonly pause: Millis;
  /** What pages add for developers, in a development environment. */
  readonly developerNotes?: DeveloperNotes;
  /** The caller ID that a called telephone shows, spaced for display. */
  readonly callerId?: string;
}

/** The state of one sign-in, as one request reads it. */
export interface InteractionContext {
  readonly signIn: SignIn;
  /** Writes the result of the prompt; see `OpenSignIn`. */
  readonly finish: OpenSignIn['finish'];
  /** Gives the prompt more time; see `OpenSignIn`. */
  readonly extend: OpenSignIn['extend'];
  /** Finds out whether another tab has signed in meanwhile; see `OpenSignIn`. */
  readonly signedInElsewhere: OpenSignIn['signedInElsewhere'];
  readonly browserInteraction: BrowserInteraction;
  /** The accounts that were used in this browser before, from its cookie. */
  readonly device?: KnownDevice;
  /** Binds challenges to this sign-in: the name under which they are stored. */
  readonly boundTo: string;
  /** The reference for support, which pages and log lines show. */
  readonly reference: string;
  readonly words: Words;
  /** The proofs of this browser, as stored when the request read them. */
  readonly proofSet?: ProofSet;
  /** The challenge of this sign-in, as stored when the request read it. */
  readonly challenge?: LoadedChallenge;
  /** Unfinished entries of a person who sets up a method. */
  readonly conversation?: Conversation;
  /** The other call to this person, where it is the reason why this sign-in could not call. */
  readonly runningCall?: RunningCall;
  /** The person. Absent before the password was right. */
  readonly user?: User;
  /** The person of this browser's session, if it is another person than `user`. */
  readonly other?: User;
  readonly state: SignInState;
  /** The authenticators of the person. */
  readonly stored: readonly StoredAuthenticator[];
  readonly step: Step;
  /** Page that mails a link to a new password. Absent: no mail is sent. */
  readonly resetAt?: string;
  /** The props that every page has. */
  readonly frame: Frame;
}

/** A context with a known person. */
export type UserContext = InteractionContext & { readonly user: User };

/** The part of a context that does not change while a request is served. */
type Opened = Pick<
  InteractionContext,
  'signIn' | 'finish' | 'extend' | 'signedInElsewhere' | 'browserInteraction' | 'boundTo' | 'device'
>;

/** The stored values of a sign-in, before its state is computed. */
interface Read extends Opened {
  readonly proofSet?: ProofSet | undefined;
  readonly challenge?: LoadedChallenge | undefined;
  readonly user?: User | undefined;
}

/**
 * Reads the context of a request.
 * @throws Problem 'sign-in-lost' if the sign-in has ended or never existed, or if its account is locked or gone.
 * @throws Problem 'sign-in-elsewhere' if another browser holds the interaction or began this sign-in.
 */
export const readContext = async (deps: InteractionDeps, ctx: Context, id: string): Promise<InteractionContext> => {
  const { signIn, finish, extend, signedInElsewhere } = await deps.protocol.open(ctx, id);
  referenceFor(ctx, signIn.flow);
  const isKnown = deps.cookies.isKnown(ctx);
  const browserInteraction = { interaction: id, browser: deps.cookies.browser(ctx) };
  const device = isKnown ? deps.cookies.device(ctx) : undefined;
  const boundTo = `sign-in:${signIn.id}`;
  const opened = {
    signIn,
    finish,
    extend,
    signedInElsewhere,
    browserInteraction,
    boundTo,
    ...(device !== undefined && { device }),
  };
  // A browser without our cookie has begun no sign-in: its first page shows nothing of one, so nothing is read for it. A form
  // is different. With a copied interaction cookie it could end the sign-in, or the call, of the browser that holds them.
  const isFirstPage = !isKnown && signIn.prompt === 'login' && ctx.method !== 'POST';
  return isFirstPage ? compose(deps, ctx, opened) : readAgain(deps, ctx, opened);
};

/**
 * Reads the stored values of the same sign-in again, after a proof was added or a challenge changed.
 * @throws Problem 'sign-in-lost' if the account of a step-up or consent is locked or gone.
 * @throws Problem 'sign-in-elsewhere' if another browser began this sign-in.
 */
export const readAgain = async (deps: InteractionDeps, ctx: Context, opened: Opened): Promise<InteractionContext> => {
  const { signInProofs, challenges, ephemeral, users } = deps;
  const { signIn, browserInteraction, boundTo } = opened;
  const isLogin = signIn.prompt === 'login';
  // A task keeps the proofs of what is set up in it.
  const keepsProofs = isLogin || signIn.prompt === 'manage';
  const [record, entry] = await ephemeral.getMany(challenges.keyOf(boundTo), signInProofs.keyOf(browserInteraction));
  // The interaction cookie is not enough. Refuse the request of another browser before anything else is read or changed.
  if (signInProofs.isOfAnotherBrowser(browserInteraction, entry)) throw beganElsewhere();
  // The request may be kept in the browser: a copy of it must not revive a sign-in that has ended.
  if (isLogin && signInProofs.isEnded(entry)) throw new Problem('sign-in-lost', 'got a sign-in that has ended');
  const proofSet = keepsProofs ? signInProofs.ownProofs(browserInteraction, entry) : undefined;
  const challenge = record && (await challenges.load(record));
  const userId = isLogin ? proofSet?.userId : signIn.session?.userId;
  const user = userId === undefined ? undefined : activeAccount(await users.get(userId));
  // What ends the sessions of an account ends its sign-ins too: nobody sets up a method with a password from before.
  if (isLogin && user !== undefined && proofSet !== undefined && isOver(proofSet, user)) {
    return compose(deps, ctx, { ...opened, challenge });
  }
  const isTaskOver = signIn.prompt === 'manage' && user !== undefined && isSessionOver(signIn, user);
  if ((user === undefined && !isLogin) || isTaskOver) {
    throw new Problem('sign-in-lost', `the account of this ${signIn.prompt} cannot be used any more`);
  }
  return compose(deps, ctx, { ...opened, proofSet, challenge, user });
};

/** True where all sign-ins of the account from before were ended since these proofs. The newest password tells their time. */
export const isOver = ({ proofs }: Pick<ProofSet, 'proofs'>, user: User): boolean => {
  const first = proofs.findLast(({ factor }) => factor === 'password') ?? proofs[0];
  return first !== undefined && isEnded(user, { at: first.at / 1000 });
};

/**
 * The proofs that count: not those of a method that was removed since. A recovery code or pass that was used up still proves its
 * sign-in.
 */
export const countingProofs = (user: User, proofs: readonly Proof[]): readonly Proof[] =>
  proofs.filter(
    ({ factor, authenticator: id }) => id === undefined || isRecoveryFactor(factor) || user.authenticators.includes(id),
  );

const isSessionOver = ({ session }: SignIn, user: User): boolean =>
  session?.times !== undefined && isEnded(user, { at: session.times.authTime, session: session.id });

/** Computes the context after a correct password, without reading proofs and challenge again. */
export const afterPassword = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  { user, proofSet }: { readonly user: User; readonly proofSet: ProofSet },
): Promise<UserContext> => ({ ...(await compose(deps, ctx, { ...context, proofSet, user })), user });

/** Unfinished entries of a person who sets up a method. They are read only then, so that a usual sign-in costs no read. */
const conversationOf = async (
  { conversations }: InteractionDeps,
  { id }: SignIn,
  user: User,
  state: SignInState,
): Promise<Conversation | undefined> => {
  const hasEnrolled = state.proofs.some(({ enrolled }) => enrolled === true);
  const isAsked = state.invitation !== undefined || stepOf(state).at === 'enroll';
  return hasEnrolled || isAsked ? conversations.read(id, user.id) : undefined;
};

const situationOf = (
  { factors, enrollmentPolicy, isBreakGlass, clock }: InteractionDeps,
  user: User,
  stored: readonly StoredAuthenticator[],
): NonNullable<SignInState['enrolling']> => ({
  user,
  stored,
  factors: openTo(user, stored, factors),
  policy: isBreakGlass(user) ? { ...enrollmentPolicy, requiredMethods: 0 } : enrollmentPolicy,
  now: clock(),
});

/** The sign-in, with the level that this person needs. */
const signInOf = ({ isBreakGlass }: InteractionDeps, { signIn, user }: Read): SignIn => {
  const { required, requiredByClient = required } = signIn;
  return user !== undefined && isBreakGlass(user) ? { ...signIn, required: requiredByClient } : signIn;
};

const compose = async (deps: InteractionDeps, ctx: Context, read: Read): Promise<InteractionContext> => {
  const { browserInteraction, boundTo, device, proofSet, challenge, user } = read;
  const signIn = signInOf(deps, read);
  const stored = user === undefined ? [] : await deps.authenticators.of(user);
  const isTask = user !== undefined && signIn.prompt === 'manage';
  const isFresh = isTask && (await isFreshHere(deps, signIn, user, deps.clock()));
  const isProvingInTime = isTask && !isFresh && (await isProving(deps, signIn, user));
  const lastHere = user && lastMethodOf(device, user.id);
  const methods = user === undefined ? [] : await methodsHere(deps, signIn, user, stored);
  const known: SignInState = {
    signIn,
    methods,
    isFresh,
    isProvingInTime,
    proofs: user === undefined ? [] : countingProofs(user, proofSet?.proofs ?? []),
    ...(user !== undefined && { userId: user.id, hasMethod: isAskedAlways(user, methods) }),
    ...(user?.passwordChangeRequiredAt !== undefined && { mustChangePassword: true }),
    ...(proofSet?.hasSkipped === true && { hasSkipped: true }),
    ...(proofSet?.invitation !== undefined && { invitation: proofSet.invitation }),
    ...(user !== undefined && { enrolling: situationOf(deps, user, stored) }),
    ...(lastHere !== undefined && { lastHere }),
    ...(challenge !== undefined && { view: challenge.view }),
  };
  const conversation = user && (await conversationOf(deps, signIn, user, known));
  const state = { ...known, isSettingUp: isUnfinished(conversation) };
  const step = stepOf(state);
  const other = step.at === 'switch' ? await deps.users.get(step.from) : undefined;
  const isTaken = step.at === 'factor' && step.view.reason === 'elsewhere';
  const runningCall = isTaken
    ? await deps.runningMessages.runningCall(step.view.userId, sha256(browserInteraction.browser))
    : undefined;
  const reference = referenceFor(ctx, signIn.flow);
  const { name, uri } = signIn.client;
  return {
    signIn,
    finish: read.finish,
    extend: read.extend,
    signedInElsewhere: read.signedInElsewhere,
    browserInteraction,
    boundTo,
    reference,
    words: wordsFor(ctx, { asked: signIn.languages, person: user?.language }),
    state,
    stored,
    step,
    ...(deps.passwordResets.isOn && { resetAt: forgottenFrom(signIn.id) }),
    frame: {
      uid: signIn.id,
      client: { name, ...(uri !== undefined && { uri }) },
      reference,
      now: deps.clock(),
      ...(deps.developerNotes !== undefined && { developerNotes: deps.developerNotes }),
    },
    ...(device !== undefined && { device }),
    ...(proofSet !== undefined && { proofSet }),
    ...(challenge !== undefined && { challenge }),
    ...(conversation !== undefined && { conversation }),
    ...(runningCall !== undefined && { runningCall }),
    ...(user !== undefined && { user }),
    ...(other !== undefined && { other }),
  };
};

/** The methods of the person. Where the strongest level is wanted, disabled methods do not count: they cannot prove it. */
const methodsHere = async (
  { methods, factors }: InteractionDeps,
  { required }: SignIn,
  user: User,
  stored: readonly StoredAuthenticator[],
): Promise<readonly Method[]> => {
  const all = signInMethodsOf(user, stored, factors);
  if (required.strongest !== true) return all;
  const enabled = await methods.usableBy(user);
  return all.filter(each => each.recovers === true || enabled.some(other => nameOf(other) === nameOf(each)));
};

/** Whether the session of a task is recent and strong enough, as it is stored now, for what begins at `at`. */
const isFreshHere = async (
  { methods }: InteractionDeps,
  { session }: SignIn,
  user: User,
  at: EpochMillis,
): Promise<boolean> => {
  const times = session?.times;
  return times !== undefined && mayManage(user, times, await methods.usableBy(user), at);
};

/**
 * Whether the method of a task waits for its proof that was begun in time: an app may have to be installed first. It is judged by the
 * methods of now, so that a password which was enough to begin is not enough once the account has a method.
 */
const isProving = async (deps: InteractionDeps, signIn: SignIn, user: User): Promise<boolean> => {
  if (signIn.task?.name !== 'add-method') return false;
  const view = await deps.challenges.current(enrollmentBinding(signIn.id));
  if (view?.userId !== user.id || !isLive(view)) return false;
  return isFreshHere(deps, signIn, user, view.begunAt);
};

/** Makes the terms on which another sign-in may use a challenge of this one: same browser, prompt, client and level. */
export const sharingTerms = ({ signIn, browserInteraction }: InteractionContext): SharingTerms => {
  const { prompt, client, required } = signIn;
  return {
    browser: sha256(browserInteraction.browser),
    approves: JSON.stringify([prompt, client.id, required.acr, required.minimum]),
  };
};

/** Makes the problem 'sign-in-elsewhere' for a sign-in that another browser began, or that ended meanwhile. */
export const beganElsewhere = (): Problem =>
  new Problem(
    'sign-in-elsewhere',
    'got a sign-in that has ended or is of another browser, expected one under way here',
  );

/** Narrows a context to one with a known person. @throws Problem 'internal' if the person is not known. */
export const userContext = (context: InteractionContext): UserContext => {
  const { user } = context;
  if (user === undefined)
    throw new Problem('internal', `got step '${context.step.at}' without a person, expected a step with one`);
  return { ...context, user };
};

/** Makes the props that every page of the second step has. */
export const stepFrame = ({ frame, user, state }: UserContext): StepFrame => ({
  ...frame,
  account: user.name,
  options: methodsFor(state).length > 1,
});
