/** What we keep for good, each with what is indexed, what is unique and what ends it. */
import type { Sealed } from './crypto.ts';
import type { Doc, Json, Kind } from './ports/stores.ts';
import type { EpochMillis } from './ports/time.ts';

/** A person's account. The authenticators that count are listed here, so adding and removing one is a single `replace`. */
export interface User extends Doc {
  /** As they write it, and as pages show it. */
  readonly name: string;
  /** The one spelling that is compared (`users/names.ts`). */
  readonly canonical: string;
  readonly displayName: string;
  readonly email?: string;
  /** PHC string; absent: this account cannot use a password. */
  readonly passwordHash?: string;
  readonly createdAt: EpochMillis;
  readonly lockedAt?: EpochMillis;
  /** Sessions, and tokens that clients hold, count only from then on: the account was locked, or got another password. */
  readonly signedOutAt?: EpochMillis;
  /** Ids of the authenticators that count, oldest first. */
  readonly authenticators: readonly string[];
  /** When the first of them was bound: a session older than this is asked for a second step. */
  readonly firstMethodAt?: EpochMillis;
  /** What the person is asked for first: by this factor, this authenticator. */
  readonly defaultMethod?: { readonly factor: string; readonly authenticator: string };
  /** Calls (and pushes) rest until then: somebody said "this was not me". */
  readonly pausedUntil?: EpochMillis;
  readonly language?: string;
}
export const userKind: Kind<User, 'canonical'> = { name: 'users', index: [], unique: ['canonical'] };

/** One bound instance of a factor. It counts only while its owner's `authenticators` list it. */
export interface AuthenticatorRecord extends Doc {
  readonly userId: string;
  /** `phone`, `totp`, …: what factors ask for it by (`Factor.authenticator`). */
  readonly type: string;
  readonly label: string;
  /** Names it in an answer (a credential id); unique over everyone. */
  readonly handle?: string;
  /** Its data, sealed to this id and owner (seed, number, last step). */
  readonly sealed: Sealed<Json>;
  readonly createdAt: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** Type of the factor it was last used by. */
  readonly lastUsedBy?: string;
}
export const authenticatorKind: Kind<AuthenticatorRecord, 'userId' | 'handle'> = {
  name: 'authenticators',
  index: ['userId'],
  unique: ['handle'],
};

/** Wrong answers in a row, per account and factor; id `userId:factor`. No window of time; only a right answer or a new binding clears it. */
export interface FailedAttemptsRecord extends Doc {
  readonly count: number;
  readonly notBefore: EpochMillis;
}
export const failedAttemptsKind: Kind<FailedAttemptsRecord> = { name: 'failed-attempts', index: [], unique: [] };

/** What went to one number (with its extension) in a day; id is its purpose, a keyed hash of the number, and the day. */
export interface DailySends extends Doc {
  /** Sends that nobody has answered. */
  readonly spent: number;
  /** All sends: an answer gives none of these back. */
  readonly sent: number;
  readonly endsAt: EpochMillis;
}
export const dailySendsKind: Kind<DailySends> = { name: 'daily-sends', index: [], unique: [], expires: 'endsAt' };

/** A secret of the house (signing keys, cookie keys), sealed to its id. */
export interface Secret extends Doc {
  readonly sealed: string;
  readonly createdAt: EpochMillis;
}
export const secretKind: Kind<Secret> = { name: 'secrets', index: [], unique: [] };

/** A durable model of oidc-provider; id `Model:hash of its id`. */
export interface OidcDocument extends Doc {
  readonly model: string;
  /** As oidc-provider gave it, without its id. */
  readonly payload: object;
  readonly grantId?: string;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly consumedAt?: EpochMillis;
  readonly expiresAt?: EpochMillis;
}
export const oidcDocumentKind: Kind<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model'> = {
  name: 'oidc-documents',
  index: ['grantId', 'accountId', 'clientId', 'model'],
  unique: [],
  expires: 'expiresAt',
};

/** A fact that happened. Never holds a code, a secret or a full number: `audit.ts` says which members there are. */
export interface AuditRecord extends Doc {
  readonly at: EpochMillis;
  readonly event: string;
  readonly actor: string;
  readonly subject?: string;
  readonly reference?: string;
  readonly outcome: 'success' | 'failure' | 'refused' | 'info';
  readonly facts: { readonly [member: string]: string | number | boolean };
}
export const auditEventKind: Kind<AuditRecord, 'subject' | 'reference' | 'event'> = {
  name: 'audit-events',
  index: ['subject', 'reference', 'event'],
  unique: [],
};
