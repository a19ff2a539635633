/**
 * Decides what a service gets: a client that asks for a token of its own, without a person (`client_credentials`, RFC 6749 §4.4).
 * Its token is for one resource server, and holds scopes that the operator allowed this service. It names no person,
 * opens no userinfo and comes without a refresh token.
 */
import { errors, type Client, type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider';
import { ownMetadata } from './own-metadata.ts';
import type { ResourceServer } from './resource-identifiers.ts';
import { shown } from './refusals/explanations.ts';
import { textOf } from './request.ts';

const grantType = 'client_credentials';

/** Whether this is a token request of a service. */
export const isServiceRequest = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.route === 'token' && oidc.params?.['grant_type'] === grantType;

/** The mistake in a service's metadata; undefined if there is none, or the client is no service. */
export const serviceProblem = ({ grant_types: grantTypes = [], ...metadata }: ClientMetadata): string | undefined => {
  if (!grantTypes.includes(grantType)) return undefined;
  // A client that also signs people in could mistake a service's token for a person's, or the reverse (RFC 9700 §4.15).
  if (grantTypes.length > 1) return `grant_types: got ${grantTypes.join(', ')}, expected ${grantType} alone`;
  if (metadata.token_endpoint_auth_method === 'none')
    return `${grantType}: got a client without a secret, expected one`;
  const { service_scopes: scopes } = ownMetadata(metadata);
  return scopes === undefined ? `${grantType}: got no service_scopes, expected the scopes of this service` : undefined;
};

/** The resource of a service that names none. @throws InvalidTarget where it has no default */
export const defaultResourceOf = (client: Client): string => {
  const { default_resource: resource } = ownMetadata(client);
  if (resource !== undefined) return resource;
  throw new errors.InvalidTarget(
    'the resource is missing',
    'got no resource, expected the identifier of a resource server: this service is registered without a default_resource',
  );
};

/**
 * The scopes of a service at a resource server. A request that names none gets all of them.
 * @throws InvalidTarget where it has none there, InvalidScope where it asks for another
 */
export const scopesOfService = (
  { oidc }: KoaContextWithOIDC,
  client: Client,
  server: ResourceServer,
): readonly string[] => {
  const { service_scopes: own = [] } = ownMetadata(client);
  const allowed = own.filter(scope => server.scopes.includes(scope));
  if (allowed.length === 0) {
    throw new errors.InvalidTarget(
      'the client may not use this resource',
      `this service has the scopes ${own.join(' ')}, the resource server knows ${server.scopes.join(' ')}`,
    );
  }
  const asked = textOf(oidc.params?.['scope'])?.split(' ').filter(Boolean) ?? [];
  const refused = asked.find(scope => !allowed.includes(scope));
  if (refused !== undefined) {
    const detail = `got the scope ${shown(refused)}, this service may use ${allowed.join(' ')} there`;
    throw new errors.InvalidScope('requested scope is not allowed', refused, detail);
  }
  if (asked.length === 0 && oidc.params !== undefined) oidc.params['scope'] = allowed.join(' ');
  return allowed;
};
