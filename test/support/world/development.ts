/** Starts the development world as `npm start` does: own processes, an own folder, four free ports. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeNeighbourPorts } from './programs.ts';

const root = join(import.meta.dirname, '../../..');

export interface Development {
  readonly issuer: string;
  readonly simulator: string;
  readonly relyingParty: string;
  /** A person of the printed table: name, password, and number where they have one. */
  person(name: string): { readonly name: string; readonly password: string; readonly number: string };
  /** The output so far. */
  printed(): string;
  /** The folder it was started in; its state is in `.sallyport`. */
  readonly folder: string;
  /** Milliseconds until the table was printed. */
  readonly startedIn: number;
  /** Ends the command as an operator's kill -9 would. */
  kill(): Promise<void>;
  /** Starts it again over the same folder and ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The people of the table sign in with the methods that they have. A test of the wizard requires two. */
const asTheyAre = { SALLYPORT_REQUIRED_METHODS: '0', SALLYPORT_INVITATIONS: 'off' };

/** Starts `npm start -- --port N` in a folder of its own. @throws Error with the output when no table is printed. */
export const startDevelopment = async (environment: Readonly<Record<string, string>> = {}): Promise<Development> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const port = await freeNeighbourPorts();
  let printed = '';
  let child: ChildProcess | undefined;

  const start = async (): Promise<number> => {
    const from = Date.now();
    const { NODE_OPTIONS: _options, CI: _ci, ...inherited } = process.env;
    const command = [
      '--disable-warning=ExperimentalWarning',
      join(root, 'cli/index.ts'),
      'dev',
      '--port',
      String(port),
    ];
    const started = spawn(process.execPath, command, {
      cwd: folder,
      env: { ...inherited, ...asTheyAre, ...environment },
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => {
        clearTimeout(timer);
        reject(new Error(`the development world did not start:\n${printed}`));
      };
      const timer = setTimeout(fail, 60_000);
      const read = (bytes: Buffer): void => {
        printed += bytes.toString();
        if (!printed.includes(`http://127.0.0.1:${port + 2}`) || !printed.includes('linus')) return;
        clearTimeout(timer);
        resolve();
      };
      started.stdout.on('data', read);
      started.stderr.on('data', read);
      started.once('exit', fail);
    });
    return Date.now() - from;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const over = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    await over;
  };

  const startedIn = await start();
  return {
    issuer: `http://localhost:${port}`,
    simulator: `http://127.0.0.1:${port + 1}`,
    relyingParty: `http://127.0.0.1:${port + 2}`,
    person(name) {
      const line = new RegExp(`^ *${name} {2,}(\\S+) {2,}(.*)$`, 'm').exec(printed);
      if (line?.[1] === undefined) throw new Error(`${name} is not in the table:\n${printed}`);
      const number = /\+[0-9 ]+[0-9]/.exec(line[2] ?? '')?.[0] ?? '';
      return { name, password: line[1], number: number.replaceAll(' ', '') };
    },
    printed: () => printed,
    startedIn,
    folder,
    kill: () => end('SIGKILL'),
    async restart() {
      printed = '';
      await start();
    },
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
};
