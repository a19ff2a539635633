/** Starts our programs as separate processes, and finds free ports. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** A cost at which a hash takes almost no time, and the compiled modules of earlier starts (jest.config.mjs). */
const cheap = {
  SALLYPORT_PASSWORD_MEMORY_KIB: '64',
  SALLYPORT_PASSWORD_PASSES: '1',
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
};

export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** Standard output and standard error so far. */
  readonly said: { out: string; err: string };
  /** The exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Resolves with the match in standard output or error. @throws Error with both, if the program ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<'serve' | 'cli' | 'example', string>>;
};

/** The npm script of each program. */
const scriptOf = { 'cli/index.ts': 'cli', 'server/main.ts': 'serve', 'examples/run.ts': 'example' } as const;
type ProgramFile = keyof typeof scriptOf;

/** Node's options in the npm script of a program, so that it runs as operators and developers start it. */
const optionsOf = (file: ProgramFile): readonly string[] =>
  scripts[scriptOf[file]]
    .split(' ')
    .slice('exec node'.split(' ').length, -1)
    .map(word => (word.startsWith('./') ? join(root, word) : word));

/** Starts one of our programs without the environment of this process. */
export const start = (
  file: ProgramFile,
  args: readonly string[],
  at: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Program => {
  const child = spawn(process.execPath, [...optionsOf(file), join(root, file), ...args], {
    cwd: at.cwd,
    env: { ...cheap, ...at.env },
  });
  const said = { out: '', err: '' };
  // a command that refuses may end before it has read its input
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (said.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (said.err += chunk));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  return {
    child,
    said,
    ended,
    until: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.out) ?? pattern.exec(said.err);
          if (match === null) return;
          // A server that logs for minutes would otherwise be searched again with each line.
          child.stdout.off('data', look);
          child.stderr.off('data', look);
          resolve(match);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        child.once('close', () => {
          look();
          reject(new Error(`ended without ${pattern}:\n${said.out}${said.err}`));
        });
        look();
      }),
  };
};

/** The first of four free neighbouring ports, below the range that the system gives to clients. */
export const freeNeighbourPorts = async (): Promise<number> => {
  for (let turn = 0; turn < 100; turn += 1) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const servers = await Promise.allSettled([0, 1, 2, 3].map(step => hold(first + step)));
    await Promise.all(servers.map(async each => (each.status === 'fulfilled' ? release(each.value) : undefined)));
    if (servers.every(each => each.status === 'fulfilled')) return first;
  }
  throw new Error('no four free ports in a row');
};

/** Occupies a port of the loopback address; 0: any. */
export const hold = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

export const release = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()));

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
