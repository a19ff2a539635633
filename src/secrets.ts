/** Creates the secrets of this installation on the first start, and loads them. They are stored sealed, the same for all nodes. */
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
import { isProblem, Problem } from './errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from './optimistic-write.ts';
import type { Clock } from './ports/time.ts';
import type { Collection } from './ports/stores.ts';
import type { Secret } from './records.ts';

/** A private signing key as a JWK (RFC 7517), with `kid` (RFC 7638), `alg` and `use`. */
export interface SigningKey extends JWK {
  readonly kty: string;
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly use: 'sig';
}

/** Secrets that all nodes of an installation share. */
export interface InstallationSecrets {
  /** The first key of an algorithm signs, all keys are published. ES256 comes first, because it is the default. */
  readonly signingKeys: readonly SigningKey[];
  /** 256 bits each. The first signs cookies, all of them verify. */
  readonly cookieKeys: readonly [KeyObject, ...KeyObject[]];
  /** 256 bits, for keyed hashes of random values (client secrets) and of guessable ones (telephone numbers). */
  readonly hashKey: KeyObject;
}

/** The stored secrets, and what opens them. */
export interface SecretsDeps {
  readonly secrets: Collection<Secret>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Reads the secrets, and creates the missing ones. Nodes that start at the same time end up with the same secrets.
 * @throws Problem 'unreadable' where no configured sealing key opens one of them.
 */
export const loadSecrets = async (deps: SecretsDeps): Promise<InstallationSecrets> => {
  const [signing, cookies, hash] = await Promise.all([
    loadSecret(deps, 'signing-keys', async () => JSON.stringify(await makeSigningKeys())),
    loadSecret(deps, 'cookie-keys', async () => JSON.stringify([randomBytes(32).toString('base64url')])),
    loadSecret(deps, 'hash-key', async () => randomBytes(32).toString('base64url')),
  ]);
  const [first, ...others] = readList(cookies, isText).map(toSecretKey);
  if (first === undefined) throw new Problem('unreadable', 'cookie-keys: got an empty list, expected one key or more');
  return { signingKeys: readList(signing, isSigningKey), cookieKeys: [first, ...others], hashKey: toSecretKey(hash) };
};

/**
 * The secret with this id, created by `create` where it is missing. Of concurrent nodes the first insert wins.
 * @throws Problem 'unreadable' where no configured sealing key opens it.
 */
export const loadSecret = async (deps: SecretsDeps, id: string, create: () => Promise<string>): Promise<string> => {
  const stored = await deps.secrets.get(id);
  if (stored !== undefined) return openSecret(deps.sealer, id, stored.sealed);
  const created = await create();
  const sealed = deps.sealer.seal(created, sealedName(id));
  if (await insertIfAbsent(deps.secrets, { id, rev: 1, sealed, createdAt: deps.clock() })) return created;
  const winner = await deps.secrets.get(id);
  if (winner === undefined) {
    throw new Problem('unavailable', `${id}: got a conflict but no document, expected the secret of another node`);
  }
  return openSecret(deps.sealer, id, winner.sealed);
};

/** Replaces a stored secret by what `change` makes of it, and gives that. Of concurrent callers each changes what the one before wrote. */
export const changeSecret = async (
  deps: SecretsDeps,
  id: string,
  change: (before: string) => Promise<string>,
): Promise<string> =>
  optimisticWrite<string>(
    async () => {
      const stored = await deps.secrets.get(id);
      if (stored === undefined) throw new Problem('not-found', `no secret ${id} is stored`);
      const next = await change(openSecret(deps.sealer, id, stored.sealed));
      const sealed = deps.sealer.seal(next, sealedName(id));
      return (await deps.secrets.replace({ ...stored, sealed })) === undefined ? conflict : next;
    },
    () => {
      throw new Problem('unavailable', `the secret ${id} kept changing while it was written`);
    },
  );

/**
 * Opens a stored secret. The secrets are the first values that a start opens, so that this message is what an operator sees.
 * @throws Problem 'unreadable' where no sealing key opens it
 */
export const openSecret = (sealer: Sealer, id: string, sealed: string): string => {
  try {
    return sealer.open(sealed, sealedName(id));
  } catch (cause) {
    if (!isProblem(cause, 'unreadable') || cause.cause === undefined) throw cause;
    const keyId = sealed.split('.')[1] ?? '';
    const got = `the configured sealing key ${keyId} does not open the ${id} of this database, which a key of that id sealed`;
    const help =
      'set the earlier key (SALLYPORT_SEALING_KEYS); a new key needs a new id, before the earlier one in the list';
    throw new Problem('unreadable', `${got}: ${help}`, { cause });
  }
};

/** Name to which a secret is sealed. */
const sealedName = (id: string): string => `secret:${id}`;

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
  throw new Problem('unreadable', 'got a stored secret of another form, expected a list of keys');
};
const isText = (value: unknown): value is string => typeof value === 'string';
const isSigningKey = (value: unknown): value is SigningKey =>
  typeof value === 'object' && value !== null && 'kid' in value && 'alg' in value && 'kty' in value;
