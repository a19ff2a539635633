/**
 * Keeps the two secrets in which the previous release stores its keys, so that its nodes can run beside nodes of this one. The next
 * release removes them and this file.
 */
import { isProblem, Problem } from '../errors.ts';
import type { Sealer } from '../crypto.ts';
import type { KeyRing } from '../records.ts';
import { changeSecret, loadSecret, type SecretsDeps } from '../secrets.ts';
import {
  isSigningKey,
  makeCookieKey,
  makeSigningKey,
  openCookieKey,
  openSigningKey,
  type SigningKey,
} from './material.ts';
import { allRings, published } from './ring.ts';

/** The keys as the previous release stores them: the first of an algorithm signs, the others verify. */
export interface EarlierKeys {
  readonly signingKeys: readonly SigningKey[];
  /** 256 bits each, as base64url. */
  readonly cookieKeys: readonly string[];
}

const [signingId, cookieId] = ['signing-keys', 'cookie-keys'];

/** The stored keys of the previous release. Missing ones are created, as a node of that release does at its start. */
export const earlierKeys = async (deps: SecretsDeps): Promise<EarlierKeys> => {
  const [signing, cookies] = await Promise.all([
    loadSecret(deps, signingId, async () =>
      JSON.stringify(await Promise.all([makeSigningKey('ES256'), makeSigningKey('RS256')])),
    ),
    loadSecret(deps, cookieId, async () => JSON.stringify([makeCookieKey()])),
  ]);
  return { signingKeys: readList(signing, isSigningKey), cookieKeys: readList(cookies, isText) };
};

/**
 * Writes the keys of the rings into the secrets, where they differ. `read` gives the rings as they are stored now.
 * False: a key does not open, and the secrets are left as they are.
 */
export const keepInStep = async (deps: SecretsDeps, read: () => Promise<readonly KeyRing[]>): Promise<boolean> => {
  const keys = async (): Promise<EarlierKeys> => keysOf(deps.sealer, await read());
  try {
    await write(deps, signingId, async () => JSON.stringify((await keys()).signingKeys));
    await write(deps, cookieId, async () => JSON.stringify((await keys()).cookieKeys));
    return true;
  } catch (error) {
    if (isProblem(error, 'unreadable')) return false;
    throw error;
  }
};

const keysOf = (sealer: Sealer, rings: readonly KeyRing[]): EarlierKeys => {
  const each = allRings.flatMap(ring =>
    published(rings.find(({ id }) => id === ring.id)?.keys ?? []).map(key => ({ ring, key })),
  );
  return {
    signingKeys: each
      .filter(({ ring }) => ring.use === 'signing')
      .map(({ ring, key }) => openSigningKey(sealer, ring, key)),
    cookieKeys: each
      .filter(({ ring }) => ring.use === 'cookie')
      .map(({ ring, key }) => openCookieKey(sealer, ring, key).export().toString('base64url')),
  };
};

const write = async (deps: SecretsDeps, id: string, text: () => Promise<string>): Promise<void> => {
  if ((await loadSecret(deps, id, text)) === (await text())) return;
  // The rings are read after the secret in each attempt, so that a slow writer puts no older keys in the place of newer ones.
  await changeSecret(deps, id, text);
};

const readList = <T>(text: string, is: (value: unknown) => value is T): readonly T[] => {
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list) && list.every(is)) return list;
  throw new Problem('unreadable', 'got a stored secret of another form, expected a list of keys');
};
const isText = (value: unknown): value is string => typeof value === 'string';
