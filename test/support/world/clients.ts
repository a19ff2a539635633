/** Clients as the tests say them, short: what openid-client and the registry each need of one. */
import type { CommandServices } from '../../../cli/services.ts';
import type { OwnMetadata } from '../../../src/oidc/client-metadata.ts';

export interface TestClient extends OwnMetadata {
  readonly id: string;
  readonly name: string;
  /** Absent: it cannot keep one. */
  readonly secret?: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

/** Adds the client, or writes what is there anew. */
export const writeClient = async (services: CommandServices, client: TestClient): Promise<void> => {
  const { id, name, secret, redirectUris, postLogoutRedirectUris, ...metadata } = client;
  const clients = await services.clients();
  await clients.write({
    client_id: id,
    client_name: name,
    ...(secret !== undefined && { client_secret: secret }),
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    ...metadata,
  });
};
