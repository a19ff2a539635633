/** Types what the handlers of a sign-in use: the services, and the state that `read-context.ts` reads for each request. */
import type { PasswordResets } from '../src/account/password-reset.ts';
import type { RecordAll } from '../src/audit.ts';
import type { CountedAudit } from '../src/counted-audit.ts';
import { Problem } from '../src/errors.ts';
import type { Words } from '../src/locales/wording.ts';
import type { Log } from '../src/log.ts';
import type { Authenticators } from '../src/mfa/authenticators.ts';
import type { StoredAuthenticator } from '../src/mfa/sealed-authenticators.ts';
import type { Enrollments } from '../src/mfa/challenge/enrollments.ts';
import type { Resend } from '../src/mfa/challenge/resend.ts';
import type { RunningCall, RunningMessages } from '../src/mfa/challenge/running-messages.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/loaded-challenge.ts';
import type { PasskeySignIn } from '../src/mfa/passkey-sign-in.ts';
import type { Reach } from '../src/mfa/phone-number.ts';
import type { Devices } from '../src/mfa/push/devices.ts';
import type { Pairings } from '../src/mfa/push/pairings.ts';
import type { RecoveryCodes } from '../src/mfa/recovery-codes.ts';
import type { BrowserInteraction, ProofSet, SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import type { Ephemeral } from '../src/ports/stores.ts';
import type { Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import type { NewBrowsers } from '../src/notices/new-browser.ts';
import type { Recovery } from '../src/recovery/recovery.ts';
import type { Notices } from '../src/notice.ts';
import type { KnownBrowser } from '../src/users/known-browser.ts';
import type { Passwords } from '../src/users/passwords/password.ts';
import type { RememberedBrowsers } from '../src/users/remembered-browsers.ts';
import type { SetUpRequests } from '../src/users/set-up-requests.ts';
import type { Users } from '../src/users/users.ts';
import type { DeveloperNotes, Frame } from '../web/pages/props.ts';
import type { StepFrame, WhyReason } from '../web/pages/step-props.ts';
import type { Cookies } from './cookies.ts';
import type { EnrollmentDraft } from './enrollment-draft.ts';
import type { PersonCache } from './person-cache.ts';
import type { OpenSignIn, Protocol, SignIn } from './protocol.ts';
import type { StateDeps } from './state.ts';
import { hasOtherMethod } from './required-level.ts';
import type { SignInState } from './sign-in-state.ts';
import type { Step } from './step.ts';

/** Sign-ins by a passkey alone. The limits know the browser by its cookie. */
export type PasskeySignIns = Pick<PasskeySignIn<KnownBrowser>, 'offer' | 'verify'>;

/** The services and settings that the interaction handlers use. */
export interface InteractionDeps extends StateDeps {
  readonly protocol: Protocol;
  readonly issuer: URL;
  readonly cookies: Cookies;
  readonly personCache: PersonCache;
  readonly users: Users;
  readonly setUpRequests: SetUpRequests;
  readonly passwords: Passwords;
  /** Absent: passkeys are not in use. */
  readonly passkeySignIn?: PasskeySignIns | undefined;
  readonly authenticators: Authenticators;
  readonly passwordResets: Pick<PasswordResets, 'isOn'>;
  readonly resend: Resend;
  readonly enrollments: Pick<Enrollments, 'begin' | 'finish'>;
  readonly pairings: Pick<Pairings, 'begin' | 'view' | 'watch' | 'confirm' | 'refuse'>;
  readonly pairedDevices: Pick<Devices, 'endPairing'>;
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
  readonly recordAll: RecordAll;
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
  readonly knownBrowser?: KnownBrowser;
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
  readonly enrollmentDraft?: EnrollmentDraft;
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
  /** Why a known person is asked for a second step, where a page asks. */
  readonly why?: readonly WhyReason[];
  /** Page that mails a link to a new password. Absent: no mail is sent. */
  readonly resetAt?: string;
  /** The props that every page has. */
  readonly frame: Frame;
}

/** A context with a known person. */
export type UserContext = InteractionContext & { readonly user: User };

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
export const stepFrame = ({ frame, user, state, why }: UserContext): StepFrame => ({
  ...frame,
  ...(why !== undefined && { why }),
  account: user.name,
  options: hasOtherMethod(state),
});
