/**
 * Types the data that each page is drawn from. Pages read no clock, no store and no request. `step-props.ts`, `password-props.ts`,
 * `enroll-props.ts` and `account-props.ts` have the data of those groups of pages.
 */
import type { ProblemCode } from '../../src/errors.ts';
import type { NoticeKind } from '../../src/notice.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { ShownScope } from '../../src/scopes/scopes.ts';

/** The client that the person signs in to. `uri`: its registered page (http or https), where it has one. */
export interface ClientShown {
  readonly name: string;
  readonly uri?: string;
}

/** A limit that can make a page. wait: after wrong codes. pushes: requests to devices. sign-ins: those that begin. */
export type LimitName =
  | 'pause'
  | 'wait'
  | 'attempts'
  | 'disabled'
  | 'sends'
  | 'send-ceilings'
  | 'resends'
  | 'pushes'
  | 'passwords'
  | 'sign-ins';

/** Steps of a call. starting: ordered, without a report from the carrier yet. */
export type CallProgress = 'starting' | 'dialled' | 'ringing' | 'answered';

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

/** A sentence of the operator, in the language that it is written in. */
export interface OperatorSentence {
  readonly text: string;
  readonly language: string;
}

/** A sign-in that a rule of the operator refuses. */
export interface DeniedPage extends Frame {
  /** Absent before the person is known. */
  readonly account?: string;
  readonly sentence: OperatorSentence;
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

/** One thing that a client asks for beside scopes, such as one payment. */
export interface DetailShown {
  readonly words: OperatorSentence;
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

export interface ConsentPage extends Frame {
  readonly account: string;
  readonly scopes: readonly ShownScope[];
  /** With everything that the client says about each. */
  readonly details?: readonly DetailShown[];
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
  /**
   * going, anew and signed-out redirect at once. anew: the sign-in is begun again, because it had expired. back: the person returned to a
   * finished sign-in, and continues by a button.
   */
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
