/** Tests the secrets of the provider: the same on every node, and unreadable in the store. */
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import { createSealer } from '../../src/crypto.ts';
import { createCookieKeys } from '../../src/oidc/http/cookie-keys.ts';
import { secretKind as kind } from '../../src/records.ts';
import { loadSecrets } from '../../src/keys/rings.ts';
import { createClock } from '../support/world/clock.ts';
import { stores } from '../support/world/stores.ts';
import { memory } from '../support/world/stores.ts';

const key = () => createSecretKey(randomBytes(32));
const sealer = createSealer([{ id: 'k1', key: key() }]);

describe.each(stores)('on $name', ({ open }) => {
  test('three nodes that start at once and a later start use the same secrets', async () => {
    const clock = createClock();
    const store = await open(clock);
    const started = await Promise.all(
      Array.from({ length: 3 }, async (_, at) => {
        const { durable } = at % 2 === 0 ? store : await store.reopen();
        return loadSecrets({ durable, sealer, clock });
      }),
    );
    started.push(await loadSecrets({ durable: store.durable, sealer, clock }));
    const seen = started.map(({ signingKeys, cookieKeys, hashKey }) =>
      JSON.stringify([
        signingKeys,
        cookieKeys.map(each => each.export({ format: 'jwk' })),
        hashKey.export({ format: 'jwk' }),
      ]),
    );
    expect(new Set(seen).size).toBe(1);
    await store.close();
  });
});

describe('signing keys', () => {
  test('are ES256 first, then RS256, each with its thumbprint as kid', async () => {
    const store = await memory.open(createClock());
    const { signingKeys } = await loadSecrets({ durable: store.durable, sealer, clock: createClock() });
    expect(signingKeys.map(({ alg, kty, use }) => ({ alg, kty, use }))).toEqual([
      { alg: 'ES256', kty: 'EC', use: 'sig' },
      { alg: 'RS256', kty: 'RSA', use: 'sig' },
    ]);
    for (const jwk of signingKeys) expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk));
  });
});

const start = async () => {
  const { durable } = await memory.open(createClock());
  const kept = durable.collection(kind);
  const load = (by = sealer) => loadSecrets({ durable, sealer: by, clock: createClock() });
  return { kept, load, made: await load() };
};

describe('stored secrets', () => {
  test('are not readable', async () => {
    const { kept, made } = await start();
    const dump = JSON.stringify(await kept.find({}));
    const asymmetric = made.signingKeys.map(({ d }) => String(d));
    const symmetric = [...made.cookieKeys, made.hashKey].map(each => each.export().toString('base64url'));
    expect(dump.length).toBeGreaterThan(1000);
    for (const secret of [...asymmetric, ...symmetric]) expect(dump).not.toContain(secret);
  });

  test('do not open in the place of another secret', async () => {
    const { kept, load } = await start();
    const [cookies, hash] = await Promise.all([kept.get('cookie-keys'), kept.get('hash-key')]);
    await kept.replace({ id: 'hash-key', rev: 1, createdAt: 0, ...hash, sealed: cookies?.sealed ?? '' });
    await expect(load()).rejects.toMatchObject({ code: 'unreadable' });
  });

  test('open with a new sealing key beside the old one, not with the new one only', async () => {
    const clock = createClock();
    const { durable } = await memory.open(clock);
    const [old, fresh] = [
      { id: 'old', key: key() },
      { id: 'fresh', key: key() },
    ];
    const load = (by: ReturnType<typeof createSealer>) => loadSecrets({ durable, sealer: by, clock });
    const made = await load(createSealer([old]));
    expect((await load(createSealer([fresh, old]))).signingKeys).toEqual(made.signingKeys);
    await expect(load(createSealer([fresh]))).rejects.toMatchObject({ code: 'unreadable' });
  });

  test('that a key with the id of another one cannot open are told as that', async () => {
    const clock = createClock();
    const { durable } = await memory.open(clock);
    const load = (bytes: KeyObject) =>
      loadSecrets({ durable, sealer: createSealer([{ id: '2026-11', key: bytes }]), clock });
    await load(key());
    await expect(load(key())).rejects.toThrow(
      /the configured sealing key 2026-11 does not open .* set the earlier key/,
    );
  });
});

describe('cookie keys', () => {
  const [first, second] = [key(), key()];
  const signature = createCookieKeys([first]).sign('session=abc');

  test('verify their signatures, also those of older keys', () => {
    expect(createCookieKeys([first]).verify('session=abc', signature)).toBe(true);
    expect(createCookieKeys([first]).index('session=abc', signature)).toBe(0);
    // Koa would replace a signature of an older key by one of another path and lifetime.
    expect(createCookieKeys([second, first]).index('session=abc', signature)).toBe(0);
    expect(createCookieKeys([second, first]).sign('session=abc')).not.toBe(signature);
  });

  test.each([
    ['another value', 'session=abd', signature],
    ['another name', 'sessiom=abc', signature],
    ['a shorter signature', 'session=abc', signature.slice(0, -2)],
    ['no signature', 'session=abc', ''],
    ['odd bytes', 'session=abc', '\u{1F600}'],
  ])('refuse %s', (_title, data, given) => {
    expect(createCookieKeys([first]).index(data, given)).toBe(-1);
    expect(createCookieKeys([first]).verify(data, given)).toBe(false);
  });

  test('refuse a signature of another key', () => {
    expect(createCookieKeys([second]).verify('session=abc', signature)).toBe(false);
  });
});
