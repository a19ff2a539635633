/** Runs one server process of a site, again and again on the same port, and keeps what each of its lives printed. */
import { join } from 'node:path';
import { start, type Program } from '../../../support/world/programs.ts';

/** How a process ended. */
export interface Ending {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  /** Milliseconds between the signal and the end. */
  readonly took: number;
}

/** One process from its start to its end. */
export interface Life {
  readonly program: Program;
  /** Whether the test asked it to end. */
  wasAsked: boolean;
  ending: Ending | undefined;
}

const patience = 60_000;
const probeEvery = 50;

export const pause = (millis: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, millis);
  });

/** Calls `check` until it gives true. @throws Error with `what` after a minute. */
export const eventually = async (what: string, check: () => Promise<boolean> | boolean): Promise<void> => {
  for (const until = Date.now() + patience; Date.now() < until; await pause(probeEvery)) {
    if (await check()) return;
  }
  throw new Error(`waited a minute in vain: ${what}`);
};

/** The status of a GET without a proxy; undefined: the connection was refused or broken, or no answer came in time. */
export const statusAt = async (port: number, path: string, within = 2_000): Promise<number | undefined> => {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(within) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
};

export class SiteNode {
  readonly name: string;
  readonly port: number;
  readonly lives: Life[] = [];
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(name: string, port: number, folder: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.port = port;
    this.#folder = folder;
    this.#env = { ...env, SALLYPORT_LISTEN: `127.0.0.1:${port}` };
  }

  /** The running process. @throws Error where there is none. */
  get life(): Life {
    const life = this.lives.at(-1);
    if (life === undefined || life.ending !== undefined) throw new Error(`${this.name} does not run`);
    return life;
  }

  get isRunning(): boolean {
    const life = this.lives.at(-1);
    return life !== undefined && life.ending === undefined;
  }

  /** Standard output and standard error of all its lives. */
  get output(): string {
    return this.lives.map(({ program: { said } }) => said.out + said.err).join('');
  }

  /** Starts a process, and waits until it listens. `env`: more settings for this life. @throws Error with its output */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const began = Date.now();
    const program = start('server/main.ts', [], { cwd: this.#folder, env: { ...this.#env, ...env } });
    const life: Life = { program, wasAsked: false, ending: undefined };
    this.lives.push(life);
    program.ended.then(
      code => (life.ending ??= { code, took: Date.now() - began }),
      () => undefined,
    );
    await program.until(/"event":"server\.listening"/);
  }

  /** Waits until /readyz answers 200. */
  async waitReady(): Promise<void> {
    await eventually(`${this.name} is ready`, async () => (await statusAt(this.port, '/readyz')) === 200);
  }

  /** SIGTERM, as an orchestrator stops a process. */
  async stop(): Promise<Ending> {
    return this.#end('SIGTERM');
  }

  /** SIGKILL, as a power cut. */
  async kill(): Promise<Ending> {
    return this.#end('SIGKILL');
  }

  /** Freezes the process: its sockets stay open and are silent. `resume` lets it go on. */
  freeze(): void {
    this.life.program.child.kill('SIGSTOP');
  }

  resume(): void {
    this.life.program.child.kill('SIGCONT');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    const { life } = this;
    const began = Date.now();
    life.wasAsked = true;
    life.program.child.kill(signal);
    const code = await life.program.ended;
    life.ending = { code, took: Date.now() - began };
    return life.ending;
  }
}

/** The file in which the nodes of a site share their durable data, unless the test names another store. */
export const sharedFile = (folder: string): string => `sqlite:${join(folder, 'store.db')}`;
