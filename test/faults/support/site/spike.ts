/**
 * Sends GETs over many kept connections at a fixed rate, from a process of its own: the test, which watches and signs people in
 * meanwhile, would delay the moments at which it sends, and at which it notes the answers.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load } from './load.ts';

/** What is told of an answer. */
export interface Reply {
  /** Undefined: the connection broke. */
  readonly status?: number | undefined;
  readonly retryAfter?: string | undefined;
  readonly language?: string | undefined;
  /** The number of a problem in its text. */
  readonly problem?: string | undefined;
}

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Equal answers, with the milliseconds of each from the moment at which its request was due. */
export interface Replies {
  readonly reply: Reply;
  readonly took: readonly number[];
}

/** What the process is asked to do. */
export interface Spike {
  readonly load: Pick<Load, 'perSecond' | 'total'>;
  /** Asked in turn. */
  readonly targets: readonly Target[];
}

const program = fileURLToPath(new URL('spike-process.ts', import.meta.url));

/** Sends GETs to the targets, in turn, at a rate. @throws Error where the process ends before it has told the answers */
export const spike = (load: Spike['load'], targets: readonly Target[]): Promise<readonly Replies[]> =>
  new Promise((resolve, reject) => {
    const child = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    child.once('message', (replies: readonly Replies[]) => resolve(replies));
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`the process that sends requests ended with ${code}`)));
    child.send({ load, targets } satisfies Spike);
  });
