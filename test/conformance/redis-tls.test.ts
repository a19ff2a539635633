/**
 * Tests Redis behind TLS: one server, Sentinels and a cluster, which speak TLS alone, with certificates of an authority that is made
 * here. Each connection must verify them: to servers, to Sentinels, to nodes that others name, and of the subscriber.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { openRedis } from '../../adapters/redis.ts';
import { connectionOptions, openMovable } from '../../adapters/redis/connection.ts';
import { key, type Key, type ShortLivedStore } from '../../src/ports/stores.ts';
import { createAuthority, uses } from '../support/certificates.ts';
import { createClock } from '../support/world/clock.ts';
import { start } from '../support/world/programs.ts';
import { startRedisCluster } from '../support/world/redis-cluster.ts';
import { startRedisSentinel } from '../support/world/redis-sentinel.ts';
import { startRedis, type RedisServer, type RedisTls } from '../support/world/redis-server.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { until } from '../support/world/until.ts';

const loopback = [127, 0, 0, 1];
const trusted = getCACertificates('default');
const authority = createAuthority(Date.now, 'Contoso Servers');
let folder: string;

/** Writes a certificate for this address, and its key. */
const tlsFor = async (name: string, ip: readonly number[]): Promise<RedisTls> => {
  const { pem, key: privateKey } = authority.issue({ common: name, ip, uses: [uses.serverAuth, uses.clientAuth] });
  const files = { certificate: `${name}.pem`, key: `${name}.key`, authority: 'authority.pem' };
  const [certificate, keyFile, authorityFile] = Object.values(files).map(each => join(folder, each));
  if (certificate === undefined || keyFile === undefined || authorityFile === undefined) throw new Error('no folder');
  await writeFile(certificate, pem);
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  await writeFile(authorityFile, authority.pem);
  return { certificate, key: keyFile, authority: authorityFile };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-redis-tls-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a test needs of servers of each form. */
interface Servers {
  readonly url: string;
  readonly servers: readonly RedisServer[];
  readonly stop: () => Promise<void>;
}
const single = async (tls: RedisTls): Promise<Servers> => {
  const server = await startRedis([], { tls });
  return { ...server, servers: [server] };
};

const open = (url: string): Promise<ShortLivedStore> =>
  openRedis({ redis: redisAt(url), clock: createClock(), realm: 'here' });

/** What `config check --live` says in a process of its own. */
const checkedLive = async (url: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
  const env = { REDIS_URL: url, SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'checked.db')}`, ...more };
  const { ended, said } = start('cli/index.ts', ['config', 'check', '--live'], { cwd: folder, env });
  await ended;
  return said.out + said.err;
};

describe.each([
  ['one server', single],
  ['Sentinels', async (tls: RedisTls): Promise<Servers> => startRedisSentinel({ tls })],
  ['a cluster', async (tls: RedisTls): Promise<Servers> => startRedisCluster({ tls })],
] as const)('%s behind TLS', (form, startServers) => {
  let tls: RedisTls;
  let redis: Servers;
  beforeAll(async () => {
    setDefaultCACertificates([...trusted, authority.pem]);
    tls = await tlsFor('server', loopback);
    redis = await startServers(tls);
  });
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    await redis.stop();
  });

  test('keeps values on each server, and tells other nodes', async () => {
    const [store, other] = [await open(redis.url), await open(redis.url)];
    try {
      await store.check();
      for (let at = 0; at < 12; at += 1) {
        expect(await store.ephemeral.setIfAbsent(key('once', `${at}`), at, 60_000)).toBe(true);
        expect(await other.ephemeral.get(key('once', `${at}`))).toBe(at);
      }
      const heard = Promise.withResolvers<void>();
      await other.notifier.subscribe('topic', heard.resolve);
      await store.notifier.publish('topic');
      await heard.promise;
    } finally {
      await Promise.all([store.close(), other.close()]);
    }
  });

  test('is refused where its authority is not trusted, and without TLS', async () => {
    setDefaultCACertificates(trusted);
    try {
      await expect(open(redis.url)).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      setDefaultCACertificates([...trusted, authority.pem]);
    }
    await expect(open(redis.url.replace('rediss', 'redis'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is reached by a process that knows the authority from NODE_EXTRA_CA_CERTS alone', async () => {
    const works = 'it answers, and evicts nothing';
    expect(await checkedLive(redis.url, { NODE_EXTRA_CA_CERTS: tls.authority })).toContain(works);
    expect(await checkedLive(redis.url)).not.toContain(works);
  });

  if (form !== 'Sentinels') return;
  test('listens to a Sentinel for a new master', async () => {
    const store = await open(redis.url);
    const sentinels = redisAt(redis.url).hosts.map(at => new Redis({ ...at, tls: {}, enableReadyCheck: false }));
    try {
      // No other client of a Sentinel subscribes to it.
      const isHeard = async (): Promise<boolean> => {
        const clients = await Promise.all(sentinels.map(async each => String(await each.call('CLIENT', 'LIST'))));
        return clients.join(' ').includes(' sub=1 ');
      };
      await until(isHeard);
      expect(await isHeard()).toBe(true);
    } finally {
      for (const each of sentinels) each.disconnect();
      await store.close();
    }
  });
});

/** Carries out a step that counts once, and gives its key. Another key each time: a refused step may have been carried out. */
const carriedOut = async ({ ephemeral }: ShortLivedStore, name: string): Promise<Key<number>> => {
  let attempt = 0;
  const isCarriedOut = (): Promise<boolean> => {
    attempt += 1;
    return ephemeral.setIfAbsent(key(name, `${attempt}`), 1, 60_000);
  };
  await until(isCarriedOut);
  return key(name, `${attempt}`);
};

/** Starts a master with one replica, opens a store, uses a value, and kills the master. Gives also the warnings, and how to end all. */
const failOver = async (replicaAddress: readonly number[]) => {
  setDefaultCACertificates([...trusted, authority.pem]);
  const [tls, replicaTls] = [await tlsFor('master', loopback), await tlsFor('replica', replicaAddress)];
  const redis = await startRedisSentinel({ tls, replicaTls });
  const warned: string[] = [];
  const log = { warn: (_event: string, fields: object = {}) => void warned.push(JSON.stringify(fields)) };
  // A clock at rest would keep the circuit breaker open.
  const store = await openRedis({ redis: redisAt(redis.url), clock: Date.now, realm: 'here', log });
  const used = await carriedOut(store, 'used');
  await redis.servers[0].stop();
  await until(async () => (await redis.masterPort()) === redis.servers[1]?.port);
  const end = async (): Promise<void> => {
    setDefaultCACertificates(trusted);
    await store.close();
    await redis.stop();
  };
  return { store, used, warned, end };
};

describe('where the master behind TLS is lost, and Sentinels promote its replica', () => {
  test('the store goes on with the replica, in which a used value stays used, and hears other nodes again', async () => {
    const { store, used, end } = await failOver(loopback);
    try {
      await carriedOut(store, 'after');
      expect(await store.ephemeral.setIfAbsent(used, 1, 60_000)).toBe(false);
      await expect(store.check()).resolves.toBeUndefined();
      let isHeard = false;
      await store.notifier.subscribe('topic', () => void (isHeard = true));
      await until(async () => {
        await store.notifier.publish('topic');
        return isHeard;
      });
    } finally {
      await end();
    }
  });

  test('a replica whose certificate is for another address gets neither commands nor values', async () => {
    const { store, warned, end } = await failOver([127, 0, 0, 2]);
    try {
      await until(async () => warned.some(reason => reason.includes('does not match certificate')));
      expect(await store.ephemeral.put(key('after'), 1, 60_000).catch((error: unknown) => error)).toMatchObject({
        code: 'unavailable',
      });
      await expect(store.check()).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await end();
    }
  });
});

test('a connection that is given up while a wrong certificate is refused ends without another error', async () => {
  setDefaultCACertificates([...trusted, authority.pem]);
  const server = await startRedis([], { tls: await tlsFor('other', [127, 0, 0, 2]) });
  const redis = redisAt(server.url);
  const heard = new Set<string>();
  try {
    // How far a handshake is after so many turns depends on the machine: some of these are given up in the middle.
    for (let attempt = 0; attempt < 120; attempt += 1) {
      const connection = openMovable(connectionOptions(redis), () => redis.hosts[0] ?? {});
      connection.on('error', ({ message }: Error) => heard.add(message.split(':')[0] ?? ''));
      connection.connect().catch(() => {});
      for (let turn = 0; turn < attempt % 40; turn += 1) await setImmediate();
      // An error without a listener would fail this test.
      connection.disconnect();
    }
    expect([...heard]).toContain("Hostname/IP does not match certificate's altnames");
  } finally {
    setDefaultCACertificates(trusted);
    await server.stop();
  }
});

test('a server whose certificate is for another address is refused', async () => {
  setDefaultCACertificates([...trusted, authority.pem]);
  const server = await startRedis([], { tls: await tlsFor('other', [127, 0, 0, 2]) });
  try {
    await expect(open(server.url)).rejects.toThrow('does not match certificate');
  } finally {
    setDefaultCACertificates(trusted);
    await server.stop();
  }
});
