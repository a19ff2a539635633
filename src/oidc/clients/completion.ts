/** Writes a client as it is stored: with the members that every client has, and addresses as they were meant. */
import type { ClientMetadata } from 'oidc-provider';
import { trimmedAddress } from './addresses.ts';

/** The library's own defaults have no refresh tokens. */
const usualGrantTypes = ['authorization_code', 'refresh_token'];

/** The metadata as it is stored. `withoutSecret`: for a client that has no way of authentication of its own. */
export const completeClient = (client: ClientMetadata, withoutSecret: boolean): ClientMetadata => {
  const { grant_types: grantTypes = usualGrantTypes, redirect_uris: uris, post_logout_redirect_uris: logout } = client;
  return {
    token_endpoint_auth_method: withoutSecret ? 'none' : 'client_secret_basic',
    ...client,
    ...(uris !== undefined && { redirect_uris: trimmed(uris) }),
    ...(logout !== undefined && { post_logout_redirect_uris: trimmed(logout) }),
    grant_types: [...grantTypes],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
  };
};

/** A value that is no list is left to the check of clients. */
const trimmed = <T>(uris: T): T | string[] =>
  Array.isArray(uris) ? uris.map(uri => trimmedAddress(String(uri))) : uris;

/** Whether the client has no secret (RFC 6749 §2.1). */
export const isPublic = (client: object): boolean => Reflect.get(client, 'token_endpoint_auth_method') === 'none';
