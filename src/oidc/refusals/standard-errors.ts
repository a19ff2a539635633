/**
 * Gives two refusals the error code of their specification, where oidc-provider answers `invalid_request`. The library announces a
 * refusal after it has answered, so both the error and the answer are changed, before other listeners read them.
 */
import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isRefusal } from './refusal-codes.ts';

interface StandardError {
  readonly error: 'unauthorized_client' | 'invalid_client';
  readonly status: 400 | 401;
}

/** RFC 6749 §5.2, also for devices (RFC 8628 §3.2) and OpenID CIBA (§13). The token endpoint does not name the grant type. */
const wrongGrant = {
  sentence: /^(?:requested grant type|urn:[\w:-]{1,80}) is not allowed for this client$/,
  error: 'unauthorized_client',
  status: 400,
} as const;
/** RFC 6749 §5.2 and RFC 7662 §2.3: a missing proof counts as one that failed. */
const withoutProof = {
  sentence: /^no client authentication mechanism provided$/,
  error: 'invalid_client',
  status: 401,
} as const;

/** The error of the specification for a refusal with this sentence; undefined: the one that it has. */
const standardError = (sentence: string): StandardError | undefined =>
  [wrongGrant, withoutProof].find(each => each.sentence.test(sentence));

const events = [
  'grant.error',
  'pushed_authorization_request.error',
  'device_authorization.error',
  'backchannel_authentication.error',
  'introspection.error',
  'revocation.error',
] as const;

/** Must run before other listeners are added. */
export const correctErrors = (provider: Provider): void => {
  // The types of the library have an overload for each event, and none for a list.
  const listener: EventEmitter = provider;
  for (const event of events) listener.on(event, correct);
};

const correct = (ctx: KoaContextWithOIDC, refusal: unknown): void => {
  if (!isRefusal(refusal)) return;
  const right = standardError(refusal.error_description ?? '');
  const body: unknown = ctx.body;
  if (right === undefined || typeof body !== 'object' || body === null) return;
  const { error, status } = right;
  Object.assign(refusal, { message: error, error, status, statusCode: status });
  ctx.status = status;
  // A 401 names a method of proof (RFC 9110 §15.5.2): here the one that every client library has.
  if (status === 401) ctx.set('www-authenticate', `Basic realm="${ctx.oidc.issuer}"`);
  ctx.body = { ...body, error };
};
