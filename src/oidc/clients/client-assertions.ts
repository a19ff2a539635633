/**
 * Checks what oidc-provider leaves open of the JWTs that clients sign: assertions by which they authenticate (RFC 7523), and requests
 * (RFC 9101). Keys come from the registration alone, so a JWT that brings or names a key of its own is refused.
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../ports/time.ts';
import { cibaRoute } from '../ciba-parameters.ts';
import { isFapi2 } from '../security-profile.ts';

type Members = Readonly<Record<string, unknown>>;

/** Seconds that an assertion or request may be valid for. The mark of a used assertion is stored for that long. */
const longestLifetime = 3600;

/** Members of a header that bring or name a key (RFC 7515 §4.1). */
const keyMembers = ['jwk', 'jku', 'x5c', 'x5u'] as const;

/** The first thing in the header that is refused; undefined: none. `types`: values of `typ`, which may be absent. */
const headerProblem = (header: Members, types: readonly string[]): string | undefined => {
  const brought = keyMembers.find(name => header[name] !== undefined);
  if (brought !== undefined) return `got ${brought} in the header, expected none: registered keys count`;
  const { typ } = header;
  if (typ === undefined || (typeof typ === 'string' && types.includes(typ.toLowerCase()))) return undefined;
  return `got the typ ${JSON.stringify(typ)}, expected none or ${types.join(' or ')}`;
};

const expiryProblem = (expiry: unknown, clock: Clock): string | undefined =>
  Number(expiry) - clock() / 1000 <= longestLifetime
    ? undefined
    : `got an exp that is too far away, expected at most ${longestLifetime} s`;

const algorithmProblem = ({ alg }: Members, client: Client): string | undefined =>
  isFapi2(client) && alg === 'RS256' ? 'got RS256, expected ES256, PS256 or Ed25519' : undefined;

/**
 * For `assertJwtClientAuthClaimsAndHeader` of oidc-provider, which has verified the signature by then.
 * @throws InvalidClientAuth
 */
export const assertionCheck =
  (clock: Clock) =>
  (ctx: KoaContextWithOIDC, claims: Members, header: Members, client: Client): void => {
    const problem =
      headerProblem(header, ['jwt', 'client-authentication+jwt']) ??
      expiryProblem(claims['exp'], clock) ??
      audienceProblem(ctx, claims['aud'], client) ??
      algorithmProblem(header, client);
    if (problem !== undefined) throw new errors.InvalidClientAuth(`client_assertion: ${problem}`);
  };

/**
 * An assertion that is for another server too could be used there by this one, or here by that one. FAPI 2.0 §5.3.2.1 accepts the issuer
 * alone: a server that misleads the client about addresses cannot name ours.
 */
const audienceProblem = ({ oidc }: KoaContextWithOIDC, audience: unknown, client: Client): string | undefined => {
  if (isFapi2(client)) return audience === oidc.issuer ? undefined : 'the aud is not the issuer, as one text';
  const ours = oidc.clientJwtAuthExpectedAudience();
  return [audience].flat().every(each => ours.has(String(each))) ? undefined : 'the aud names another server too';
};

/**
 * For `requestObjects.assertJwtClaimsAndHeader` of oidc-provider. It runs before the signature is verified, and again for a request that
 * was pushed. OpenID CIBA §7.1.1 and FAPI 2.0 Message Signing §5.3.1 name the claims that must be there.
 * @throws InvalidRequestObject
 */
export const requestObjectCheck =
  (clock: Clock) =>
  ({ oidc }: KoaContextWithOIDC, claims: Members, header: Members, client: Client): void => {
    const needed = [
      ...(isFapi2(client) ? ['exp', 'aud', 'nbf'] : []),
      ...(oidc.route === cibaRoute ? ['exp', 'iat', 'nbf', 'jti'] : []),
    ];
    const missing = needed.find(name => claims[name] === undefined);
    const problem =
      headerProblem(header, ['jwt', 'oauth-authz-req+jwt']) ??
      (missing === undefined ? undefined : `the ${missing} claim is missing`) ??
      expiryProblem(claims['exp'] ?? 0, clock) ??
      algorithmProblem(header, client);
    if (problem !== undefined) throw new errors.InvalidRequestObject(`Request Object: ${problem}`);
  };
