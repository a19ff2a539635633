/** Starts a real master of Redis with replicas, and three Sentinels that promote a replica where the master is gone. */
import { Redis } from 'ioredis';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startRedis, tlsSettings, type RedisServer, type RedisTls } from './redis-server.ts';
import { until } from './until.ts';

export interface RedisSentinel {
  readonly url: string;
  /** The master at the start, and then its replicas. */
  readonly servers: readonly [RedisServer, ...RedisServer[]];
  /** The port of the master as the Sentinels see it now. */
  readonly masterPort: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

const name = 'main';
const sentinels = 3;
/** A lost master is replaced after half a second by two of three votes. */
const watch = (port: number): string =>
  [
    `sentinel monitor ${name} 127.0.0.1 ${port} 2`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 3000`,
  ].join('\n');

/** A Sentinel writes what it sees into its configuration. */
const startSentinel = async (
  folder: string,
  master: number,
  tls: RedisTls | undefined,
): Promise<{ port: number; child: ChildProcess }> => {
  const port = await freePort();
  const cwd = join(folder, `sentinel-${port}`);
  await mkdir(cwd);
  const file = join(cwd, 'sentinel.conf');
  const listening = tls === undefined ? [['port', port]] : [['port', 0], ['tls-port', port], ...tlsSettings(tls)];
  const settings = [...listening, ['bind', '127.0.0.1'], ['dir', cwd]].map(([key, value]) => `${key} ${value}`);
  await writeFile(file, `${settings.join('\n')}\n${watch(master)}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  await once(child, 'spawn');
  return { port, child };
};

/**
 * Resolves once the Sentinels know each other and the replicas. `tls`: this process must trust its authority. `replicaTls`: where replicas
 * have another certificate of that authority.
 */
export const startRedisSentinel = async ({
  replicas = 1,
  tls,
  replicaTls = tls,
}: {
  readonly replicas?: number;
  readonly tls?: RedisTls;
  readonly replicaTls?: RedisTls | undefined;
} = {}): Promise<RedisSentinel> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-sentinel-'));
  const master = await startRedis([], { tls });
  const follow = ['--replicaof', `127.0.0.1 ${master.port}`];
  const followers = await Promise.all(Array.from({ length: replicas }, () => startRedis(follow, { tls: replicaTls })));
  const watchers = await Promise.all(Array.from({ length: sentinels }, () => startSentinel(folder, master.port, tls)));
  const asked = watchers.map(
    ({ port }) => new Redis({ port, host: '127.0.0.1', enableReadyCheck: false, ...(tls && { tls: {} }) }),
  );
  for (const each of asked) each.on('error', () => {});
  await until(async () => {
    const states = await Promise.all(asked.map(each => each.call('SENTINEL', 'MASTER', name)));
    return states.every(state => {
      const text = String(state);
      return text.includes(`num-slaves,${replicas},`) && text.includes(`num-other-sentinels,${sentinels - 1},`);
    });
  });
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}-sentinel://${watchers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/0#${name}`,
    servers: [master, ...followers],
    async masterPort() {
      const place = await asked[0]?.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name);
      return Number(String(place).split(',')[1]);
    },
    async stop() {
      for (const each of asked) each.disconnect();
      for (const { child } of watchers) {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await Promise.all([master, ...followers].map(server => server.stop()));
      await rm(folder, { recursive: true });
    },
  };
};
