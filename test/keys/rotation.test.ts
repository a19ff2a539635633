/** Tests how the keys of an installation change: by time, by command, once among nodes, and in step with the previous release. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/audit.ts';
import { createSealer } from '../../src/crypto.ts';
import { isProblem } from '../../src/errors.ts';
import { keyTimes } from '../../src/keys/ring.ts';
import { createRings, keySet, loadRings, loadSecrets, readRings } from '../../src/keys/rings.ts';
import { InstallationKeys } from '../../src/keys/rotation.ts';
import { silentLog as log } from '../../src/log.ts';
import { migrate } from '../../src/migrations/run.ts';
import { keyRingKind, schemaKind, secretKind } from '../../src/records.ts';
import { loadSecret } from '../../src/secrets.ts';
import { Resealing } from '../../src/sealing/resealing.ts';
import { migrationDeps } from '../support/migrations.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { everyStore, type Node, type OpenStore } from '../support/world/stores.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const [k1, k2] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
// Every node has got the key that will seal later.
const sealer = createSealer([
  { id: 'k1', key: k1 },
  { id: 'k2', key: k2 },
]);
const times = keyTimes({ rotation: 90 * day, jwksCache: day, token: day, cookie: 180 * day });

/** With one other byte. */
const changed = (sealed: string) => `${sealed.slice(0, -9)}${sealed.at(-9) === 'A' ? 'B' : 'A'}${sealed.slice(-8)}`;

/** Retires a key that does not sign. Another node may make it sign, or remove it, at the same time. */
const retire = async (each: InstallationKeys) => {
  const other = (await each.list()).find(({ state }) => state !== 'current');
  if (other === undefined) return;
  await each.retire(other.kid, 'cli').catch((error: unknown) => {
    if (!isProblem(error, 'not-found') && !isProblem(error, 'bad-request')) throw error;
  });
};

describe.each(everyStore.filter(({ name }) => name !== 'redis'))('keys on $name', ({ open }) => {
  let store: OpenStore;
  let clock: TestClock;
  let audited: AuditEvent[];
  let keys: InstallationKeys;
  const keysOn = ({ durable, shortLived }: Node): InstallationKeys =>
    new InstallationKeys({
      durable,
      notifier: shortLived.notifier,
      sealer,
      clock,
      times,
      audit: async event => void audited.push(event),
      log,
    });
  beforeEach(async () => {
    clock = createClock();
    audited = [];
    store = await open(clock);
    keys = keysOn(store);
    await loadSecrets({ durable: store.durable, sealer, clock });
  });
  afterEach(() => store.close());

  /** States of one ring, in the order of its making. */
  const states = async (alg: string) =>
    (await keys.list()).filter(({ ring }) => ring.alg === alg).map(key => key.state);
  /** What a node signs and verifies with: kids of signing keys, in the published order. */
  const kids = async (alg: string) =>
    keySet(sealer, await loadRings({ durable: store.durable, sealer, clock }))
      .signingKeys.filter(key => key.alg === alg)
      .map(({ kid }) => kid);
  const after = async (time: number): Promise<void> => {
    clock.advance(time);
    await keys.applyDue();
  };
  /** Sixteen callers, on two nodes in turn. */
  const sixteen = async (): Promise<readonly InstallationKeys[]> => {
    const other = keysOn(await store.reopen());
    return Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? keys : other));
  };
  /** The secret as a node of the previous release reads it. */
  const secret = async (id: string): Promise<readonly unknown[]> =>
    JSON.parse(
      await loadSecret({ secrets: store.durable.collection(secretKind), sealer, clock }, id, async () => '[]'),
    ) as readonly unknown[];

  test('begin with one current key a ring', async () => {
    expect((await keys.list()).map(({ ring, state }) => [ring.id, state])).toEqual([
      ['signing:ES256', 'current'],
      ['signing:RS256', 'current'],
      ['cookie:HS256', 'current'],
    ]);
  });

  test('a new key is published last, signs when caches know it, and the old one is published until its tokens are over', async () => {
    const [old = ''] = await kids('ES256');
    await keys.rotate('cli');
    const [, next = ''] = await kids('ES256');
    expect(await kids('ES256')).toEqual([old, next]);
    await after(day);
    expect(await kids('ES256')).toEqual([old, next]);
    await after(minute);
    expect(await kids('ES256')).toEqual([next, old]);
    await after(2 * day);
    expect(await kids('ES256')).toEqual([next, old]);
    await after(minute);
    expect(await kids('ES256')).toEqual([next]);
    expect(
      audited.filter(({ ring }) => ring === 'signing:ES256').map(({ event, key, actor }) => [event, key, actor]),
    ).toEqual([
      ['key.published', next, 'cli'],
      ['key.signs', next, 'system'],
      ['key.removed', old, 'system'],
    ]);
  });

  test('a cookie key signs when every node has read it, and verifies until the longest cookie is over', async () => {
    await keys.rotate('cli');
    expect(await states('HS256')).toEqual(['current', 'next']);
    await after(minute);
    expect(await states('HS256')).toEqual(['previous', 'current']);
    const old = (await keys.list()).find(({ ring, state }) => ring.use === 'cookie' && state === 'previous');
    const isThere = async () => (await keys.list()).some(({ kid }) => kid === old?.kid);
    await after(180 * day);
    expect(await isThere()).toBe(true);
    await after(minute);
    expect(await isThere()).toBe(false);
  });

  test('the schedule publishes a next key early enough to sign at the age of rotation', async () => {
    await after(89 * day - 2 * minute);
    expect(await states('ES256')).toEqual(['current']);
    await after(minute);
    expect(await states('ES256')).toEqual(['current', 'next']);
    await after(day + minute);
    expect(await states('ES256')).toEqual(['previous', 'current']);
  });

  test('rotation while a next key waits adds no second one', async () => {
    await keys.rotate('cli');
    await after(hour);
    await keys.rotate('cli');
    expect(await states('ES256')).toEqual(['current', 'next']);
  });

  test('sixteen callers on two nodes rotate once', async () => {
    const callers = await sixteen();
    await Promise.all(callers.map(each => each.rotate('cli')));
    expect(await states('ES256')).toEqual(['current', 'next']);
    clock.advance(2 * day);
    await Promise.all(callers.map(each => each.applyDue()));
    expect(await states('ES256')).toEqual(['previous', 'current']);
    expect(audited.filter(({ ring }) => ring === 'signing:RS256').map(({ event }) => event)).toEqual([
      'key.published',
      'key.signs',
    ]);
    expect(await secret('signing-keys')).toMatchObject(
      [...(await kids('ES256')), ...(await kids('RS256'))].map(kid => ({ kid })),
    );
  }, 15_000);

  test('sixteen callers replace known keys once, and no earlier key is left', async () => {
    await keys.rotate('cli');
    const before = new Set((await keys.list()).map(({ kid }) => kid));
    const callers = await sixteen();
    await Promise.all(callers.map(each => each.replaceAll('cli')));
    const now = await keys.list();
    expect(now.map(({ state }) => state)).toEqual(['current', 'current', 'current']);
    expect(now.filter(({ kid }) => before.has(kid))).toEqual([]);
    expect(audited.filter(({ event, ring }) => event === 'key.signs' && ring === 'cookie:HS256')).toHaveLength(1);
  }, 15_000);

  test('a key that signs is not retired; a next or previous one is, at once', async () => {
    await keys.rotate('cli');
    const [current, next] = (await keys.list()).filter(({ ring }) => ring.alg === 'ES256');
    await expect(keys.retire(current?.kid ?? '', 'cli')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(keys.retire('unknown', 'cli')).rejects.toMatchObject({ code: 'not-found' });
    await keys.retire(next?.kid ?? '', 'cli');
    expect(await states('ES256')).toEqual(['current']);
  });

  test('the secrets of the previous release hold the same keys after each change', async () => {
    const changes = [async () => {}, () => keys.rotate('cli'), () => after(2 * day), () => keys.replaceAll('cli')];
    for (const change of changes) {
      await change();
      const { signingKeys, cookieKeys } = await loadSecrets({ durable: store.durable, sealer, clock });
      expect(await secret('signing-keys')).toEqual(signingKeys);
      expect(await secret('cookie-keys')).toEqual(cookieKeys.map(key => key.export().toString('base64url')));
    }
  });

  test('a ring does not open with a key of another ring or another id', async () => {
    const rings = store.durable.collection(keyRingKind);
    const [es, rs] = await readRings(rings);
    if (es === undefined || rs === undefined) throw new Error('no rings');
    await rings.replace({ ...rs, keys: es.keys });
    await expect(loadSecrets({ durable: store.durable, sealer, clock })).rejects.toMatchObject({ code: 'unreadable' });
  });

  /** Changes one byte of the stored key in this state. */
  const damage = async (ring: string, state: string): Promise<string> => {
    const rings = store.durable.collection(keyRingKind);
    const stored = await rings.get(ring);
    if (stored === undefined) throw new Error(`no ring ${ring}`);
    const damaged = stored.keys.find(key => key.state === state);
    await rings.replace({
      ...stored,
      keys: stored.keys.map(key => (key === damaged ? { ...key, sealed: changed(key.sealed) } : key)),
    });
    return damaged?.kid ?? '';
  };

  test.each(['next', 'previous'])(
    'a %s key that does not open is left out and told, and stops no node',
    async state => {
      await keys.rotate('cli');
      await after(day + minute);
      await keys.rotate('cli');
      const told: string[] = [];
      const telling = { ...sealer, tell: (_sealed: string, boundTo: string) => void told.push(boundTo) };
      const kid = await damage('signing:ES256', state);
      const { signingKeys } = await loadSecrets({ durable: store.durable, sealer: telling, clock });
      expect([signingKeys.length, signingKeys.some(key => key.kid === kid)]).toEqual([5, false]);
      expect(told).toEqual([`key:signing:ES256:${kid}`]);
    },
  );

  test('a next key that does not open never signs, and is replaced after it was retired', async () => {
    await keys.rotate('cli');
    const kid = await damage('signing:ES256', 'next');
    await after(3 * day);
    expect(await states('ES256')).toEqual(['current', 'next']);
    expect(await states('RS256')).toEqual(['previous', 'current']);
    await keys.retire(kid, 'cli');
    await keys.rotate('cli');
    await after(3 * day);
    expect(await states('ES256')).toEqual(['previous', 'current']);
  });

  test.each(['signing:ES256', 'signing:RS256', 'cookie:HS256'])(
    'a current key of %s that does not open is replaced with the others',
    async ring => {
      await damage(ring, 'current');
      await expect(loadSecrets({ durable: store.durable, sealer, clock })).rejects.toMatchObject({
        code: 'unreadable',
      });
      await keys.replaceAll('cli');
      const { signingKeys, cookieKeys } = await loadSecrets({ durable: store.durable, sealer, clock });
      expect([signingKeys.length, cookieKeys.length]).toEqual([2, 1]);
      expect(await secret('signing-keys')).toEqual(signingKeys);
      expect(await secret('cookie-keys')).toHaveLength(1);
    },
  );

  test('a clock that is set back a day delays a change, and takes no key away', async () => {
    await keys.rotate('cli');
    await after(2 * day);
    const [now = '', old = ''] = await kids('ES256');
    await after(-day);
    expect(await kids('ES256')).toEqual([now, old]);
    await keys.rotate('cli');
    await after(-day);
    const [, , next = ''] = await kids('ES256');
    expect(await kids('ES256')).toEqual([now, old, next]);
    await after(2 * day + minute);
    expect((await kids('ES256'))[0]).toBe(next);
    expect(await kids('ES256')).toContain(now);
  });

  test('the secrets of the previous release follow a ring that a killed process has changed', async () => {
    const other = keysOn(await store.reopen());
    await other.applyDue();
    const secrets = store.durable.collection(secretKind);
    const before = await secrets.get('signing-keys');
    await keys.rotate('cli');
    // As if the process had been killed before it wrote the secret.
    const written = await secrets.get('signing-keys');
    if (before === undefined || written === undefined) throw new Error('no secret');
    await secrets.replace({ ...before, rev: written.rev });
    expect(await secret('signing-keys')).toHaveLength(2);
    await other.applyDue();
    expect(await secret('signing-keys')).toHaveLength(4);
  });

  test('a slow writer of these secrets puts no older keys in the place of newer ones', async () => {
    const { durable } = store;
    let changes = 0;
    // The reader of the rings after the last change is overtaken by a whole other rotation.
    const slow: typeof durable = {
      ...durable,
      check: async () => durable.check(),
      close: async () => durable.close(),
      collection(kind) {
        const collection = durable.collection(kind);
        if (kind.name !== keyRingKind.name) return collection;
        return {
          get: async id => collection.get(id),
          insert: async doc => collection.insert(doc),
          insertMany: async docs => collection.insertMany(docs),
          remove: async id => collection.remove(id),
          async replace(doc) {
            changes += 1;
            return collection.replace(doc);
          },
          async find(where, page) {
            const found = await collection.find(where, page);
            if (changes === 3) {
              changes = 0;
              await keys.replaceAll('cli');
            }
            return found;
          },
        };
      },
    };
    await keysOn({ ...store, durable: slow }).rotate('cli');
    const { signingKeys, cookieKeys } = await loadSecrets({ durable, sealer, clock });
    expect(await secret('signing-keys')).toEqual(signingKeys);
    expect(await secret('cookie-keys')).toHaveLength(cookieKeys.length);
  });

  test('rotation, replacement, retirement and a new sealing key at once leave one current key a ring', async () => {
    const fresh = createSealer([
      { id: 'k2', key: k2 },
      { id: 'k1', key: k1 },
    ]);
    const second = await store.reopen();
    const nodes = Array.from({ length: 16 }, (_, at) => keysOn(at % 2 === 0 ? store : second));
    const resealing = new Resealing({ durable: second.durable, sealer: fresh, keyIds: ['k2', 'k1'], clock, log });
    await keys.rotate('cli');
    clock.advance(2 * day);
    const works = [
      (each: InstallationKeys) => each.applyDue(),
      (each: InstallationKeys) => each.rotate('cli'),
      (each: InstallationKeys) => each.replaceAll('cli'),
      retire,
    ];
    await Promise.all([...nodes.map((each, at) => works[at % works.length]?.(each)), resealing.runNow()]);
    const made = await loadSecrets({ durable: store.durable, sealer: fresh, clock });
    for (const alg of ['ES256', 'RS256', 'HS256']) {
      expect((await states(alg)).filter(state => state === 'current')).toHaveLength(1);
      expect((await states(alg)).filter(state => state === 'next').length).toBeLessThan(2);
    }
    const earlier = { secrets: store.durable.collection(secretKind), sealer: fresh, clock };
    expect(JSON.parse(await loadSecret(earlier, 'signing-keys', async () => '[]'))).toEqual(made.signingKeys);
  }, 20_000);

  test('a migration makes rings of the secrets of the previous release, and keeps its keys', async () => {
    const { durable } = await open(clock);
    const secrets = durable.collection(secretKind);
    // What a node of the previous release has written.
    await createRings({ durable, sealer, clock });
    const written = await Promise.all(
      ['signing-keys', 'cookie-keys'].map(id => loadSecret({ secrets, sealer, clock }, id, async () => '[]')),
    );
    for (const { id } of await durable.collection(keyRingKind).find({}))
      await durable.collection(keyRingKind).remove(id);
    await durable
      .collection(schemaKind)
      .insert({ id: 'schema', rev: 1, finished: 0, readableFrom: -1, release: '0.1.0' });
    await migrate({ ...migrationDeps({ durable, clock }), sealer });
    const { signingKeys, cookieKeys } = await loadSecrets({ durable, sealer, clock });
    expect([
      JSON.stringify(signingKeys),
      JSON.stringify(cookieKeys.map(key => key.export().toString('base64url'))),
    ]).toEqual(written);
    expect(await readRings(durable.collection(keyRingKind))).toHaveLength(3);
    await durable.close();
  });
});
