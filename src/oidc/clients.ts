/** Adds, writes, lists and removes clients. Works beside running servers, which learn of each change. */
import { randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { Audit } from '../audit.ts';
import { hmac, randomToken } from '../crypto.ts';
import { isProblem, Problem } from '../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Notifier, Ephemeral } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { InstallationSecrets } from '../secrets.ts';
import { documentId, durableAdapter, removeAll, toDocument } from './adapter/durable.ts';
import { audienceTag, clientTag } from './adapter/short-lived.ts';
import { createClientCheck, type ClientCheck } from './clients/check.ts';
import {
  addressMembers,
  addressesIn,
  applyChange,
  changedMembers,
  unknownAddresses,
  type ClientChange,
} from './clients/change.ts';
import { clientsTopic } from './clients/directory.ts';
import { ownMetadata, type NewClient } from './client-metadata.ts';
import { models, type OidcDocuments } from './models.ts';

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

/** unknown: no client has the id. invalid: the client would have a mistake; it stays as it was. */
export type ChangedClient =
  | { readonly ok: true; /** Names of members whose value is another one now. */ readonly members: readonly string[] }
  | { readonly ok: false; readonly reason: 'unknown' | 'invalid'; readonly message: string };

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
   * Changes a client. Of changes at the same time none is lost: each is applied to what the others wrote. Running servers use
   * the new metadata at once.
   * @throws Problem 'unavailable' where another writer won every time.
   */
  async change(id: string, change: ClientChange, actor: string): Promise<ChangedClient> {
    const { ephemeral, audit } = this.#deps;
    const changed = await optimisticWrite(
      () => this.#tryChange(id, change),
      () => {
        throw new Problem('unavailable', `${id}: a concurrent writer won every time this client was written`);
      },
    );
    if (!changed.ok) return changed;
    // The metadata has the digest of the secret, which no caller needs.
    const { before, ...result } = changed;
    if (result.members.length === 0) return result;
    await audit({ event: 'client.changed', actor, outcome: 'success', client: id, members: result.members.join(' ') });
    await this.#publishChange();
    // Access tokens for the earlier resource server would be accepted by another one that takes its identifier.
    const { resource } = ownMetadata(before);
    if (resource !== undefined && result.members.includes('resource'))
      await ephemeral.dropTagged(audienceTag(resource));
    return result;
  }

  /** One attempt of `change`. */
  async #tryChange(id: string, change: ClientChange) {
    const { documents } = this.#deps;
    const stored = await documents.get(documentId('Client', id));
    if (stored === undefined) return refusal('unknown', `no client ${JSON.stringify(id)}`);
    const before: ClientMetadata = { client_id: id, ...stored.payload };
    const changed = applyChange(before, change);
    const after = complete(changed, isPublic(before));
    const problem = removalProblem(before, change) ?? typeProblem(before, after) ?? (await this.#check(after));
    if (problem !== undefined) return refusal('invalid', problem);
    const members = changedMembers(before, after);
    if (members.length === 0) return { ok: true, members, before } as const;
    try {
      const replaced = await documents.replace({ ...toDocument('Client', id, after), rev: stored.rev });
      return replaced === undefined ? conflict : ({ ok: true, members, before } as const);
    } catch (error) {
      if (!isProblem(error, 'conflict')) throw error;
      return refusal('invalid', `another client has the resource ${ownMetadata(after).resource}`);
    }
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

  /** The metadata of a client, without its secret. */
  async find(id: string): Promise<object | undefined> {
    const stored = await this.#deps.documents.get(documentId('Client', id));
    if (stored === undefined) return undefined;
    const { client_secret: _secret, ...shown }: Record<string, unknown> = { ...stored.payload };
    return shown;
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
    const digest = secret !== undefined && { client_secret: hmac(this.#deps.secrets.hashKey, secret) };
    return complete({ ...client, ...digest }, secret === undefined);
  }

  #publishChange(): Promise<void> {
    return this.#deps.notifier.publish(clientsTopic);
  }
}

/** Adds the members that every client has. The library's own defaults have no refresh tokens. */
const complete = (client: ClientMetadata, withoutSecret: boolean): ClientMetadata => {
  const { grant_types: grantTypes = ['authorization_code', 'refresh_token'] } = client;
  return {
    token_endpoint_auth_method: withoutSecret ? 'none' : 'client_secret_basic',
    ...client,
    grant_types: [...grantTypes],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
  };
};

/** Whether the client has no secret (RFC 6749 §2.1). */
const isPublic = (client: object): boolean => Reflect.get(client, 'token_endpoint_auth_method') === 'none';

const refusal = (reason: 'unknown' | 'invalid', message: string) => ({ ok: false, reason, message }) as const;

/** An address to remove that is not registered is a mistake: the one that was meant would stay. */
const removalProblem = (client: ClientMetadata, change: ClientChange): string | undefined => {
  const [absent] = unknownAddresses(client, change);
  if (absent === undefined) return undefined;
  const registered = addressMembers.flatMap(member => addressesIn(client, member));
  return `got ${JSON.stringify(absent)} to remove, registered: ${registered.join(' ')}`;
};

/** A client with a secret and one without are different things: what relied on the secret would go on without it. */
const typeProblem = (before: ClientMetadata, after: ClientMetadata): string | undefined => {
  if (isPublic(before) === isPublic(after)) return undefined;
  return isPublic(after)
    ? 'token_endpoint_auth_method: this client has a secret, and cannot go on without one; add a public client beside it'
    : 'token_endpoint_auth_method: this client is public, and cannot get a secret; add another client beside it';
};

const toListed = (payload: object): ListedClient => {
  const member = (name: string): unknown => Reflect.get(payload, name);
  const [id, name, uris] = [String(member('client_id')), member('client_name'), member('redirect_uris')];
  return {
    id,
    name: typeof name === 'string' ? name : id,
    redirectUris: Array.isArray(uris) ? uris.map(String) : [],
    public: isPublic(payload),
  };
};
