/** Reads the key rings of this installation, and creates them at its first start. All nodes have the same keys. */
import type { KeyObject } from 'node:crypto';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Collection, DurableStore } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import { keyRingKind, secretKind, type KeyRing } from '../records.ts';
import { loadSecret } from '../secrets.ts';
import { earlierKeys } from './earlier-release.ts';
import {
  keyBinding,
  openCookieKey,
  opens,
  openSigningKey,
  sealCookieKey,
  sealSigningKey,
  type SigningKey,
} from './material.ts';
import { allRings, firstOf, published, type NewKey, type Ring } from './ring.ts';

/** The keys that sign and verify. */
export interface KeySet {
  /** The first key of an algorithm signs, all keys are published. ES256 comes first, because it is the default. */
  readonly signingKeys: readonly SigningKey[];
  /** 256 bits each. The first signs cookies, all of them verify. */
  readonly cookieKeys: readonly [KeyObject, ...KeyObject[]];
  /** Ids and order of the keys, to notice a change. */
  readonly version: string;
}

/** Secrets that all nodes of an installation share. */
export interface InstallationSecrets extends KeySet {
  /** 256 bits, for keyed hashes of random values (client secrets) and of guessable ones (telephone numbers). */
  readonly hashKey: KeyObject;
}

/** The store with the keys, and what opens them. */
export interface RingsDeps {
  readonly durable: DurableStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Reads the secrets and keys, and creates the missing ones. Nodes that start at the same time end up with the same ones.
 * @throws Problem 'unreadable' where no configured sealing key opens the hash key, or a key that signs.
 */
export const loadSecrets = async (deps: RingsDeps): Promise<InstallationSecrets> => {
  const [rings, hashKey] = await Promise.all([loadRings(deps), loadHashKey(deps)]);
  return { ...keySet(deps.sealer, rings), hashKey };
};

/** The secret for keyed hashes, created where it is missing. @throws Problem 'unreadable' where no sealing key opens it */
export const loadHashKey = async (deps: RingsDeps): Promise<KeyObject> => {
  const secrets = deps.durable.collection(secretKind);
  const text = await loadSecret({ ...deps, secrets }, 'hash-key', async () => randomBytes(32).toString('base64url'));
  return createSecretKey(Buffer.from(text, 'base64url'));
};

/** The rings. Missing ones are created from the secrets of the previous release, or from new keys. */
export const loadRings = async (deps: RingsDeps): Promise<readonly KeyRing[]> => {
  const rings = deps.durable.collection(keyRingKind);
  const found = await readRings(rings);
  if (isComplete(found)) return found;
  await createRings(deps);
  const created = await readRings(rings);
  if (isComplete(created)) return created;
  throw new Problem('unavailable', `got ${created.length} key rings, expected ${allRings.length}`);
};

/** The stored rings, in the order of `allRings`. */
export const readRings = async (rings: Collection<KeyRing>): Promise<readonly KeyRing[]> => {
  const found = await rings.find({});
  return allRings.flatMap(({ id }) => found.filter(ring => ring.id === id));
};

/** Creates the missing rings, and returns their number. Of concurrent nodes the first insert wins; they insert the same keys. */
export const createRings = async (deps: RingsDeps): Promise<number> => {
  const { durable, sealer, clock } = deps;
  const rings = durable.collection(keyRingKind);
  const earlier = await earlierKeys({ secrets: durable.collection(secretKind), sealer, clock });
  let created = 0;
  for (const ring of allRings) {
    const [first, ...older] =
      ring.alg === 'HS256'
        ? earlier.cookieKeys.map((key): NewKey => sealCookieKey(sealer, ring, key))
        : earlier.signingKeys
            .filter(({ alg }) => alg === ring.alg)
            .map((key): NewKey => sealSigningKey(sealer, ring, key));
    if (first === undefined) throw new Problem('unreadable', `got no key for ${ring.id}, expected one or more`);
    const at = clock();
    const keys = [
      ...firstOf(first, at),
      ...older.map(key => ({ ...key, state: 'previous' as const, publishedAt: at, replacedAt: at })),
    ];
    if (await insertIfAbsent(rings, { id: ring.id, rev: 1, keys })) created += 1;
  }
  return created;
};

/**
 * Opens the keys of all rings. A next or previous key that does not open is told and left out, so that it stops no node.
 * @throws Problem 'unreadable' where no configured sealing key opens one that signs
 */
export const keySet = (sealer: Sealer, rings: readonly KeyRing[]): KeySet => {
  const keysOf = (use: Ring['use']) =>
    allRings
      .filter(ring => ring.use === use)
      .flatMap(ring => published(ringNamed(rings, ring).keys).map(key => ({ ring, key })))
      .filter(({ ring, key }) => {
        const isUsed = key.state === 'current' || opens(sealer, ring, key);
        if (!isUsed) sealer.tell(key.sealed, keyBinding(ring.id, key.kid));
        return isUsed;
      });
  const signingKeys = keysOf('signing').map(({ ring, key }) => openSigningKey(sealer, ring, key));
  const [first, ...others] = keysOf('cookie').map(({ ring, key }) => openCookieKey(sealer, ring, key));
  if (first === undefined) throw new Problem('unreadable', 'got no cookie key, expected one or more');
  return { signingKeys, cookieKeys: [first, ...others], version: versionOf(rings) };
};

/** Ids and order of the keys, to notice a change. */
export const versionOf = (rings: readonly KeyRing[]): string =>
  rings
    .map(
      ({ id, keys }) =>
        `${id}=${published(keys)
          .map(({ kid }) => kid)
          .join()}`,
    )
    .join(' ');

/** @throws Problem 'not-found' */
export const ringNamed = (rings: readonly KeyRing[], { id }: Ring): KeyRing => {
  const found = rings.find(ring => ring.id === id);
  if (found === undefined) throw new Problem('not-found', `no key ring ${id} is stored`);
  return found;
};

const isComplete = (found: readonly KeyRing[]): boolean => found.length === allRings.length;
