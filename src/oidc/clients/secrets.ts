/**
 * Stores and compares client secrets: one, or two while an operator replaces the old one. Only keyed hashes are stored, in the
 * metadata of the client.
 *
 *     add ──► client_secret                            one secret
 *     new ──► client_secret, previous_secret           both work until the old one expires or is removed
 *     remove old / remove new ──► client_secret        one secret again
 */
import type { KeyObject } from 'node:crypto';
import { errors, type ClientMetadata, type Provider } from 'oidc-provider';
import { constantTimeEqual, hmac, randomToken, sha256 } from '../../crypto.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { previousSecretOf } from '../own-metadata.ts';
import { isPublic, usesSecret } from './completion.ts';

/** How long a replaced secret works beside the new one, unless an operator says otherwise. */
export const replacedSecretTime: Millis = 7 * 86_400_000;

/** 256 random bits. Too many to guess, so a keyed SHA-256 of them is enough to store; a slow hash is not needed. */
export const newClientSecret = (): string => randomToken(32);

/** Keyed hash of a secret, as stored. */
export const secretDigest = (hashKey: KeyObject, secret: string): string => hmac(hashKey, secret);

/** When the older of two secrets expires; undefined if it has expired or there is only one. Milliseconds since 1970. */
export const previousSecretEnd = (client: object, now: EpochMillis): EpochMillis | undefined => {
  const { expires_at: end = 0 } = previousSecretOf(client) ?? {};
  return end > now ? end : undefined;
};

/** Whether this is a secret of the client that still works. `digest`: its keyed hash. */
export const isSecretOf = (client: ClientMetadata, digest: string, now: EpochMillis): boolean => {
  const previous = previousSecretEnd(client, now) === undefined ? undefined : previousSecretOf(client)?.digest;
  // Both are compared, as where a client authenticates.
  const matches = [client.client_secret, previous].map(each => each !== undefined && constantTimeEqual(each, digest));
  return matches.includes(true);
};

type Changed = { readonly after: ClientMetadata } | { readonly problem: string };

/** The client with a new secret. The old one works until `previousUntil`; it ends at once if that is not later than `now`. */
export const withNewSecret = (
  client: ClientMetadata,
  { digest, previousUntil, now }: { digest: string; previousUntil: EpochMillis; now: EpochMillis },
): Changed => {
  if (isPublic(client)) return { problem: 'this client is public, and has no secret' };
  if (!usesSecret(client)) return { problem: 'this client proves itself by a key, and has no secret' };
  const { client_secret: before, previous_secret: _ended, ...others } = client;
  if (previousUntil <= now) return { after: { ...others, client_secret: digest } };
  const end = previousSecretEnd(client, now);
  if (end !== undefined) {
    const until = new Date(end).toISOString();
    return { problem: `this client has two secrets until ${until}; remove one of them first, or end both at once` };
  }
  const previous = { digest: before, expires_at: previousUntil };
  return { after: { ...others, client_secret: digest, previous_secret: previous } };
};

/** The client with one of two secrets removed. If the new one is removed, the old one no longer expires. */
export const withoutSecret = (client: ClientMetadata, which: 'old' | 'new', now: EpochMillis): Changed => {
  const { previous_secret: _removed, ...others } = client;
  if (previousSecretEnd(client, now) === undefined) {
    return { problem: 'this client has one secret only; `clients new-secret` gives it another one' };
  }
  if (which === 'old') return { after: others };
  return { after: { ...others, client_secret: previousSecretOf(client)?.digest ?? '' } };
};

/** Makes clients of this provider authenticate by either of their secrets. Must run before it answers requests. */
export const compareSecrets = (
  { Client }: Provider,
  { hashKey, clock }: { hashKey: KeyObject; clock: Clock },
): void => {
  const digestOf = rememberDigests(hashKey);
  Client.prototype.compareClientSecret = function compareDigests(actual) {
    const digest = digestOf(this, actual);
    const previous = previousSecretOf(this);
    // Always compare both, so that the response time does not reveal which one matched.
    const [isCurrent, isPrevious] = [this.clientSecret, previous?.digest].map(each =>
      constantTimeEqual(each ?? '', digest),
    );
    if (isPrevious && previousSecretEnd(this, clock()) === undefined) throw expired();
    return isCurrent === true || isPrevious === true;
  };
};

/**
 * Gives the digest of a secret, and remembers that of the last secret of each client, right or wrong: a keyed hash costs four times as much
 * as a plain one. The result is compared with the stored digests each time, so that a removed secret fails at once.
 */
const rememberDigests = (hashKey: KeyObject) => {
  const last = new WeakMap<object, { readonly plain: string; readonly digest: string }>();
  return (client: object, secret: string): string => {
    const [known, plain] = [last.get(client), sha256(secret)];
    if (known !== undefined && constantTimeEqual(known.plain, plain)) return known.digest;
    const digest = secretDigest(hashKey, secret);
    last.set(client, { plain, digest });
    return digest;
  };
};

/** The response is the same as for a wrong secret; only the log gets the detail. */
const expired = (): Error => new errors.InvalidClientAuth('client secret is expired');
