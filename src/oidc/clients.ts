/** Adds, writes, lists and removes clients. Works beside running servers, which learn of each change. */
import { randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { Audit } from '../audit.ts';
import { hmac, randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Notifier, Ephemeral } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { InstallationSecrets } from '../secrets.ts';
import { documentId, durableAdapter, removeAll, toDocument } from './adapter/durable.ts';
import { audienceTag, clientTag } from './adapter/short-lived.ts';
import { createClientCheck, type ClientCheck } from './client-check.ts';
import { clientsTopic } from './client-directory.ts';
import { ownMetadata, type OwnMetadata } from './client-metadata.ts';
import { models, type OidcDocuments } from './models.ts';

/** A client as the operator describes it. The names are OpenID Connect's, so that any documentation of clients fits. */
export interface NewClient extends OwnMetadata {
  /** Random where it is absent. */
  readonly client_id?: string;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly application_type?: 'web' | 'native';
  /** https, or http on this machine; without fragment or credentials. Empty for a client that signs nobody in by a browser. */
  readonly redirect_uris: readonly string[];
  /** The same holds for the addresses after a sign-out. */
  readonly post_logout_redirect_uris?: readonly string[];
  /** The code and refresh tokens unless told. None: a client that only introspects tokens. */
  readonly grant_types?: readonly ('authorization_code' | 'refresh_token' | 'client_credentials')[];
  /** `none` for a client that cannot keep a secret; `client_secret_basic` unless told. */
  readonly token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly id_token_signed_response_alg?: 'ES256' | 'RS256';
  readonly scope?: string;
}

/** A client with an id and secret that were agreed on before. Without a secret it is a public client. */
export interface KnownClient extends Omit<NewClient, 'token_endpoint_auth_method'> {
  readonly client_id: string;
  readonly client_secret?: string;
}

/** A client in a list for the operator. */
export interface ListedClient {
  readonly id: string;
  /** The id where the client has no name. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Without a secret (RFC 6749 §2.1). */
  readonly public: boolean;
}

/** taken: another client has the id, or the same `resource`. invalid: the metadata has a mistake. */
export type AddedClient =
  | {
      readonly ok: true;
      readonly id: string;
      /** Returned this once; only its hash is stored. */ readonly secret?: string;
    }
  | {
      readonly ok: false;
      readonly reason: 'taken' | 'invalid';
      /** For the operator: "got …, expected …". */ readonly message: string;
    };

export interface ClientsDeps {
  /** `durable.collection(oidcDocumentKind)` */
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** From `loadSecrets`. `hashKey` hashes client secrets, `signingKeys` tell which algorithms can sign. */
  readonly secrets: Pick<InstallationSecrets, 'hashKey' | 'signingKeys'>;
  readonly audit: Audit;
}

/** 256 random bits. Too many to guess, so a keyed SHA-256 of them is enough to store; a slow hash is not needed. */
export const newClientSecret = (): string => randomToken(32);

/** The registry of clients. */
export class Clients {
  readonly #deps: ClientsDeps;
  readonly #check: ClientCheck;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
    this.#check = createClientCheck(deps.secrets);
  }

  /** Adds a client. The result contains its secret, which is not stored. `actor` as in the audit: `cli`, `user:ID`. */
  async add(client: NewClient, actor: string): Promise<AddedClient> {
    const { documents, audit } = this.#deps;
    // A UUID never begins with `-`, which command lines would read as an option.
    const id = client.client_id ?? randomUUID();
    const secret = client.token_endpoint_auth_method === 'none' ? undefined : newClientSecret();
    const metadata = this.#toMetadata({ ...client, client_id: id }, secret);
    const problem = await this.#check(metadata);
    if (problem !== undefined) return { ok: false, reason: 'invalid', message: problem };
    if (!(await insertIfAbsent(documents, toDocument('Client', id, metadata)))) {
      const isTaken = (await documents.get(documentId('Client', id))) !== undefined;
      const message = isTaken ? `the client id ${id} is taken` : `another client has the resource ${client.resource}`;
      return { ok: false, reason: 'taken', message };
    }
    await audit({ event: 'client.added', actor, outcome: 'success', client: id });
    await this.#publishChange();
    return { ok: true, id, ...(secret !== undefined && { secret }) };
  }

  /**
   * Adds the client, or replaces it: for development, where the clients are known beforehand. Not audited.
   * @throws Problem 'bad-request' for metadata that `add` would refuse as invalid.
   */
  async write({ client_secret: secret, ...client }: KnownClient): Promise<void> {
    const metadata = this.#toMetadata(client, secret);
    const problem = await this.#check(metadata);
    if (problem !== undefined) throw new Problem('bad-request', problem);
    await durableAdapter('Client', models['Client'] ?? { where: 'durable' }, this.#deps).upsert(
      client.client_id,
      metadata,
    );
    await this.#publishChange();
  }

  /** All clients, in the order of the hashes of their ids. Read in pages of 100. */
  async list(): Promise<readonly ListedClient[]> {
    const listed: ListedClient[] = [];
    let after = '';
    for (;;) {
      const page = await this.#deps.documents.find({ model: 'Client' }, { after });
      listed.push(...page.map(({ payload }) => toListed(payload)));
      const last = page.at(-1);
      if (last === undefined) return listed;
      after = last.id;
    }
  }

  /**
   * Removes the client with its grants, refresh tokens, codes and access tokens: a later client of the same id must not inherit
   * them. False: the client did not exist. Remains of an earlier removal that broke off are removed anyway.
   */
  async remove(id: string, actor: string): Promise<boolean> {
    const { documents, ephemeral, audit } = this.#deps;
    // The client goes first: from here on its requests fail, so that no new token appears during the clean-up.
    const client = await documents.get(documentId('Client', id));
    const removed = await documents.remove(documentId('Client', id));
    if (removed) await audit({ event: 'client.removed', actor, outcome: 'success', client: id });
    await this.#publishChange();
    await removeAll(documents, { clientId: id });
    await ephemeral.dropTagged(clientTag(id));
    const { resource } = ownMetadata(client?.payload ?? {});
    if (resource !== undefined) await ephemeral.dropTagged(audienceTag(resource));
    return removed;
  }

  #toMetadata(client: NewClient & { readonly client_id: string }, secret: string | undefined): ClientMetadata {
    const { grant_types: grantTypes = ['authorization_code', 'refresh_token'] } = client;
    return {
      grant_types: grantTypes,
      response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
      token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
      ...client,
      ...(secret !== undefined && { client_secret: hmac(this.#deps.secrets.hashKey, secret) }),
    };
  }

  #publishChange(): Promise<void> {
    return this.#deps.notifier.publish(clientsTopic);
  }
}

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
