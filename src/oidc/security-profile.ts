/**
 * Holds clients to a named security profile: `security_profile` sets several members of a client, and none of them can be registered
 * otherwise while the profile is. So no later change weakens one of them unnoticed.
 *
 * `fapi2` is the FAPI 2.0 Security Profile (final, February 2025). What it asks of each request follows from the members, except for
 *
 * | rule                                                      | place                  |
 * | --------------------------------------------------------- | ---------------------- |
 * | the audience of an assertion is the issuer, as one text   | `clients/client-assertions.ts` |
 * | a code expires after 60 s                                 | `configuration.ts`     |
 * | refresh tokens do not rotate until most of their life has passed | `configuration.ts` |
 */
import type { ClientMetadata } from 'oidc-provider';

/** Whether this client of oidc-provider, or this metadata, has the profile `fapi2`. */
export const isFapi2 = (client: object | undefined): boolean =>
  client !== undefined && Reflect.get(client, 'security_profile') === 'fapi2';

/** Members that the profile fixes (FAPI 2.0 §5.3.2.1, §5.3.2.2, §5.4.1). */
const fixed = {
  pkce: 'required',
  require_pushed_authorization_requests: true,
  id_token_signed_response_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
  introspection_signed_response_alg: 'ES256',
} as const;

/** Methods that prove a key. */
const authMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'];

/** Adds the members that the profile of a client needs and that it was registered without. */
export const completeProfile = <T extends object>(client: T): T => {
  if (!isFapi2(client)) return client;
  const isBound = Reflect.get(client, 'tls_client_certificate_bound_access_tokens') === true;
  return {
    token_endpoint_auth_method: 'private_key_jwt',
    ...(!isBound && { dpop_bound_access_tokens: true }),
    ...fixed,
    ...client,
  };
};

/** The first member that the profile of this client does not allow, as "got …, expected …"; undefined: there is none. */
export const profileProblem = (client: ClientMetadata): string | undefined => {
  if (!isFapi2(client)) return undefined;
  const wrong = Object.entries(fixed).find(([name, value]) => client[name] !== value);
  if (wrong !== undefined) return problem(wrong[0], client[wrong[0]], JSON.stringify(wrong[1]));
  const { token_endpoint_auth_method: method, grant_types: types = [], redirect_uris: uris = [] } = client;
  if (!authMethods.includes(method ?? ''))
    return problem('token_endpoint_auth_method', method, authMethods.join(' or '));
  const bindings = [client.dpop_bound_access_tokens, client.tls_client_certificate_bound_access_tokens];
  if (bindings.filter(each => each === true).length !== 1) {
    return problem(
      'dpop_bound_access_tokens',
      bindings[0],
      'it or tls_client_certificate_bound_access_tokens to be true',
    );
  }
  for (const name of ['token_endpoint_auth_signing_alg', 'request_object_signing_alg'] as const) {
    if (client[name] === 'RS256') return problem(name, client[name], 'ES256, PS256 or Ed25519');
  }
  const otherType = types.find(type => !grantTypes.includes(type));
  if (otherType !== undefined) return problem('grant_types', otherType, grantTypes.join(', '));
  const open = uris.find(uri => !uri.startsWith('https://'));
  return open === undefined ? undefined : problem('redirect_uris', open, 'https');
};

const problem = (member: string, got: unknown, expected: string): string =>
  `${member}: got ${JSON.stringify(got) ?? 'nothing'}, expected ${expected} with the profile fapi2`;
