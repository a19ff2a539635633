/** Completes the metadata of a client for storage: adds defaults, and trims addresses. */
import type { ClientMetadata } from 'oidc-provider';
import { ownMetadata } from '../own-metadata.ts';
import { completeProfile } from '../security-profile.ts';
import { trimmedAddress } from './addresses.ts';

/** The library's own defaults have no refresh tokens. */
const usualGrantTypes = ['authorization_code', 'refresh_token'];

/** The metadata as it is stored. `withoutSecret`: for a client that has no way of authentication of its own. */
export const completeClient = (registered: ClientMetadata, withoutSecret: boolean): ClientMetadata => {
  const client = withoutUnusedSecrets(completeProfile(registered));
  const { redirect_uris: uris, post_logout_redirect_uris: logout, response_types: asked } = client;
  const { backchannel_logout_uri: logoutUri, backchannel_client_notification_endpoint: pinged } = client;
  const { grant_types: grantTypes = defaultGrantTypes(client) } = client;
  return {
    token_endpoint_auth_method: withoutSecret ? 'none' : 'client_secret_basic',
    ...client,
    ...(uris !== undefined && { redirect_uris: trimmed(uris) }),
    ...(logout !== undefined && { post_logout_redirect_uris: trimmed(logout) }),
    ...(typeof logoutUri === 'string' && { backchannel_logout_uri: trimmedAddress(logoutUri) }),
    ...(typeof pinged === 'string' && { backchannel_client_notification_endpoint: trimmedAddress(pinged) }),
    grant_types: [...grantTypes],
    response_types: isDerived(asked) ? (grantTypes.includes('authorization_code') ? ['code'] : []) : asked,
  };
};

/**
 * The grant types of a client that was registered without any. A resource server without redirect addresses signs nobody in: it
 * only asks about tokens.
 */
export const defaultGrantTypes = (client: {
  readonly redirect_uris?: readonly string[] | undefined;
}): readonly string[] =>
  ownMetadata(client).resource !== undefined && (client.redirect_uris ?? []).length === 0 ? [] : usualGrantTypes;

/** Response types as they follow from the grant types. Others are left to the check of clients, which refuses them. */
const isDerived = (types: ClientMetadata['response_types']): boolean =>
  types === undefined || (Array.isArray(types) && types.every(type => type === 'code'));

/** A value that is no list, or no list of texts, is left to the check of clients. */
const trimmed = (uris: readonly string[]): readonly string[] => (isTexts(uris) ? uris.map(trimmedAddress) : uris);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string');

/** A secret that no request may use any more, because the client proves itself by a key now. */
const withoutUnusedSecrets = (client: ClientMetadata): ClientMetadata => {
  if (usesSecret(client)) return client;
  const { client_secret: _unused, previous_secret: _older, ...others } = client;
  return others;
};

/** Whether the client proves itself by a secret, which it does by default. The others have a key, or cannot prove themselves. */
export const usesSecret = (client: { readonly token_endpoint_auth_method?: string | undefined }): boolean =>
  secretMethods.has(client.token_endpoint_auth_method ?? 'client_secret_basic');
const secretMethods: ReadonlySet<string> = new Set(['client_secret_basic', 'client_secret_post']);

/** Whether the client cannot prove who it is (RFC 6749 §2.1). */
export const isPublic = (client: object): boolean => Reflect.get(client, 'token_endpoint_auth_method') === 'none';
