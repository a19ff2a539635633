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
import type { Resend } from '../src/mfa/challenge/resend.ts';
import type { RunningCall, RunningMessages } from '../src/mfa/challenge/running-messages.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/store.ts';
import type { PasskeySignIn } from '../src/mfa/passkey-sign-in.ts';
import type { Reach } from '../src/mfa/phone-number.ts';
import type { RecoveryCodes } from '../src/mfa/recovery-codes.ts';
import type { BrowserInteraction, ProofSet, SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import type { Ephemeral } from '../src/ports/stores.ts';
import type { Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import type { NewBrowsers } from '../src/notices/new-browser.ts';
import type { Recovery } from '../src/recovery/recovery.ts';
import type { Notices } from '../src/notice.ts';
import { referenceFor } from '../src/reference.ts';
import type { KnownDevice } from '../src/users/known-device.ts';
import type { Passwords } from '../src/users/password.ts';
import type { RememberedBrowsers } from '../src/users/remembered-browsers.ts';
import type { SetUpRequests } from '../src/users/set-up-requests.ts';
import type { Users } from '../src/users/users.ts';
import { forgottenFrom } from '../web/pages/links.ts';
import type { DeveloperNotes, Frame, StepFrame } from '../web/pages/props.ts';
import type { Cookies } from './cookies.ts';
import type { Conversation } from './conversation.ts';
import { areOver, isSessionOver } from './counting-proofs.ts';
import type { OpenSignIn, Protocol, SignIn } from './protocol.ts';
import { readState, signInFor, type StateDeps } from './state.ts';
import { methodsFor, stepOf, type SignInState, type Step } from './step.ts';

/** Sign-ins by a passkey alone, by the cookie of this browser. */
export type PasskeySignIns = Pick<PasskeySignIn<KnownDevice>, 'offer' | 'verify'>;

/** The services and settings that the interaction handlers use. */
export interface InteractionDeps extends StateDeps {
  readonly protocol: Protocol;
  readonly issuer: URL;
  readonly cookies: Cookies;
  readonly users: Users;
  readonly setUpRequests: SetUpRequests;
  readonly passwords: Passwords;
  /** Absent: passkeys are not in use. */
  readonly passkeySignIn?: PasskeySignIns | undefined;
  readonly authenticators: Authenticators;
  readonly passwordResets: Pick<PasswordResets, 'isOn'>;
  readonly resend: Resend;
  readonly enrollments: Pick<Enrollments, 'begin' | 'finish'>;
  readonly recoveryCodes: Pick<RecoveryCodes, 'isInUse' | 'renew'>;
  /** The numbers that may be bound. */
  readonly reach?: Reach;
  readonly runningMessages: RunningMessages;
  readonly signInProofs: SignInProofs;
  readonly recovery: Recovery;
  readonly rememberedBrowsers: Pick<RememberedBrowsers, 'lifetime' | 'remember' | 'recognise'>;
  readonly newBrowsers: Pick<NewBrowsers, 'note'>;
  readonly notices: Pick<Notices, 'tellAdministrators'>;
  readonly ephemeral: Ephemeral;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
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
  /** The person. Absent before the first step was proven. */
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
  if (isLogin && user !== undefined && proofSet !== undefined && areOver(proofSet.proofs, user)) {
    return compose(deps, ctx, { ...opened, challenge });
  }
  const isTaskOver = signIn.prompt === 'manage' && user !== undefined && isSessionOver(signIn, user);
  if ((user === undefined && !isLogin) || isTaskOver) {
    throw new Problem('sign-in-lost', `the account of this ${signIn.prompt} cannot be used any more`);
  }
  return compose(deps, ctx, { ...opened, proofSet, challenge, user });
};

/** Computes the context after the first step was proven, without reading proofs and challenge again. */
export const afterFirstStep = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  { user, proofSet }: { readonly user: User; readonly proofSet: ProofSet },
): Promise<UserContext> => ({ ...(await compose(deps, ctx, { ...context, proofSet, user })), user });

const compose = async (deps: InteractionDeps, ctx: Context, read: Read): Promise<InteractionContext> => {
  const { browserInteraction, boundTo, device, proofSet, challenge, user } = read;
  const signIn = signInFor(deps, read.signIn, user);
  const stored = user === undefined ? [] : await deps.authenticators.of(user);
  const { state, conversation } = await readState(deps, { signIn, user, stored, device, proofSet, challenge });
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
