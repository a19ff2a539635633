/** Starts a real redis-server on a free port. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
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

/** Starts an empty server without persistence. `settings`: more arguments. `wanted`: a fixed port. */
export const startRedis = async (settings: readonly string[] = [], wanted?: number): Promise<RedisServer> => {
  const tried: number[] = [];
  while (tried.length < 5) {
    const port = wanted ?? (await freePort());
    tried.push(port);
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...fixed, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
    const killed = (): void => void child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    await once(child, 'spawn');
    if (await ready(child)) return { url: `redis://127.0.0.1:${port}`, port, stop: () => stop(child) };
    await stop(child);
  }
  throw new Error(`redis-server did not start on any of the ports ${tried.join(', ')}`);
};
