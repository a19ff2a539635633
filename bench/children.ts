/** Starts the processes of a run: after `pinProcesses` measured servers on one core, the load generator (this process) on another. */
import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A process that answers one message at a time. */
export interface Child {
  readonly pid: number;
  ask<Answer>(question: object): Promise<Answer>;
  end(): Promise<void>;
}

let pinned = false;
// Read before this process is bound to one of them.
const allCores = `0-${availableParallelism() - 1}`;
/**
 * Binds this process to one core, and those that it starts from now on to another. False if the system cannot pin processes or
 * has one core: the figures are noisier then.
 */
export const pinProcesses = (): boolean => {
  pinned = availableParallelism() > 1 && spawnSync('taskset', ['-acp', '1', `${process.pid}`]).status === 0;
  return pinned;
};

/** A file that runs in a process of its own: of this folder, or the carrier. */
export type ChildFile = 'server.ts' | 'cpu-jobs.ts' | 'filler.ts' | '../simulator/main.ts';

/** How a process is started, beside its file. */
export interface Start {
  /** Its cores where processes are pinned. Default: the core of the servers. */
  readonly where?: 'anywhere' | 'with the generator';
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const coresOf = (where: Start['where']): string => (where === 'anywhere' ? allCores : where === undefined ? '0' : '1');

/** Starts a file. */
export const startChild = (file: ChildFile, { where, env }: Start = {}): Child => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--expose-gc'];
  const cores = coresOf(where);
  const [execPath = '', ...execArgv] = pinned ? ['taskset', '-c', cores, ...node] : node;
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execPath,
    execArgv,
    env: { ...process.env, ...env },
    // Servers write their log as in production; it is discarded.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const early = ended.then(code => {
    throw new Error(`${file} ended with ${code}`);
  });
  early.catch(() => {});
  return {
    // `taskset` replaces itself by Node, so that the id stays.
    pid: child.pid ?? 0,
    async ask<Answer>(question: object) {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      child.once('message', (answer: Answer) => resolve(answer));
      child.send(question);
      return Promise.race([promise, early]);
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};
