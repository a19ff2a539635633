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

/** What to start beside an empty server without persistence. */
export interface RedisOptions {
  /** A fixed port, and otherwise where a free one is found. */
  readonly port?: number;
  readonly findPort?: () => Promise<number>;
  /** Its working directory. */
  readonly cwd?: string;
}

/** Starts an empty server without persistence. `settings`: more arguments. */
export const startRedis = async (
  settings: readonly string[] = [],
  { port: wanted, findPort = freePort, cwd }: RedisOptions = {},
): Promise<RedisServer> => {
  const tried: number[] = [];
  while (tried.length < 5) {
    const port = wanted ?? (await findPort());
    tried.push(port);
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...replication];
    const child = spawn('redis-server', [...fixed, ...settings], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const killed = (): void => void child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    await once(child, 'spawn');
    if (await ready(child)) return { url: `redis://127.0.0.1:${port}`, port, child, stop: () => stop(child) };
    await stop(child);
  }
  throw new Error(`redis-server did not start on any of the ports ${tried.join(', ')}`);
};
