/** The secrets of the house: made on first start, kept sealed, the same on every node. */
import {
  createSecretKey,
  generateKeyPair,
  randomBytes,
  type JsonWebKey,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { Sealer } from './crypto.ts';
import { Problem } from './errors.ts';
import { insertIfAbsent } from './optimistic-write.ts';
import type { Clock } from './ports/time.ts';
import type { Collection } from './ports/stores.ts';
import type { Secret } from './records.ts';

/** A private signing key as RFC 7517 writes it, with `kid` (RFC 7638), `alg` and `use`. */
export interface SigningKey extends JWK {
  readonly kty: string;
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly use: 'sig';
}

export interface InstallationSecrets {
  /** The first of an algorithm signs, all of them are published. ES256 comes first: it signs by default. */
  readonly signingKeys: readonly SigningKey[];
  /** The first signs cookies, all of them verify (256 bits each). */
  readonly cookieKeys: readonly [KeyObject, ...KeyObject[]];
  /** For keyed hashes of what is random (client secrets) or could be guessed (numbers). 256 bits. */
  readonly hashKey: KeyObject;
}

interface SecretStore {
  readonly secrets: Collection<Secret>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Reads the secrets of this house, and makes those that are missing. Two nodes that start at once end with the same ones.
 * @throws Problem 'unreadable' where no configured sealing key opens one.
 */
export const loadSecrets = async (store: SecretStore): Promise<InstallationSecrets> => {
  const [signing, cookies, hash] = await Promise.all([
    keep(store, 'signing-keys', async () => JSON.stringify(await makeSigningKeys())),
    keep(store, 'cookie-keys', async () => JSON.stringify([randomBytes(32).toString('base64url')])),
    keep(store, 'hash-key', async () => randomBytes(32).toString('base64url')),
  ]);
  const [first, ...others] = readList(cookies, isText).map(toSecretKey);
  if (first === undefined) throw new Problem('unreadable', 'cookie-keys: got an empty list, expected one key or more');
  return { signingKeys: readList(signing, isSigningKey), cookieKeys: [first, ...others], hashKey: toSecretKey(hash) };
};

/** The text kept under `id`; what `make` gives where there is none. Of nodes that make it at once, the first insert counts. */
const keep = async (store: SecretStore, id: string, make: () => Promise<string>): Promise<string> => {
  const known = await store.secrets.get(id);
  if (known !== undefined) return store.sealer.open(known.sealed, boundTo(id));
  const made = await make();
  const sealed = store.sealer.seal(made, boundTo(id));
  if (await insertIfAbsent(store.secrets, { id, rev: 1, sealed, createdAt: store.clock() })) return made;
  const theirs = await store.secrets.get(id);
  if (theirs === undefined) throw new Problem('unavailable', `${id}: taken and gone at once, expected it to stay`);
  return store.sealer.open(theirs.sealed, boundTo(id));
};

const boundTo = (id: string): string => `secret:${id}`;

const makePair: {
  (type: 'ec', options: { readonly namedCurve: string }): Promise<KeyPairKeyObjectResult>;
  (type: 'rsa', options: { readonly modulusLength: number }): Promise<KeyPairKeyObjectResult>;
} = promisify(generateKeyPair);

const makeSigningKeys = async (): Promise<readonly SigningKey[]> => {
  const [ec, rsa] = await Promise.all([
    makePair('ec', { namedCurve: 'P-256' }),
    makePair('rsa', { modulusLength: 2048 }),
  ]);
  return Promise.all([
    toSigningKey(ec.privateKey.export({ format: 'jwk' }), 'ES256'),
    toSigningKey(rsa.privateKey.export({ format: 'jwk' }), 'RS256'),
  ]);
};

const toSigningKey = async ({ kty = '', ...rest }: JsonWebKey, alg: SigningKey['alg']): Promise<SigningKey> => {
  const jwk = { ...rest, kty };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
};

const toSecretKey = (text: string): KeyObject => createSecretKey(Buffer.from(text, 'base64url'));

const readList = <T>(text: string, is: (value: unknown) => value is T): readonly T[] => {
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list) && list.every(is)) return list;
  throw new Problem('unreadable', 'a secret of the house is not the list it should be');
};
const isText = (value: unknown): value is string => typeof value === 'string';
const isSigningKey = (value: unknown): value is SigningKey =>
  typeof value === 'object' && value !== null && 'kid' in value && 'alg' in value && 'kty' in value;
