/**
 * Decides whether a session still counts, by the account: each request reads it anyway, on every node, and it is durable. So an ended
 * session stays ended where the short-lived store is restored from a copy. Pure.
 *
 * | member            | ends                                                                  |
 * | ----------------- | --------------------------------------------------------------------- |
 * | `signedOutAt`     | all sessions and tokens from before: a lock, a new password           |
 * | `othersSignedOut` | all from before, except those of one session                          |
 * | `endedSessions`   | single sessions, with all that was issued in them                     |
 */
import { sha256 } from '../crypto.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { EndedSession, User } from '../records.ts';

/** Names a session in records and pages. Its `uid` stays with oidc-provider. */
export const sessionDigest = (uid: string): string => sha256(uid);

/** A session or a token. */
export interface Issued {
  /** When it was made; the last moment at which it may have been, where only the second is known (`lastOf`). */
  readonly at: EpochMillis;
  /** `sessionDigest` of the session, or of the one in which the token was issued. */
  readonly session?: string;
}

/** The last moment of a second of `auth_time` or `iat`. */
export const lastOf = (second: number): EpochMillis => second * 1000 + 999;

/** Whether this session or token does not count any more. */
export const isEnded = ({ signedOutAt = 0, othersSignedOut, ...user }: User, { at, session }: Issued): boolean => {
  if (at < signedOutAt) return true;
  if (session !== undefined && isMarkedEnded(user, session)) return true;
  if (othersSignedOut === undefined || session === othersSignedOut.except) return false;
  return at < othersSignedOut.at;
};

/** Whether this one session was ended. It stays ended, also for a person who signs in again in it. */
export const isMarkedEnded = ({ endedSessions = [] }: Pick<User, 'endedSessions'>, session: string): boolean =>
  endedSessions.some(each => each.session === session);

/** Marks per account. The session and tokens of an older mark were deleted after it was made, unless that was interrupted. */
export const maxMarks = 100;

/** The account with marks for these sessions, and without those that have expired. */
export const withMarks = (user: User, sessions: readonly string[], now: EpochMillis, until: EpochMillis): User => {
  const kept = (user.endedSessions ?? []).filter(each => each.until > now && !sessions.includes(each.session));
  const marks: readonly EndedSession[] = [...kept, ...sessions.map(session => ({ session, until }))];
  return marks.length === 0 ? user : { ...user, endedSessions: marks.slice(-maxMarks) };
};
