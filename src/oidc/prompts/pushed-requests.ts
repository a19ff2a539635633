/** Lets a pushed authorization request begin one sign-in only (RFC 9126 §4: a `request_uri` is used once). */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';

/** Longer than a pushed request can begin a sign-in, which is a minute. */
const markLifetime: Millis = 600_000;

/**
 * Marks the pushed request of an authorization request as begun. The library lets it begin any number of sign-ins until one of
 * them has finished. Reloading a page of the sign-in sends no authorization request, so it is not affected.
 * @throws InvalidRequestUri for the second one, also where both come at once.
 */
export const beginOnce = async ({ oidc }: KoaContextWithOIDC, ephemeral: Ephemeral): Promise<void> => {
  const pushed = oidc.entities.PushedAuthorizationRequest;
  if (oidc.route !== 'authorization' || pushed === undefined) return;
  const mark = key<true>('oidc', 'pushed-request-begun', sha256(pushed.jti));
  if (await ephemeral.setIfAbsent(mark, true, markLifetime)) return;
  throw new errors.InvalidRequestUri('request_uri was already used: it begins one sign-in');
};
