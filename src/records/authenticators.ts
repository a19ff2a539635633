/** Defines the records of authenticators, and what limits guesses, messages and pushes. */
import type { Sealed } from '../crypto.ts';
import type { Doc, Json, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** One bound instance of a factor. It counts only while its owner's `authenticators` or `recoveryAuthenticators` list it. */
export interface AuthenticatorRecord extends Doc {
  readonly userId: string;
  /** `phone`, `totp`, …: factors select authenticators by it (`Factor.authenticator`). */
  readonly type: string;
  readonly label: string;
  /** Identifies it in an answer (a credential id). Unique over all people. */
  readonly handle?: string;
  /** Id of the authenticator that it was bound with, and is removed with: the device that shows its codes. */
  readonly boundWith?: string;
  /** Its data (seed, number, last step), sealed for this id and owner. */
  readonly sealed: Sealed<Json>;
  readonly createdAt: EpochMillis;
  /** When it was used in a sign-in for the first time. */
  readonly firstUsedAt?: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** Type of the factor that used it last. */
  readonly lastUsedBy?: string;
  /** It does not count from then on. Absent: it has no end. */
  readonly expiresAt?: EpochMillis;
}
export const authenticatorKind: Kind<AuthenticatorRecord, 'userId' | 'handle'> = {
  name: 'authenticators',
  index: ['userId'],
  unique: ['handle'],
};

/**
 * Wrong answers in a row, per account and what they guess at; the id is `userId:` and the id of an authenticator, or its type
 * where one answer is compared with all of that type. They do not expire: only a right answer clears them.
 */
export interface FailedAttemptsRecord extends Doc {
  readonly count: number;
  readonly notBefore: EpochMillis;
}
export const failedAttemptsKind: Kind<FailedAttemptsRecord> = { name: 'failed-attempts', index: [], unique: [] };

/** Messages to one number (with its extension) in a day. The id is their purpose, a keyed hash of the number, and the day. */
export interface DailySends extends Doc {
  /** Sends without an answer. */
  readonly spent: number;
  /** All sends, answered or not. */
  readonly sent: number;
  readonly endsAt: EpochMillis;
}
export const dailySendsKind: Kind<DailySends> = { name: 'daily-sends', index: [], unique: [], expires: 'endsAt' };

/** A request that was pushed to a device. `until`: the last moment to answer it. Without `outcome` it was not answered. */
export interface PushRequest {
  /** Id of its challenge. */
  readonly id: string;
  readonly at: EpochMillis;
  readonly until: EpochMillis;
  readonly outcome?: 'approved' | 'denied';
  readonly endedAt?: EpochMillis;
}
/** The last requests to the devices of an account, oldest first (`mfa/limits/push-limits.ts`). The id is that of the account. */
export interface PushRequests extends Doc {
  readonly requests: readonly PushRequest[];
}
export const pushRequestsKind: Kind<PushRequests> = { name: 'push-requests', index: [], unique: [] };
