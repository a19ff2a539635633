/** Clients as they are kept: added, listed and removed by the operator. */
import { errors, type ClientMetadata } from 'oidc-provider';
import type { KeyObject } from 'node:crypto';
import type { Audit } from '../audit.ts';
import { keyedDigest, randomToken } from '../crypto.ts';
import { isProblem } from '../errors.ts';
import type { Bell, Ephemeral } from '../ports.ts';
import type { OidcDocuments } from './adapter.ts';
import { documentId, removeAll } from './adapter/durable.ts';
import { clientTag } from './adapter/short-lived.ts';
import { clientsTopic } from './client-directory.ts';
import type { HouseMetadata } from './client-metadata.ts';

/** What an operator says of a client. OpenID Connect's own member names, so that documentation of any client fits. */
export interface NewClient extends HouseMetadata {
  /** Made up where it is absent. */
  readonly client_id?: string;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly application_type?: 'web' | 'native';
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
  readonly grant_types?: readonly ('authorization_code' | 'refresh_token')[];
  /** `none` for a client that cannot keep a secret. */
  readonly token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly id_token_signed_response_alg?: 'ES256' | 'RS256';
  readonly scope?: string;
}

export interface ListedClient {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly public: boolean;
}

export interface ClientParts {
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly bell: Bell;
  readonly audit: Audit;
  /** `hashKey` of the house secrets. */
  readonly hashKey: KeyObject;
  /** Whether the provider would take this metadata: `provider.Client.validate`. @throws InvalidClientMetadata */
  readonly validate: (metadata: ClientMetadata) => Promise<unknown>;
  /** Who does it, for the audit: `cli`, `system`. */
  readonly actor: string;
}

export type AddedClient =
  | { readonly ok: true; readonly id: string; /** Told this once; only its hash is kept. */ readonly secret?: string }
  | {
      readonly ok: false;
      readonly why: 'taken' | 'invalid';
      /** For a person: what was expected. */ readonly message: string;
    };

/** Adds a client. Its secret, 256 random bits, is in the answer and nowhere else. */
export const addClient = async (parts: ClientParts, client: NewClient): Promise<AddedClient> => {
  const id = client.client_id ?? randomToken();
  const secret = client.token_endpoint_auth_method === 'none' ? undefined : randomToken(32);
  const metadata: ClientMetadata = {
    ...client,
    client_id: id,
    ...(secret !== undefined && { client_secret: keyedDigest(parts.hashKey, secret) }),
  };
  const fault = await faultOf(metadata, parts);
  if (fault !== undefined) return { ok: false, why: 'invalid', message: fault };
  try {
    await parts.documents.insert({
      id: documentId('Client', id),
      rev: 1,
      model: 'Client',
      payload: metadata,
      clientId: id,
    });
  } catch (error) {
    if (isProblem(error, 'conflict')) return { ok: false, why: 'taken', message: `the client id ${id} is taken` };
    throw error;
  }
  await parts.bell.ring(clientsTopic);
  await parts.audit({ event: 'client.added', actor: parts.actor, outcome: 'success', client: id });
  return { ok: true, id, ...(secret !== undefined && { secret }) };
};

const faultOf = async (metadata: ClientMetadata, { validate }: ClientParts): Promise<string | undefined> => {
  try {
    await validate(metadata);
    return undefined;
  } catch (error) {
    if (error instanceof errors.InvalidClientMetadata) return error.error_description ?? error.message;
    throw error;
  }
};

/** Every client, in pages of 100 read one after another. */
export const listClients = async (documents: OidcDocuments): Promise<readonly ListedClient[]> => {
  const listed: ListedClient[] = [];
  let after = '';
  for (;;) {
    const page = await documents.find({ model: 'Client' }, { after });
    listed.push(...page.map(({ payload }) => toListed(payload)));
    const last = page.at(-1);
    if (last === undefined) return listed;
    after = last.id;
  }
};

const toListed = (payload: object): ListedClient => {
  const member = (name: string): unknown => Reflect.get(payload, name);
  const [id, name, uris] = [String(member('client_id')), member('client_name'), member('redirect_uris')];
  return {
    id,
    name: typeof name === 'string' ? name : id,
    redirectUris: Array.isArray(uris) ? uris.map(String) : [],
    public: member('token_endpoint_auth_method') === 'none',
  };
};

/** Removes a client and everything it holds: grants, refresh tokens, codes, access tokens. False: there was none. */
export const removeClient = async (parts: ClientParts, id: string): Promise<boolean> => {
  // The client first: from here on no request of its succeeds, so nothing new can appear behind the clean-up.
  const removed = await parts.documents.remove(documentId('Client', id));
  await parts.bell.ring(clientsTopic);
  await removeAll(parts.documents, { clientId: id });
  await parts.ephemeral.dropTagged(clientTag(id));
  if (removed) await parts.audit({ event: 'client.removed', actor: parts.actor, outcome: 'success', client: id });
  return removed;
};
