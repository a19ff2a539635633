/** Clients as the operator keeps them: the one registry in which they are added, written anew, listed and removed. */
import type { ClientMetadata } from 'oidc-provider';
import type { Audit } from '../audit.ts';
import { hmac, randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Notifier, Ephemeral } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { InstallationSecrets } from '../secrets.ts';
import type { OidcDocuments } from './adapter.ts';
import { documentId, durableAdapter, removeAll, toDocument } from './adapter/durable.ts';
import { clientTag } from './adapter/short-lived.ts';
import { createClientCheck, type ClientCheck } from './client-check.ts';
import { clientsTopic } from './client-directory.ts';
import type { OwnMetadata } from './client-metadata.ts';
import { models } from './models.ts';

/** What an operator says of a client. OpenID Connect's own member names, so that documentation of any client fits. */
export interface NewClient extends OwnMetadata {
  /** Made up where it is absent. */
  readonly client_id?: string;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly application_type?: 'web' | 'native';
  /** https, or http on this machine; without fragment or credentials. So are the addresses after a sign-out. */
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
  /** Both, unless told. */
  readonly grant_types?: readonly ('authorization_code' | 'refresh_token')[];
  /** `none` for a client that cannot keep a secret; `client_secret_basic` unless told. */
  readonly token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly id_token_signed_response_alg?: 'ES256' | 'RS256';
  readonly scope?: string;
}

/** A client whose id and secret were agreed on before. Without a secret it is one that cannot keep any. */
export interface KnownClient extends Omit<NewClient, 'token_endpoint_auth_method'> {
  readonly client_id: string;
  readonly client_secret?: string;
}

export interface ListedClient {
  readonly id: string;
  /** Its id where it has no name. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** It has no secret. */
  readonly public: boolean;
}

export type AddedClient =
  | { readonly ok: true; readonly id: string; /** Told this once; only its hash is kept. */ readonly secret?: string }
  | {
      readonly ok: false;
      readonly reason: 'taken' | 'invalid';
      /** For a person: what was got, or expected. */ readonly message: string;
    };

export interface ClientsDeps {
  /** `durable.collection(oidcDocuments)` */
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** From `loadSecrets`: what secrets are hashed with, and the algorithms that can sign. */
  readonly secrets: Pick<InstallationSecrets, 'hashKey' | 'signingKeys'>;
  readonly audit: Audit;
}

/** 256 random bits: a keyed SHA-256 of them is enough to keep, and compares in no time. */
export const newClientSecret = (): string => randomToken(32);

/** Works beside running servers: each change is rung to them. */
export class Clients {
  readonly #deps: ClientsDeps;
  readonly #check: ClientCheck;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
    this.#check = createClientCheck(deps.secrets);
  }

  /** Its secret is in the answer and nowhere else. `actor` as the audit names it: `cli`, `user:ID`. */
  async add(client: NewClient, actor: string): Promise<AddedClient> {
    const { documents, audit } = this.#deps;
    const id = client.client_id ?? randomToken();
    const secret = client.token_endpoint_auth_method === 'none' ? undefined : newClientSecret();
    const metadata = this.#toMetadata({ ...client, client_id: id }, secret);
    const problem = await this.#check(metadata);
    if (problem !== undefined) return { ok: false, reason: 'invalid', message: problem };
    if (!(await insertIfAbsent(documents, toDocument('Client', id, metadata)))) {
      return { ok: false, reason: 'taken', message: `the client id ${id} is taken` };
    }
    await audit({ event: 'client.added', actor, outcome: 'success', client: id });
    await this.#ring();
    return { ok: true, id, ...(secret !== undefined && { secret }) };
  }

  /**
   * Adds the client, or writes what is there anew: for a world whose clients are known beforehand. Not audited.
   * @throws Problem 'bad-request' for metadata that `add` would call invalid.
   */
  async write({ client_secret: secret, ...client }: KnownClient): Promise<void> {
    const metadata = this.#toMetadata(client, secret);
    const problem = await this.#check(metadata);
    if (problem !== undefined) throw new Problem('bad-request', problem);
    await durableAdapter('Client', models['Client'] ?? { where: 'durable' }, this.#deps).upsert(
      client.client_id,
      metadata,
    );
    await this.#ring();
  }

  /** Every client, in no order that means anything; read in pages of 100, one after another. */
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
   * Removes the client and everything it holds (grants, refresh tokens, codes, access tokens), so that another one of the
   * same id inherits nothing. False: there was none; what a removal that broke off has left is cleared all the same.
   */
  async remove(id: string, actor: string): Promise<boolean> {
    const { documents, ephemeral, audit } = this.#deps;
    // The client first: from here on no request of its succeeds, so nothing new can appear behind the clean-up.
    const removed = await documents.remove(documentId('Client', id));
    if (removed) await audit({ event: 'client.removed', actor, outcome: 'success', client: id });
    await this.#ring();
    await removeAll(documents, { clientId: id });
    await ephemeral.dropTagged(clientTag(id));
    return removed;
  }

  #toMetadata(client: NewClient & { readonly client_id: string }, secret: string | undefined): ClientMetadata {
    return {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
      ...client,
      ...(secret !== undefined && { client_secret: hmac(this.#deps.secrets.hashKey, secret) }),
    };
  }

  #ring(): Promise<void> {
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
