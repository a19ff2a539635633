/** Clients as oidc-provider's adapter keeps them: added, listed, removed beside a running server. */
import { keyedDigest, randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Json } from '../ports.ts';
import { oidcDocuments } from '../records.ts';
import { clientsTopic } from '../oidc/client-directory.ts';
import { documentId, keepDurable, removeAll } from '../oidc/adapter/durable.ts';
import { clientTag } from '../oidc/adapter/short-lived.ts';
import type { HouseMetadata } from '../oidc/client-metadata.ts';
import { models } from '../oidc/models.ts';
import { isLoopback } from '../config/rules.ts';
import type { OpenHouse } from './house.ts';

/** A client as its developer describes it. Without `secret` it is public: it cannot keep one. */
export interface NewClient extends HouseMetadata {
  readonly id: string;
  readonly name: string;
  readonly secret?: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

/** 256 random bits: a keyed SHA-256 of them is what the store keeps. */
export const newClientSecret = (): string => randomToken(32);

/** Adds the client, or writes what is there anew. @throws Problem 'bad-request' for an address that a code must not be sent to. */
export const writeClient = async (house: OpenHouse, client: NewClient): Promise<void> => {
  const { id, name, secret, redirectUris, postLogoutRedirectUris, ...metadata } = client;
  for (const uri of [...redirectUris, ...postLogoutRedirectUris]) checkAddress(uri);
  await registry(house).upsert(id, {
    client_id: id,
    client_name: name,
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...postLogoutRedirectUris],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
    ...(secret !== undefined && { client_secret: keyedDigest(house.secrets.hashKey, secret) }),
    ...metadata,
  });
  await changed(house);
};

export const hasClient = async (house: OpenHouse, id: string): Promise<boolean> =>
  (await registry(house).find(id)) !== undefined;

/** Every client, in no order that means anything. Secrets are not among the members given. */
export const listClients = async (
  house: OpenHouse,
): Promise<readonly { readonly id: string; readonly name: string; readonly redirectUris: string }[]> => {
  const found = [];
  let after = '';
  for (;;) {
    const page = await documents(house).find({ model: 'Client' }, { after });
    found.push(...page.map(each => each.payload));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return found.map(payload => ({
    id: textOf(payload, 'client_id'),
    name: textOf(payload, 'client_name'),
    redirectUris: textOf(payload, 'redirect_uris'),
  }));
};

/**
 * Removes the client and everything it holds, so that another one of the same id inherits nothing. False: there was none;
 * what a removal that broke off has left is cleared all the same.
 */
export const removeClient = async (house: OpenHouse, id: string): Promise<boolean> => {
  // The client first: from here on no request of its succeeds, so nothing new appears behind the clean-up.
  const removed = await documents(house).remove(documentId('Client', id));
  await changed(house);
  await removeAll(documents(house), { clientId: id });
  await house.parts.shortLived.ephemeral.dropTagged(clientTag(id));
  return removed;
};

const documents = ({ parts }: OpenHouse) => parts.durable.collection(oidcDocuments);
const registry = (house: OpenHouse) =>
  keepDurable('Client', models['Client'] ?? { where: 'durable' }, {
    documents: documents(house),
    clock: house.parts.clock,
  });
const changed = ({ parts }: OpenHouse): Promise<void> => parts.shortLived.bell.ring(clientsTopic);

/** https, or http on this machine; no fragment (RFC 6749 §3.1.2, RFC 8252 §7.3). */
const checkAddress = (uri: string): void => {
  const url = URL.parse(uri);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== null && isSafe && url.hash === '' && url.username === '' && url.password === '') return;
  throw new Problem('bad-request', `got ${JSON.stringify(uri)}, expected https://… or http on loopback, without #`);
};

const textOf = (payload: Json | object, member: string): string => {
  const value: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, member) : undefined;
  return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '–';
};
