/**
 * Keeps registration access tokens (RFC 7592 §3): a client that registered itself manages its own metadata with one. Only its hash is
 * stored, with the client. Each change gives a new one. The one before works until the new one is used, an hour at most: an answer that
 * was lost must not lock the client out.
 */
import { constantTimeEqual, randomToken, sha256 } from '../../crypto.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import { accessMember } from '../clients/doors.ts';

/** What is stored with the client. */
interface StoredAccess {
  /** SHA-256 of the token. */
  readonly hash: string;
  /** The token before it, as long as it works. */
  readonly previous?: { readonly hash: string; readonly until: EpochMillis };
}

const previousFor: Millis = 3_600_000;

/** A new token with the members to store. `replaced`: the token with which it is asked for. */
export const newAccess = (now: EpochMillis, replaced?: string): { readonly token: string; readonly kept: object } => {
  const token = randomToken(32);
  const previous = replaced && { hash: sha256(replaced), until: now + previousFor };
  return { token, kept: toKept({ hash: sha256(token), ...(previous && { previous }) }) };
};

/** Whether this token manages the stored client: by its token, by the one before, or not at all. */
export const accessBy = (client: object, token: string, now: EpochMillis): 'current' | 'previous' | 'none' => {
  const { hash = '', previous } = storedAccess(client) ?? {};
  // Both are compared, so that the time of the answer tells neither apart.
  const presented = sha256(token);
  const [isCurrent, isPrevious] = [hash, previous?.hash ?? ''].map(each => constantTimeEqual(each, presented));
  if (isCurrent) return 'current';
  return isPrevious && previous !== undefined && previous.until > now ? 'previous' : 'none';
};

/** The members to store when the current token was used: the one before ends. undefined: there is none. */
export const withoutPrevious = (client: object): object | undefined => {
  const { hash, previous } = storedAccess(client) ?? {};
  return hash === undefined || previous === undefined ? undefined : toKept({ hash });
};

const toKept = (access: StoredAccess): object => ({ [accessMember]: access });

const storedAccess = (client: object): StoredAccess | undefined => {
  const value: unknown = Reflect.get(client, accessMember);
  return isAccess(value) ? value : undefined;
};
const isAccess = (value: unknown): value is StoredAccess =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'hash') === 'string';
