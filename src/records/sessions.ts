/** Defines the records of sessions at clients, sessions of accounts, and remembered browsers. */
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/**
 * A session of a person at a client with back-channel logout (`oidc/sign-out/back-channel-logout.ts`). The id is a digest of client and
 * `sid`.
 */
export interface ClientSession extends Doc {
  readonly accountId: string;
  readonly clientId: string;
  readonly sid: string;
  readonly expiresAt: EpochMillis;
}
export const clientSessionKind: Kind<ClientSession, 'accountId' | 'clientId'> = {
  name: 'client-sessions',
  index: ['accountId', 'clientId'],
  unique: [],
  expires: 'expiresAt',
};

/**
 * A session of an account, as its person sees it (`oidc/sessions/account-sessions.ts`). The session itself is short-lived; this record says
 * where it is, and what was granted in it. The id is its digest, and the account.
 */
export interface SessionRecord extends Doc {
  readonly accountId: string;
  /** `sessionDigest` of its `uid`. */
  readonly session: string;
  readonly startedAt: EpochMillis;
  /** The last sign-in in it. */
  readonly signedInAt: EpochMillis;
  /** Last use, to a quarter of an hour. */
  readonly usedAt: EpochMillis;
  /** Of the last use: the client address, and the browser as `browserText` gives it. */
  readonly address?: string;
  readonly browser?: string;
  readonly acr?: string;
  /** Type of the factor of the second step. Absent: there was none. */
  readonly method?: string;
  /** Id of the remembered browser that took the place of the second step. */
  readonly remembered?: string;
  /** What clients got in it, the oldest first. */
  readonly clients: readonly SessionClient[];
  /** It was ended, and is not written any more. */
  readonly endedAt?: EpochMillis;
  readonly expiresAt: EpochMillis;
}
/** A client that used a session. */
export interface SessionClient {
  readonly clientId: string;
  /** Identifies the session to this client. */
  readonly sid?: string;
  readonly grantId?: string;
}
export const sessionRecordKind: Kind<SessionRecord, 'accountId'> = {
  name: 'account-sessions',
  index: ['accountId'],
  unique: [],
  expires: 'expiresAt',
};

/**
 * A browser in which the password alone signs its person in for some days (`users/remembered-browsers.ts`). The id is SHA-256 of
 * the secret in its cookie.
 */
export interface RememberedBrowser extends Doc {
  readonly userId: string;
  /** Number of times that it was used. The cookie holds the same number, so a copy of the cookie falls behind. */
  readonly counter: number;
  /** Digest of password, methods and sign-outs of the person. It does not count where they have changed. */
  readonly version: string;
  readonly createdAt: EpochMillis;
  readonly lastUsedAt: EpochMillis;
  /** Of the last use: the client address, and the browser as `browserText` gives it. */
  readonly address?: string;
  readonly browser?: string;
  readonly expiresAt: EpochMillis;
}
export const rememberedBrowserKind: Kind<RememberedBrowser, 'userId'> = {
  name: 'remembered-browsers',
  index: ['userId'],
  unique: [],
  expires: 'expiresAt',
};
