/** Writes clients in a short form, with the values that openid-client and the registry need. */
import type { CommandServices } from '../../../cli/services.ts';
import type { NewClient } from '../../../src/oidc/client-metadata.ts';
import type { OwnMetadata } from '../../../src/oidc/own-metadata.ts';

export interface TestClient
  extends
    OwnMetadata,
    Pick<NewClient, 'backchannel_logout_uri' | 'backchannel_logout_session_required' | 'authorization_details_types'> {
  readonly id: string;
  readonly name: string;
  /** Absent: a public client. */
  readonly secret?: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

/** Adds the client, or replaces the existing one. */
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
