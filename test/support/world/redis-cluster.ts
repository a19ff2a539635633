/** Starts a cluster of real redis-servers: three masters, with a replica each where a test asks for them. */
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hold, portOf, release } from './programs.ts';
import { startRedis, type RedisServer, type RedisTls } from './redis-server.ts';
import { until } from './until.ts';

export interface RedisCluster {
  readonly url: string;
  /** The masters, and then their replicas in the same order. */
  readonly servers: readonly RedisServer[];
  readonly stop: () => Promise<void>;
}

const slots = 16_384;
const masters = 3;

/** A free port whose bus port, 10,000 higher, is free too. */
const findPort = async (): Promise<number> => {
  for (let turn = 0; turn < 100; turn += 1) {
    const wanted = 10_000 + Math.floor(Math.random() * 20_000);
    const held = await Promise.allSettled([hold(wanted), hold(wanted + 10_000)]);
    const ports = await Promise.all(
      held.map(async each => {
        if (each.status === 'rejected') return undefined;
        const port = portOf(each.value);
        await release(each.value);
        return port;
      }),
    );
    if (!ports.includes(undefined)) return wanted;
  }
  throw new Error('no free pair of ports');
};

/** A node writes its view of the cluster to its working directory. */
const startNode = async (folder: string, tls: RedisTls | undefined): Promise<RedisServer> => {
  const cwd = await mkdtemp(join(folder, 'node-'));
  // A lost node counts as failed after a second and a half.
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1500'];
  return startRedis(settings, { findPort, cwd, tls });
};

/** Resolves once each slot has a master. `tls`: this process must trust its authority. */
export const startRedisCluster = async ({
  replicas = false,
  tls,
}: { readonly replicas?: boolean; readonly tls?: RedisTls } = {}): Promise<RedisCluster> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-cluster-'));
  const count = replicas ? 2 * masters : masters;
  const servers = await Promise.all(Array.from({ length: count }, () => startNode(folder, tls)));
  const nodes = servers.map(({ url }) => new Redis(url));
  try {
    await Promise.all(
      nodes.slice(0, masters).map(async (node, at) => {
        const [from, to] = [at, at + 1].map(end => Math.floor((end * slots) / masters));
        await node.call('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${(to ?? slots) - 1}`);
      }),
    );
    await Promise.all(nodes.map((node, at) => node.call('CLUSTER', 'SET-CONFIG-EPOCH', `${at + 1}`)));
    for (const { port } of servers.slice(1)) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', `${port}`);
    const knowAll = async (): Promise<boolean> => {
      const infos = await Promise.all(nodes.map(async node => String(await node.call('CLUSTER', 'INFO'))));
      return infos.every(
        info => info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}\r`),
      );
    };
    await until(knowAll);
    for (const [at, node] of nodes.slice(masters).entries()) {
      await node.call('CLUSTER', 'REPLICATE', String(await nodes[at]?.call('CLUSTER', 'MYID')));
    }
    const follow = async (): Promise<boolean> => {
      const infos = await Promise.all(nodes.slice(masters).map(node => node.info('replication')));
      return infos.every(info => info.includes('master_link_status:up'));
    };
    await until(follow);
  } finally {
    for (const node of nodes) node.disconnect();
  }
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}-cluster://${servers
      .slice(0, masters)
      .map(({ port }) => `127.0.0.1:${port}`)
      .join(',')}`,
    servers,
    async stop() {
      await Promise.all(servers.map(server => server.stop()));
      await rm(folder, { recursive: true });
    },
  };
};
