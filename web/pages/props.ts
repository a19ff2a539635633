/** Types the data that each page is drawn from. Pages read no clock, no store and no request. */
import type { EndReason } from '../../src/end-reason.ts';
import type { ProblemCode } from '../../src/errors.ts';
import type { WrongBecause } from '../../src/mfa/factor.ts';
import type { PasskeyOffer, PasskeyRequestOptions } from '../../src/passkey-options.ts';
import type { NoticeKind } from '../../src/notice.ts';
import type { UndeliveredCause } from '../../src/ports/carriers.ts';
import type { EpochMillis, Millis } from '../../src/ports/time.ts';
import type { PasswordFault } from '../../src/password-fault.ts';

/** The client that the person signs in to. `uri`: its registered page (http or https), where it has one. */
export interface ClientShown {
  readonly name: string;
  readonly uri?: string;
}

/** A limit that can make a page. wait: after wrong codes. sign-ins: those that begin. */
export type LimitName =
  | 'pause'
  | 'wait'
  | 'attempts'
  | 'disabled'
  | 'sends'
  | 'send-ceilings'
  | 'resends'
  | 'passwords'
  | 'sign-ins';

/** What pages add for developers, in English. Only a development environment passes it. */
export interface DeveloperNotes {
  /** A line for each limit: which settings make it, their values, and how to lift it. */
  readonly limits: Partial<Readonly<Record<LimitName, { readonly sentence: string; readonly link?: DeveloperLink }>>>;
  /** Links of the front page. */
  readonly links: readonly DeveloperLink[];
}

export interface DeveloperLink {
  readonly label: string;
  readonly href: string;
}

/** Data of every page of a sign-in. */
export interface Frame {
  readonly uid: string;
  readonly client: ClientShown;
  /** Reference of the sign-in: 8 characters (Crockford base 32), without a hyphen. */
  readonly reference: string;
  readonly now: EpochMillis;
  readonly developerNotes?: DeveloperNotes;
}

/** The box "Don't ask again in this browser for 14 days". `isTicked`: it was, in a form that was refused. */
export interface RememberBox {
  readonly lasts: Millis;
  readonly isTicked?: boolean;
}

/** Data of every page of the second step. */
export interface StepFrame extends Frame {
  /** The person's name, as typed. */
  readonly account: string;
  /** True when another method can be chosen. Otherwise the page leads to help. */
  readonly options: boolean;
  /** Absent where this browser cannot be remembered. */
  readonly remember?: RememberBox;
}

/** The password page. */
export interface PasswordPage extends Frame {
  /** Where a person goes who forgot the password. */
  readonly forgottenAt: string;
  /** The name typed last, or the `login_hint` of the client. */
  readonly name?: string;
  readonly state?:
    | { readonly kind: 'refused' }
    | { readonly kind: 'incomplete' }
    /** The page was open past its time, and the sign-in was begun anew. No error: nothing was compared. */
    | { readonly kind: 'anew' }
    | { readonly kind: 'wait'; readonly until: EpochMillis }
    | PasskeyRefusal;
  /** What the script needs to ask for a passkey. Absent: passkeys are not in use. */
  readonly passkey?: PasskeyOffer;
}

export type { PasskeyOffer };

/** Why a passkey did not sign the person in. The password still does, at once. */
export type PasskeyRefusal =
  | { readonly kind: 'passkey-refused' }
  /** No account has it any more. `credential`: its id (base64url), where the browser may forget it. */
  | { readonly kind: 'passkey-unknown'; readonly credential?: string }
  /** It works, but the typed name is not that of its account. */
  | { readonly kind: 'passkey-other-account' }
  /** Its challenge was too old. */
  | { readonly kind: 'passkey-late' }
  | { readonly kind: 'passkey-wait'; readonly until: EpochMillis };

/** Why a new password was refused, by the rule that it breaks. */
export interface NewPasswordState {
  readonly kind: PasswordFault;
}

/** The page of a sign-in that asks for another password before the sign-in ends. */
export interface NewPasswordPage extends Frame {
  /** Name of the account, for the password manager of the browser. */
  readonly account: string;
  readonly action: string;
  /** POST: returns to the client without signing in. */
  readonly leave: string;
  readonly state?: NewPasswordState;
}

/** The page that asks who forgot their password. */
export interface ForgottenPage {
  readonly now: EpochMillis;
  readonly reference: string;
  /** The name typed last. */
  readonly name?: string;
  /** The sign-in from which the person came. */
  readonly back?: string;
  readonly state?:
    | { readonly kind: 'incomplete' }
    /** Too many requests wait for this server. */
    | { readonly kind: 'full' }
    | { readonly kind: 'wait'; readonly until: EpochMillis };
}

/** The page that a mailed link to a new password opens. */
export interface ResetPage {
  readonly account: string;
  readonly token: string;
  readonly reference: string;
  readonly state?: NewPasswordState;
}

/** The page after the new password. */
export interface ResetDonePage {
  /** The client of the last sign-in in this browser. */
  readonly client?: ClientShown;
}

/** Steps of a call. starting: ordered, without a report from the carrier yet. */
export type CallProgress = 'starting' | 'dialled' | 'ringing' | 'answered';

/** The call of another sign-in that keeps the phone busy, while it may ring. */
export interface OtherCall {
  /** The last moment at which it may ring or be spoken to. */
  readonly until: EpochMillis;
  /** The client that it is about; absent where another browser asked for it. */
  readonly client?: string;
}

/** The page of a call, answered on the phone. */
export interface CallPage extends StepFrame {
  /** Masked: `+49 ••• 42`. */
  readonly sentTo: string;
  readonly state:
    | {
        readonly kind: 'calling';
        readonly progress: CallProgress;
        /** The key was pressed, and it is not known yet whether a person answered. */
        readonly isHeld?: true;
        readonly begunAt: EpochMillis;
        readonly until: EpochMillis;
      }
    | { readonly kind: 'passed' }
    /** 0 and # were pressed: "this was not me". `until`: end of the pause of calls. */
    | { readonly kind: 'denied'; readonly until?: EpochMillis }
    /** `progress`: the last step of the call. `until`: when another call can be requested, at the earliest. */
    | {
        readonly kind: 'ended';
        readonly reason: EndReason;
        readonly progress?: CallProgress;
        readonly until?: EpochMillis;
        readonly otherCall?: OtherCall;
      };
  /** How long calls pause after 0 and #. */
  readonly pause: Millis;
  /** The number that the phone displays, formatted for people. */
  readonly callsFrom?: string;
  /** Digits to type into the call, where # alone does not approve. */
  readonly show?: string;
  /** Extension that the call is put through to. */
  readonly extension?: string;
  /** After "this was not me": factors that this person can still use here. */
  readonly works?: readonly string[];
}

/** JSON of `/interaction/:uid/events`, for waiting pages. Made by `waitingEvent` and `codeEvent` (web/pages/waiting.ts). */
export interface WaitingEvent {
  readonly phase: 'pending' | 'passed' | 'over';
  readonly progress: CallProgress | CodeProgress;
  /** Sentence of the status line. */
  readonly status: string;
  /** Both by the server's clock. The page uses only their difference, because the browser's clock may be wrong. */
  readonly until: EpochMillis;
  readonly now: EpochMillis;
  /** Changes when another member than `now` changes. */
  readonly version: string;
}

/** Steps of the text or call that carries a code. over: the call has ended, and the code that it dictated is still valid. */
export type CodeProgress =
  | 'starting'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'dialled'
  | 'ringing'
  | 'answered'
  | 'over';

/** A code that we sent: in a text or a mail, or dictated by a call. */
export interface CodeSent {
  readonly by: 'sms' | 'call' | 'email';
  /** Masked: `+49 ••• 42`, `a•••@example.com`. */
  readonly to: string;
  readonly progress: CodeProgress;
  /** Why the text did not arrive, where another one would not arrive either. */
  readonly because?: UndeliveredCause;
  /** Extension that the call is put through to. */
  readonly extension?: string;
  /** Value of the form field `method` that requests a call to the same phone; absent where that is not possible. */
  readonly callInstead?: string;
  /** The same code can be sent again: not before `from`, and `left` more times. Absent where it cannot. */
  readonly again?: { readonly from: EpochMillis; readonly left: number };
}

/** The page that asks for a code: of an authenticator app, of the message `sent`, or one `given` earlier. */
export interface CodePage extends StepFrame {
  /** Number of digits, or of characters where `given` is set. */
  readonly length: number;
  /** The person was given the code earlier. `left`: how many of these they have. */
  readonly given?: { readonly as: 'recovery-codes' | 'temporary-access-pass'; readonly left?: number };
  readonly sent?: CodeSent;
  /** After "this was not me": factors that this person can still use here. */
  readonly works?: readonly string[];
  /** The rejected input, kept for correction. */
  readonly typed?: string;
  readonly state:
    | { readonly kind: 'open' }
    /** Not `length` digits. It was not compared, and cost no attempt. */
    | { readonly kind: 'malformed' }
    /** `until`: no code is compared before. */
    | {
        readonly kind: 'wrong';
        readonly attemptsLeft: number;
        readonly until?: EpochMillis;
        readonly because?: WrongBecause;
      }
    /** The right code, but used before. */
    | { readonly kind: 'reused'; readonly attemptsLeft?: number; readonly until?: EpochMillis }
    /** No code is compared before `until`. `tooSoon`: one was just refused; it cost no attempt. */
    | { readonly kind: 'wait'; readonly until: EpochMillis; readonly tooSoon?: true }
    | {
        readonly kind: 'ended';
        readonly reason: EndReason;
        readonly until?: EpochMillis;
        readonly otherCall?: OtherCall;
      };
}

/** The page that asks for a passkey as second step. */
export interface PasskeyPage extends StepFrame {
  readonly request: PasskeyRequestOptions;
  /** The browser asks as soon as the page is open, unless the page has a box to tick or tells of a failure. */
  readonly asksAtOnce: boolean;
  readonly state: CodePage['state'];
}

/** The page "Not received a text message?", which the code page links to. */
export interface ResendPage extends StepFrame {
  readonly sent: CodeSent;
  /** Why the text was not sent again just now. The code of the first text is still valid. */
  readonly refused?: EndReason;
}

/** One row of "Use a different verification option". */
export interface Option {
  /** Value of the form field. */
  readonly method: string;
  /** Factor: `call`, `totp`, … */
  readonly type: string;
  /** The owner's label. `mobile`, `alternate` and `office` are translated. */
  readonly label: string;
  /** Masked number, where there is one. */
  readonly target?: string;
  readonly isDefault?: boolean;
  readonly isLastUsed?: boolean;
  /** Its challenge in this sign-in. waiting: still open. over: ended, so the row reads "Call again". */
  readonly now?: 'waiting' | 'over';
  /** It is answered on a phone, so the answer may come while this list is open. */
  readonly answeredElsewhere?: true;
  /** Its codes are refused until it is bound again, or the help desk turns them on. */
  readonly isDisabled?: true;
  /** It cannot be chosen before this moment. */
  readonly unavailableUntil?: EpochMillis;
  /** paused: after "this was not me". attempts: after wrong codes. send-limit: too many messages. */
  readonly unavailableReason?: 'paused' | 'attempts' | 'send-limit';
}

export interface OptionsPage extends StepFrame {
  /** Only usable methods, strongest first. */
  readonly rows: readonly Option[];
}

export interface HelpPage extends Frame {
  /** Absent before the password. */
  readonly account?: string;
  readonly options: boolean;
  /** True where the person said "I can't use any of these". */
  readonly nothingLeft: boolean;
  /** Page that mails a link to a new password. Absent: no mail is sent. */
  readonly resetAt?: string;
  /** The operator's text about whom to call. */
  readonly support?: string;
}

/** The page of a step-up. Its button starts the challenge. */
export interface StepUpPage extends StepFrame {
  /**
   * stronger: the client requires more than the session has. password-only: the session proves the password alone: it is older than
   * the person's first method, or its browser is remembered for other clients.
   * device: connecting a device needs a new second step. test: the person tries one of their methods.
   */
  readonly reason: 'stronger' | 'password-only' | 'device' | 'test';
  readonly method: { readonly type: string; readonly target?: string };
}

/** No method of this person reaches the required acr. Its button posts to `cancel`. */
export interface UnmetPage extends Frame {
  readonly account: string;
  /** Factors that reach the required acr. */
  readonly wanted: readonly string[];
}

/** The client asks which account to use. */
export interface SelectAccountPage extends Frame {
  /** Name of the person who is signed in. */
  readonly account: string;
}

export interface ConsentPage extends Frame {
  readonly account: string;
  /** Scopes by name. Known ones are translated, others shown by name. `at`: the resource server that knows the scope. */
  readonly scopes: readonly { readonly name: string; readonly at?: string }[];
  readonly policyUri?: string;
  readonly tosUri?: string;
}

/** The last page of a sign-in, and of a logout that returns to a client. */
export interface ContinuePage {
  /** Recovery codes left, where they are few: the page then waits for the button, so that the person reads it. */
  readonly codesLeft?: number;
  readonly client?: ClientShown;
  readonly reference?: string;
  /** Address to continue to: a path of ours, or an address that the client registered. */
  readonly to: string;
  /** going, anew and signed-out redirect at once. anew: the sign-in is begun again, because its time was over. back: the person returned to a finished sign-in, and continues by a button. */
  readonly kind: 'going' | 'back' | 'signed-out' | 'anew';
  /** Page to return to after a choice of language; absent where the front page does. */
  readonly here?: string;
}

/** Another tab of this browser has used the proof that this sign-in shares, and finishes. */
export type OtherTabPage = Omit<Frame, 'now'>;

/** The interaction has ended, or belongs to another browser. */
export interface StartAgainPage {
  readonly reason: 'expired' | 'elsewhere';
  readonly client?: ClientShown;
  readonly reference?: string;
  readonly now: EpochMillis;
  /** Page to return to after a choice of language; absent where the front page does. */
  readonly here?: string;
}

export interface ErrorPage {
  readonly code: ProblemCode;
  /** `IDP-1504` (Problem.label). */
  readonly label: string;
  readonly reference?: string;
  readonly now: EpochMillis;
  readonly client?: ClientShown;
  /** A path of ours to try again by a GET, where that is safe. */
  readonly again?: string;
  /** It would be refused before this moment. */
  readonly until?: EpochMillis;
  /** A page of ours to go back to, where nothing can be tried again. */
  readonly back?: string;
  /** Step of the call at the time of the error, where it is known. */
  readonly progress?: CallProgress;
  readonly developerNotes?: DeveloperNotes;
  /** For developers: OAuth's `error` and `error_description` (RFC 6749 §4.1.2.1). */
  readonly protocol?: { readonly error: string; readonly description?: string };
  /** Page to return to after a choice of language; absent where the front page does. */
  readonly here?: string;
}

/** The page "Sign out?". Posts `logout=yes` and `xsrf`, the library's secret against forged posts, to `action`. */
export interface LogoutPage {
  readonly action: string;
  readonly xsrf: string;
  readonly client?: ClientShown;
}

export interface LoggedOutPage {
  readonly client?: ClientShown;
}

/** The browser has a session of another person. Posts to `action` to replace it by `wanted`, or to `stay` to keep `current`. */
export interface SwitchPage extends Omit<Frame, 'now'> {
  readonly current: string;
  readonly wanted: string;
  readonly action: string;
  readonly stay: string;
}

/** A form to our own origin that script submits. `fields`: hidden fields by name. */
export interface AutoSubmitPage {
  readonly client?: ClientShown;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The form for the code that a device shows. */
export interface DeviceCodePage {
  /** The code typed last, or that of the link. */
  readonly typed?: string;
  /** elsewhere: the form came from another browser. wait: too many wrong codes. */
  readonly state?:
    | { readonly kind: 'malformed' | 'wrong' | 'elsewhere' }
    | { readonly kind: 'wait'; readonly until: EpochMillis };
  readonly now: EpochMillis;
  readonly reference: string;
}

/** The confirmation that a device may connect. */
export interface DeviceConfirmPage {
  readonly client: ClientShown;
  /** As the device shows it: `WDJB-MJHT`. */
  readonly userCode: string;
  readonly ticket: string;
  readonly askedAt: EpochMillis;
  readonly address: string;
  /** True: the device is on the network of this browser, by its address. */
  readonly isNear: boolean;
  readonly program?: string;
  readonly reference: string;
}

/** The page that ends the flow of a device. */
export interface DeviceEndPage {
  /** expired: or never was. used: answered before. */
  readonly end: 'connected' | 'refused' | 'expired' | 'used';
  readonly client?: ClientShown;
  readonly reference?: string;
}

/** The page behind "This wasn't me" in a notice. */
export interface NotMePage {
  /** Address of this page. */
  readonly here: string;
  readonly reference: string;
  /** What the link is good for. used: the owner pressed the button at `at`, and changes may still be stopped. */
  readonly link:
    | { readonly state: 'usable'; readonly kind: NoticeKind; readonly at: EpochMillis }
    | { readonly state: 'used'; readonly at: EpochMillis; readonly frozenUntil?: EpochMillis }
    | { readonly state: 'unknown' };
}
