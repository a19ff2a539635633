/**
 * The clients of our own portals: the security page and the developer portal. They are made from the settings and never stored, so no
 * command can register, change or remove them. Their secrets follow from a key of the installation, so only this process can redeem
 * their codes.
 */
import type { KeyObject } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { hmac } from '../../crypto.ts';
import { secretDigest } from './secrets.ts';

/** The client of a portal: of the pages of signed-in people below one path. */
export interface PortalClient {
  readonly clientId: string;
  /** As people see it, where they sign in to it. */
  readonly name: string;
  readonly path: string;
}

/** The security page. */
export const accountPortal: PortalClient = { clientId: 'account', name: 'Sallyport', path: '/account' };
export const accountPath = accountPortal.path;

/** The developer portal. */
export const developerPortal: PortalClient = { clientId: 'developer', name: 'Sallyport Developer', path: '/developer' };

export const portalClients: readonly PortalClient[] = [accountPortal, developerPortal];

/** Where a portal gets the answers of its sign-ins. */
export const callbackPathOf = ({ path }: Pick<PortalClient, 'path'>): string => `${path}/callback`;

/** Whether this path is the portal's. */
export const isBelow = ({ path }: Pick<PortalClient, 'path'>, asked: string): boolean =>
  asked === path || asked.startsWith(`${path}/`);

/** Whether a client with this id is built in. A registered one of the same id, from before it was reserved, is never used. */
export const isBuiltIn = (id: string): boolean => portalClients.some(({ clientId }) => clientId === id);

/** Why an operator cannot register or change this client; undefined where they can. */
export const reservedProblem = (id: string): string | undefined =>
  isBuiltIn(id) ? `client_id: got ${id}, which is reserved for a page of this server` : undefined;

/** The secret with which a portal redeems its codes. */
export const portalSecret = (hashKey: KeyObject, { clientId }: Pick<PortalClient, 'clientId'>): string =>
  hmac(hashKey, `client-secret:${clientId}`);

/** The built-in client with this id, if any. */
export const builtInClient = (
  id: string,
  { issuer, hashKey }: { readonly issuer: URL; readonly hashKey: KeyObject },
): ClientMetadata | undefined => {
  const portal = portalClients.find(({ clientId }) => clientId === id);
  if (portal === undefined) return undefined;
  const home = `${issuer.origin}${portal.path}`;
  return {
    client_id: portal.clientId,
    client_name: portal.name,
    client_uri: home,
    client_secret: secretDigest(hashKey, portalSecret(hashKey, portal)),
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: [`${issuer.origin}${callbackPathOf(portal)}`],
    post_logout_redirect_uris: [home],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope: 'openid',
    first_party: true,
    pkce: 'required',
  };
};
