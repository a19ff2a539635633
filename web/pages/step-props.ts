/** Types the data of the pages of the second step: a call, a code, a passkey, and the choice between methods. */
import type { CallEndReason, EndReason } from '../../src/end-reason.ts';
import type { WrongBecause } from '../../src/mfa/factor.ts';
import type { PasskeyRequestOptions } from '../../src/passkey-options.ts';
import type { UndeliveredCause } from '../../src/ports/carriers.ts';
import type { EpochMillis, Millis } from '../../src/ports/time.ts';
import type { CallProgress, Frame, OperatorSentence } from './props.ts';

/** The box "Don't ask again in this browser for 14 days". `isTicked`: it was, in a form that was refused. */
export interface RememberBox {
  readonly lasts: Millis;
  readonly isTicked?: boolean;
}

/**
 * Why a second step is asked for. server, client, request, person, chosen: they require it. rule: a rule of the operator. age: the last
 * second step is too old. factors: only some methods are accepted. device, task: these always ask.
 */
export type WhyReason =
  | {
      readonly kind: 'server' | 'client' | 'request' | 'person' | 'chosen' | 'age' | 'factors' | 'device' | 'task';
    }
  | { readonly kind: 'rule'; readonly sentence?: OperatorSentence };

/** Data of every page of the second step. */
export interface StepFrame extends Frame {
  /** The person's name, as typed. */
  readonly account: string;
  /** True when another method can be chosen. Otherwise the page leads to help. */
  readonly options: boolean;
  /** Reasons for “Why was I asked?”. Absent or empty: the page does not say. */
  readonly why?: readonly WhyReason[];
  /** Absent where this browser cannot be remembered. */
  readonly remember?: RememberBox;
}

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
        readonly reason: CallEndReason;
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

/** Steps of a push. delivered: the authenticator has fetched its request. undelivered: no notification could be sent. */
export type PushProgress = Extract<CodeProgress, 'starting' | 'sent' | 'delivered' | 'undelivered'>;

/** What waits in the authenticator, and how it ended. */
export interface RequestShown {
  /** Digits to type there. */
  readonly show: string;
  /** Name of the device. */
  readonly sentTo: string;
  readonly state:
    | {
        readonly kind: 'waiting';
        readonly progress: PushProgress;
        readonly begunAt: EpochMillis;
        readonly until: EpochMillis;
      }
    | { readonly kind: 'passed' }
    /** "It wasn't me" was chosen. `until`: end of the pause of calls and requests. */
    | { readonly kind: 'denied'; readonly until?: EpochMillis }
    /** `until`: when another request can be sent, at the earliest. */
    | { readonly kind: 'ended'; readonly reason: EndReason; readonly until?: EpochMillis };
}

/** The page of a request in the authenticator, answered on the device. */
export interface ApprovePage extends StepFrame, RequestShown {
  /** After "this was not me": factors that this person can still use here. */
  readonly works?: readonly string[];
}

/** JSON of `/interaction/:uid/events`, for waiting pages. Made by the functions of `web/pages/waiting.ts`. */
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
        readonly reason: CallEndReason;
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
  readonly refused?: CallEndReason;
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
  /** paused: after "this was not me". attempts: after wrong codes. send-limit: too many messages. requests: too many, or not answered. */
  readonly unavailableReason?: 'paused' | 'attempts' | 'send-limit' | 'requests';
}

export interface OptionsPage extends StepFrame {
  /** Only usable methods, strongest first. */
  readonly rows: readonly Option[];
  /** Names of devices that must be paired again before they can be used. */
  readonly pairAgain?: readonly string[];
}

/** The page of a step-up. Its button starts the challenge. */
export interface StepUpPage extends StepFrame {
  /**
   * stronger: the client requires more than the session has. password-only: the session proves the password alone: it is older than
   * the person's first method, or its browser is remembered for other clients.
   * device: connecting a device needs a new second step. test: the person tries one of their methods.
   */
  readonly reason: 'stronger' | 'password-only' | 'device' | 'test';
  readonly method: { readonly type: string; readonly label?: string; readonly target?: string };
}
