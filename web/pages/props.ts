/** What each page is told. Plain data: no page asks anything of the world. */
import type { ProblemCode } from '../../src/errors.ts';
import type { EpochMillis } from '../../src/ports/time.ts';

/** Where the person is going. `uri` only where the client registered one (http or https). */
export interface ClientShown {
  readonly name: string;
  readonly uri?: string;
}

/** What every page of one sign-in knows. */
export interface Frame {
  readonly uid: string;
  readonly client: ClientShown;
  /** The sign-in's 8 characters (Crockford base 32), without a hyphen. */
  readonly reference: string;
  readonly now: EpochMillis;
}

/** A page of the second step. */
export interface StepFrame extends Frame {
  /** Who is signing in, as they wrote it. */
  readonly account: string;
  /** Whether another method could be chosen; without one the page leads to help instead. */
  readonly options: boolean;
}

/** The password page. */
export interface PasswordPage extends Frame {
  /** What was typed last, or the client's login hint. */
  readonly name?: string;
  readonly state?:
    | { readonly kind: 'refused' }
    | { readonly kind: 'incomplete' }
    | { readonly kind: 'wait'; readonly until: EpochMillis };
}

/** Why a challenge ended without an answer (`src/mfa/challenge/challenges.ts`). */
export type Ended =
  | 'cancelled'
  | 'expired'
  | 'attempts'
  | 'busy'
  | 'no-answer'
  | 'unreachable'
  | 'machine'
  | 'hung-up'
  | 'silence'
  | 'undeliverable'
  | 'slow'
  | 'carrier-busy'
  | 'number-refused'
  | 'send-limit'
  | 'elsewhere'
  | 'paused'
  | 'lost'
  | 'disabled';

export type CallProgress = 'starting' | 'dialled' | 'ringing' | 'answered';

/** A second step that rings a telephone. */
export interface CallPage extends StepFrame {
  /** Masked: `+49 ••• 42`. */
  readonly sentTo: string;
  readonly state:
    | {
        readonly kind: 'calling';
        readonly progress: CallProgress;
        readonly begunAt: EpochMillis;
        readonly until: EpochMillis;
      }
    | { readonly kind: 'passed' }
    /** Somebody pressed 0 and #. `until`: calls rest that long. */
    | { readonly kind: 'denied'; readonly until?: EpochMillis }
    /** `progress`: how far the call had come; `until`: the earliest moment another call may be asked for. */
    | {
        readonly kind: 'ended';
        readonly reason: Ended;
        readonly progress?: CallProgress;
        readonly until?: EpochMillis;
      };
  /** The number people see on their display, as it is to be read. */
  readonly callsFrom?: string;
  /** Digits to be typed into the call, where a bare # is not enough. */
  readonly show?: string;
  /** The call is put through to it. */
  readonly extension?: string;
  /** After "this was not me": types of factors that this person can still use here. */
  readonly works?: readonly string[];
}

/** What the waiting page is told, by `…/events`. Written by `waitingEvent` and `codeEvent` (web/pages/waiting.ts). */
export interface WaitingEvent {
  readonly phase: 'pending' | 'passed' | 'over';
  readonly progress: CallProgress | CodeProgress;
  /** The sentence of the status line. */
  readonly status: string;
  /** Both by the server's clock; the page uses only their difference. */
  readonly until: EpochMillis;
  readonly now: EpochMillis;
  /** Changes whenever anything else but `now` does. */
  readonly version: string;
}

/** How far what carries a code has come. over: the call has ended, and the code it dictated can still be typed. */
export type CodeProgress =
  | 'starting'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'dialled'
  | 'ringing'
  | 'answered'
  | 'over';

/** A code that was sent: by a text, or by a call that dictates it. */
export interface CodeSent {
  readonly by: 'sms' | 'call';
  /** Masked: `+49 ••• 42`. */
  readonly to: string;
  readonly progress: CodeProgress;
  /** The call is put through to it. */
  readonly extension?: string;
  /** What a form posts as `method` to be called at the same phone instead of texted; absent where that is no option here. */
  readonly callInstead?: string;
  /** It can be texted once more, not before `from`, `left` times; absent for what cannot be sent again. */
  readonly again?: { readonly from: EpochMillis; readonly left: number };
}

/** A second step that asks for digits: of an authenticator app, or of what was `sent`. */
export interface CodePage extends StepFrame {
  readonly length: number;
  readonly sent?: CodeSent;
  /** After "this was not me": types of factors that this person can still use here. */
  readonly works?: readonly string[];
  /** What was typed, kept for correction. */
  readonly typed?: string;
  readonly state:
    | { readonly kind: 'open' }
    /** Not six digits. Nothing was compared. */
    | { readonly kind: 'malformed' }
    | { readonly kind: 'wrong'; readonly attemptsLeft: number }
    /** Right once, used already. */
    | { readonly kind: 'reused'; readonly attemptsLeft?: number }
    | { readonly kind: 'wait'; readonly until: EpochMillis }
    | { readonly kind: 'ended'; readonly reason: Ended; readonly until?: EpochMillis };
}

/** "Not received a text message?": a page of its own, behind the code page. */
export interface ResendPage extends StepFrame {
  readonly sent: CodeSent;
  /** What stood in the way of texting it again just now. The first text still counts. */
  readonly refused?: Ended;
}

/** One row of "Use a different verification option". */
export interface Option {
  /** What the form posts. */
  readonly method: string;
  /** Its factor: `call`, `totp`, … */
  readonly type: string;
  /** What its owner calls it; `mobile`, `alternate` and `office` are put in words. */
  readonly label: string;
  /** Masked number, where there is one. */
  readonly target?: string;
  readonly isDefault?: boolean;
  readonly isLastUsed?: boolean;
  /** `waiting`: its challenge is still open. `over`: it ended in this sign-in, so it reads "Call again". */
  readonly now?: 'waiting' | 'over';
  /** Its answer is given on a telephone, and may come while the list is looked at. */
  readonly answeredElsewhere?: true;
  /** It cannot be chosen until then. */
  readonly restsUntil?: EpochMillis;
  /** Why it rests. paused: after "this was not me"; tries: after wrong codes; budget: too many messages. */
  readonly restsFor?: 'paused' | 'attempts' | 'send-limit';
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
  /** The operator's own words: whom to call. */
  readonly support?: string;
}

/** A signed-in person is asked for more. Its button starts the challenge. */
export interface StepUpPage extends StepFrame {
  /** `stronger`: the client asks for more than the session has; `new-method`: the session is older than the person's first method. */
  readonly reason: 'stronger' | 'new-method';
  readonly method: { readonly type: string; readonly target?: string };
}

/** No method of this person reaches what is asked for. Its button posts `cancel`. */
export interface UnmetPage extends Frame {
  readonly account: string;
  /** What would do: types of factors. */
  readonly wanted: readonly string[];
}

export interface ConsentPage extends Frame {
  readonly account: string;
  /** Names of scopes: known ones are put in words, others shown as they are. */
  readonly scopes: readonly string[];
  readonly policyUri?: string;
  readonly tosUri?: string;
}

/** The last page of a sign-in. */
export interface ContinuePage {
  readonly client?: ClientShown;
  readonly reference?: string;
  /** Where it goes on: a path of ours, or the address a client registered. */
  readonly to: string;
  /** `going`: moves by itself. `back`: the person came back to a finished sign-in and decides. `signed-out`: moves by itself after a logout. */
  readonly kind: 'going' | 'back' | 'signed-out';
  /** This page's own address, where it can be come back to. */
  readonly here?: string;
}

/** The interaction cannot go on: nothing of it is left to this browser. */
export interface StartAgainPage {
  readonly reason: 'expired' | 'elsewhere';
  readonly client?: ClientShown;
  readonly reference?: string;
  readonly now: EpochMillis;
  /** This page's own address, where it can be come back to. */
  readonly here?: string;
}

export interface ErrorPage {
  readonly code: ProblemCode;
  /** `IDP-1504` (Problem.label). */
  readonly label: string;
  readonly retryable: boolean;
  readonly reference?: string;
  readonly now: EpochMillis;
  readonly client?: ClientShown;
  /** A path of ours that may be asked for once more (GET), where that is safe. */
  readonly again?: string;
  /** How far the call was when it broke, where that is known. */
  readonly progress?: CallProgress;
  /** For developers: OAuth's error and what was wrong with the request. */
  readonly protocol?: { readonly error: string; readonly description?: string };
  /** This page's own address, where it can be come back to. */
  readonly here?: string;
}

/** "Sign out?" Posts `logout=yes` and the secret to the library. */
export interface LogoutPage {
  readonly action: string;
  readonly xsrf: string;
  readonly account?: string;
  readonly client?: ClientShown;
}

export interface LoggedOutPage {
  readonly client?: ClientShown;
}

/** The browser is signed in as someone else. Posts to `action` to go on, to `stay` to go back as who is signed in. */
export interface SwitchPage extends Omit<Frame, 'now'> {
  readonly current: string;
  readonly wanted: string;
  readonly action: string;
  readonly stay: string;
}

/** A form to our own origin that posts itself where script runs, and has a button where it does not. */
export interface PostOnPage {
  readonly client?: ClientShown;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}
