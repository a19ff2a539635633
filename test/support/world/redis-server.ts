/** Starts a real redis-server on a free port. `redis-cluster.ts` and `redis-sentinel.ts` start several. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** SIGKILL, as a power cut would; resolves once it is gone. */
  readonly stop: () => Promise<void>;
}

/** False where this machine has no redis-server. */
export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

/** True once it accepts connections; false where it ended before (another process took the port). */
const ready = async (child: ChildProcess): Promise<boolean> => {
  if (child.stdout === null) return false;
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('Ready to accept connections')) {
      child.stdout.resume();
      return true;
    }
  }
  return false;
};

/** A replica is sent its data at once, not after the usual five seconds, and writes no file, which a later server would load. */
const replication = ['--repl-diskless-sync-delay', '0', '--repl-diskless-load', 'swapdb'];

/** Files in PEM: the certificate of a server, its key, and the authority of both. */
export interface RedisTls {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** Settings of a server or Sentinel that speaks TLS alone, also to others of its kind, and asks clients for no certificate. */
export const tlsSettings = ({ certificate, key, authority }: RedisTls): readonly (readonly [string, string])[] => [
  ['tls-cert-file', certificate],
  ['tls-key-file', key],
  ['tls-ca-cert-file', authority],
  ['tls-auth-clients', 'no'],
  ['tls-replication', 'yes'],
];

/** What to start beside an empty server without persistence. */
export interface RedisOptions {
  /** A fixed port, and otherwise where a free one is found. */
  readonly port?: number;
  readonly findPort?: () => Promise<number>;
  /** Its working directory. */
  readonly cwd?: string;
  /** Absent: it speaks plain text. */
  readonly tls?: RedisTls | undefined;
}

/** Starts an empty server without persistence. `settings`: more arguments. */
export const startRedis = async (
  settings: readonly string[] = [],
  { port: wanted, findPort = freePort, cwd, tls }: RedisOptions = {},
): Promise<RedisServer> => {
  const tried: number[] = [];
  while (tried.length < 5) {
    const port = wanted ?? (await findPort());
    tried.push(port);
    const listening = tls === undefined ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port)];
    const secure = tls === undefined ? [] : [...tlsSettings(tls), ['tls-cluster', 'yes'] as const];
    const fixed = [
      ...listening,
      ...secure.flatMap(([name, value]) => [`--${name}`, value]),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      ...replication,
    ];
    const child = spawn('redis-server', [...fixed, ...settings], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const killed = (): void => void child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    await once(child, 'spawn');
    const url = `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`;
    if (await ready(child)) return { url, port, child, stop: () => stop(child) };
    await stop(child);
  }
  throw new Error(`redis-server did not start on any of the ports ${tried.join(', ')}`);
};
