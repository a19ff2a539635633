/**
 * Defines what the views of the authenticator show (`AppState`), and what they ask the engine for (`Actions`). A view is a function
 * of both. What a person is still typing is kept in the view; everything else is in the state.
 *
 * The engine makes a new state for each change, and ticks `now` once a second while a countdown is on the screen.
 */
import type { RequestClaims, Unlock } from '../../../src/mfa/push/protocol.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';

/** Languages of the app, as in `src/locales`. */
export const appLanguages = ['en', 'de', 'fr'] as const;
export type AppLanguage = (typeof appLanguages)[number];

/**
 * An account of this deployment (`paired`), or codes of another website. pairing: its page has not confirmed it yet.
 * removed: the server does not know this device any more. untrusted: the server's keys do not descend from the pinned one.
 */
export interface Entry {
  readonly id: string;
  readonly kind: 'account' | 'codes';
  /** Organization of an account; issuer of other codes. */
  readonly title: string;
  /** Name of the account. */
  readonly account: string;
  readonly state: 'paired' | 'pairing' | 'removed' | 'untrusted';
  /** True where it has TOTP codes, which work offline. */
  readonly hasCodes: boolean;
  /** Accounts only: name of this device, as the security page lists it. */
  readonly device?: string;
}

/** The code that is shown now. Codes are hidden until tapped, and one at a time. */
export interface ShownCode {
  readonly entry: Entry['id'];
  readonly code: string;
  /** Seconds that a code counts for: 30 as a rule. */
  readonly period: number;
  /** When the next code comes. */
  readonly until: EpochMillis;
}

/** A request that waits for an answer. Its signature was verified. */
export interface PendingRequest {
  /** `jti` of the claims. */
  readonly id: string;
  readonly entry: Entry['id'];
  readonly claims: RequestClaims;
  /** By this device's clock, corrected by the server's. */
  readonly askedAt: EpochMillis;
  readonly expiresAt: EpochMillis;
}

/** How far the answer to a request is. sending: it is on its way. In all other states the request still waits for an answer. */
export type Answering =
  | { readonly state: 'sending' }
  | { readonly state: 'wrong-pin'; readonly attemptsLeft: number }
  /** The biometric check did not succeed or was cancelled, or the server did not accept it. */
  | { readonly state: 'not-verified' }
  /** At a pairing: the server took the code of this device for a wrong one. */
  | { readonly state: 'wrong-code' }
  | { readonly state: 'unreachable' }
  /** `message`: the server's sentence, in the language of the device. */
  | { readonly state: 'failed'; readonly message?: string };

/**
 * How a request ended. bound: the key of this device was paired before. expired: it was not answered in time. over: it ended
 * elsewhere, `reason` as the server's `EndReason`.
 * locked: too many wrong PINs, so that this device does not serve until it is paired again.
 */
export type Result =
  | 'approved'
  | 'declined'
  | 'reported'
  | 'wrong-number'
  | 'bound'
  | 'expired'
  | 'over'
  | 'locked'
  | 'removed';

/** A request with its end, as the history keeps it. */
export interface Ended {
  readonly id: string;
  readonly entry: Entry['id'];
  readonly at: EpochMillis;
  readonly result: Result;
  readonly reason?: string;
  readonly claims: Pick<RequestClaims, 'purpose' | 'account' | 'client' | 'address' | 'place' | 'browser'>;
}

/**
 * Whether requests reach this device while the app is closed. ask: the person was not asked yet. blocked: refused in the browser.
 * unsupported: the browser has no Web Push. failed: the browser's push service refused. gone: it forgot this device.
 * checking: about to be known.
 */
export type Notifications = 'checking' | 'works' | 'ask' | 'blocked' | 'unsupported' | 'failed' | 'gone';

/** The test notification. arrived: the service worker has shown it. missing: 20 s without it. later: too many tests. */
export type PushTest = 'sending' | 'sent' | 'arrived' | 'missing' | 'later' | 'unreachable';

/**
 * Why the app cannot work here. insecure: neither https nor localhost. old: something is missing in this browser.
 * storage: this browser keeps nothing, as in a private window. home-screen: iOS, and not opened from the Home Screen.
 */
export type Obstacle = 'insecure' | 'old' | 'storage' | 'home-screen';

/** Why a pairing ended without one. `message`: the server's sentence, where it refused. */
export type PairingFailure =
  /** The code does not fit, or is too old. */
  | 'wrong-code'
  /** The link of the QR code is too old or used. */
  | 'expired'
  /** The person chose "No" on the page, or started anew there. */
  | 'refused'
  /** Too many wrong codes: wait. */
  | 'later'
  /** The QR code belongs to another deployment. */
  | 'elsewhere'
  | 'unreachable'
  | 'failed';

/**
 * A pairing, step by step. naming: the link of the QR code was read; the person names the device and goes on. notifications: asks
 * whether notifications may be shown, before the subscription. claiming: on its way. comparing: both sides show `digits`, the page
 * asks. The test request that follows is an ordinary request with purpose `pairing`. done: bound.
 */
export type Pairing =
  | { readonly step: 'naming' }
  | { readonly step: 'notifications' }
  | { readonly step: 'claiming' }
  | {
      readonly step: 'comparing';
      readonly organization: string;
      readonly account: string;
      readonly digits: string;
      readonly expiresAt: EpochMillis;
    }
  | { readonly step: 'done'; readonly organization: string; readonly account: string }
  | { readonly step: 'failed'; readonly why: PairingFailure; readonly message?: string };

/** What was read as a QR code or typed for the codes of another website, before it is kept. */
export interface NewCodes {
  readonly issuer: string;
  readonly account: string;
}

/** What the scanner could not do, or what the QR code was. foreign: not one of ours and no codes either. */
export type ScanProblem = 'no-camera' | 'refused' | 'foreign' | 'elsewhere' | 'unsupported-codes';

/** The screens. Those with an `entry` or a `request` show home where it does not exist. */
export type Screen =
  | { readonly at: 'home' }
  | { readonly at: 'request'; readonly request: PendingRequest['id'] }
  /** Asks once more before "It wasn't me" is sent. */
  | { readonly at: 'report'; readonly request: PendingRequest['id'] }
  /** Shows how the request ended, from the history. */
  | { readonly at: 'ended'; readonly request: Ended['id'] }
  | { readonly at: 'add' }
  | { readonly at: 'scan' }
  /** Shows `state.pairing`. */
  | { readonly at: 'pairing' }
  /** Codes of another website: typed, or read and shown in `state.newCodes`. */
  | { readonly at: 'codes' }
  | { readonly at: 'history' }
  | { readonly at: 'settings' }
  | { readonly at: 'entry'; readonly entry: Entry['id'] }
  | { readonly at: 'remove'; readonly entry: Entry['id'] };

/** A short message over the screen, read by screen readers; the engine clears it after a few seconds. */
export type Toast = 'copied' | 'not-copied' | 'added' | 'removed' | 'notifications-on';

export interface AppState {
  /** starting: nothing is known yet. */
  readonly phase: 'starting' | 'ready';
  readonly obstacle?: Obstacle;
  readonly language: AppLanguage;
  readonly now: EpochMillis;
  readonly online: boolean;
  readonly screen: Screen;
  readonly entries: readonly Entry[];
  readonly code?: ShownCode;
  /** Newest first. */
  readonly requests: readonly PendingRequest[];
  /** Of the request on the screen. */
  readonly answering?: Answering;
  /** Newest first, at most 50. */
  readonly history: readonly Ended[];
  readonly notifications: Notifications;
  readonly test?: PushTest;
  readonly pairing?: Pairing;
  readonly newCodes?: NewCodes;
  /** Of the typed form for codes of another website: `secret` is not base32. */
  readonly codesProblem?: 'secret' | 'kept-already';
  readonly scanProblem?: ScanProblem;
  /** Suggested name of this device: "iPhone", "Chrome on Android". */
  readonly deviceName: string;
  /** True where the browser offers to install the app (`beforeinstallprompt`). */
  readonly canInstall: boolean;
  /** True while a removal is on its way. */
  readonly removing?: boolean;
  readonly toast?: Toast;
}

/** What policy asks for beside the number of a request: a PIN, chosen at a pairing, or nothing in the app's own pages. */
export const pinOf = (claims: Pick<RequestClaims, 'unlock' | 'purpose'>): 'choose' | 'enter' | undefined => {
  const unlock: Unlock = claims.unlock;
  if (unlock !== 'pin') return undefined;
  return claims.purpose === 'pairing' ? 'choose' : 'enter';
};

/** Most characters of the name of a device. */
export const longestDeviceName = 60;

/** What the views ask for. None of them throws or gives anything: the state tells. */
export interface Actions {
  readonly go: (screen: Screen) => void;
  /** To the screen before, home where there is none. The same as the browser's Back. */
  readonly back: () => void;
  readonly setLanguage: (language: AppLanguage) => void;

  readonly showCode: (entry: Entry['id']) => void;
  readonly hideCode: () => void;
  /** Copies the code on the screen. */
  readonly copyCode: () => void;

  /** Answers a request. `pin`: entered, or at a pairing the new one. A biometric check is made by the engine. */
  readonly approve: (request: PendingRequest['id'], number: string, pin?: string) => void;
  readonly decline: (request: PendingRequest['id']) => void;
  readonly report: (request: PendingRequest['id']) => void;

  /** Text of a QR code: a pairing link, or `otpauth:`. */
  readonly scanned: (text: string) => void;
  /** The camera could not be opened. */
  readonly scanFailed: (problem: Extract<ScanProblem, 'no-camera' | 'refused'>) => void;
  /** Claims a pairing: by `code` as typed, or without one by the link that was read. */
  readonly pair: (device: { readonly name: string; readonly code?: string }) => void;
  /** Ends a pairing that is not done, and forgets its key. */
  readonly cancelPairing: () => void;

  /** Keeps codes of another website: `state.newCodes`, with the names as edited; or typed, with a base32 secret. */
  readonly keepCodes: (codes: NewCodes & { readonly secret?: string }) => void;

  /** Asks the browser for permission and subscribes. Call it on a tap only. */
  readonly allowNotifications: () => void;
  /** Goes on with a pairing without notifications. */
  readonly skipNotifications: () => void;
  readonly sendTest: () => void;
  /** Shows the browser's question whether to install the app. */
  readonly install: () => void;
  /** Fetches requests again. */
  readonly refresh: () => void;

  readonly rename: (entry: Entry['id'], names: { readonly title: string; readonly account: string }) => void;
  /** Removes an account or codes from this device; an account also from the server, where that can be reached. */
  readonly remove: (entry: Entry['id']) => void;
}
