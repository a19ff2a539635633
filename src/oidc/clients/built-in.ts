/**
 * The client of our own security page. It is made from the settings and never stored, so no command can register, change or
 * remove it. Its secret follows from a key of the installation, so only this process can redeem its codes.
 */
import type { KeyObject } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { hmac } from '../../crypto.ts';
import { secretDigest } from './secrets.ts';

/** Id of the client of the security page. */
export const accountClientId = 'account';

/** Paths of the security page that the client is registered with. */
export const accountPath = '/account';
export const accountCallbackPath = `${accountPath}/callback`;

/** Whether a client with this id is built in. A registered one of the same id, from before it was reserved, is never used. */
export const isBuiltIn = (id: string): boolean => id === accountClientId;

/** Why an operator cannot register or change this client; undefined where they can. */
export const reservedProblem = (id: string): string | undefined =>
  isBuiltIn(id) ? `client_id: got ${id}, which is reserved for the security page` : undefined;

/** The secret with which the security page redeems its codes. */
export const accountSecret = (hashKey: KeyObject): string => hmac(hashKey, `client-secret:${accountClientId}`);

/** The built-in client with this id, if any. */
export const builtInClient = (
  id: string,
  { issuer, hashKey }: { readonly issuer: URL; readonly hashKey: KeyObject },
): ClientMetadata | undefined =>
  isBuiltIn(id)
    ? {
        client_id: accountClientId,
        client_name: 'Sallyport',
        client_uri: `${issuer.origin}${accountPath}`,
        client_secret: secretDigest(hashKey, accountSecret(hashKey)),
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [`${issuer.origin}${accountCallbackPath}`],
        post_logout_redirect_uris: [`${issuer.origin}${accountPath}`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        scope: 'openid',
        first_party: true,
        pkce: 'required',
      }
    : undefined;
