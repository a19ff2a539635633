/**
 * Hashes passwords in one child process of low priority: two at a time, with a bounded queue, so that a storm of sign-ins
 * delays no other route. By hand instead of piscina, which hashed 1.3 times as many at the same event loop delay (0.97 to
 * 1.11): its threads share memory with our keys, and a thread that hashes cannot be stopped or killed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../errors.ts';
import type { Millis } from '../ports/time.ts';
import type { HashCost } from './password-hash.ts';

export interface PasswordHasher {
  /** PHC string, Argon2id. @throws Problem 'overloaded' when the queue is full, 'unavailable' when the child was lost. */
  hash(password: string): Promise<string>;
  /** Whether `phc` is a hash of this password. @throws as `hash`. */
  verify(password: string, phc: string): Promise<boolean>;
  /** Rejects waiting requests and ends the child. */
  close(): Promise<void>;
}

/** Message to the child: verify where `phc` is set, otherwise hash. */
export interface Ask {
  readonly id: number;
  readonly password: string;
  readonly phc?: string;
  readonly cost: HashCost;
}
/** Answer of the child to the message with this id. */
export type HasherReply =
  | { readonly id: number; readonly phc: string }
  | { readonly id: number; readonly right: boolean }
  | { readonly id: number; readonly error: string };

interface Pending {
  readonly ask: Ask;
  readonly settle: (reply: HasherReply) => void;
  readonly fail: (problem: Problem) => void;
}

/** Hashes that run at once. Each takes its own memory and a core. */
const inFlightAtOnce = 2;
/** Without a reply for this long the child is stuck and is killed. A hash takes tens of milliseconds. */
const patience: Millis = 15_000;

/** Starts the child with the first password, and again with the next one after it was lost. */
export const createPasswordHasher = (settings: HashCost & { readonly queue: number }): PasswordHasher => {
  const { queue, ...cost } = settings;
  const waiting: Pending[] = [];
  const inFlight = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let silence: NodeJS.Timeout | undefined;
  let asked = 0;
  let closed = false;

  const failAll = (reason: string): void => {
    const lost = [...inFlight.values(), ...waiting.splice(0)];
    inFlight.clear();
    clearTimeout(silence);
    for (const { fail } of lost) fail(new Problem('unavailable', `password not checked: ${reason}`));
  };

  const start = (): ChildProcess => {
    const started = fork(fileURLToPath(new URL('password-child.ts', import.meta.url)), {
      // Our environment holds secrets that the child does not need.
      env: { UV_THREADPOOL_SIZE: `${inFlightAtOnce}` },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const gone = (reason: string) => {
      if (child !== started) return;
      child = undefined;
      failAll(reason);
    };
    started.on('message', (reply: HasherReply) => {
      const pending = inFlight.get(reply.id);
      inFlight.delete(reply.id);
      pending?.settle(reply);
      advance();
    });
    started.on('error', error => gone(error.message));
    started.on('exit', (code, signal) => gone(`the hashing process ended (${signal ?? code})`));
    return started;
  };

  const advance = (): void => {
    clearTimeout(silence);
    while (inFlight.size < inFlightAtOnce) {
      const next = waiting.shift();
      if (next === undefined) break;
      inFlight.set(next.ask.id, next);
      child ??= start();
      child.send(next.ask);
    }
    if (inFlight.size > 0) silence = setTimeout(() => child?.kill('SIGKILL'), patience).unref();
  };

  const ask = (password: string, phc?: string): Promise<HasherReply> => {
    if (closed) throw new Problem('unavailable', 'password not checked: closing');
    if (inFlight.size >= inFlightAtOnce && waiting.length >= queue) {
      throw new Problem('overloaded', `${waiting.length} passwords wait: expected at most ${queue}`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<HasherReply>();
    asked += 1;
    const request: Ask = { id: asked, password, cost, ...(phc !== undefined && { phc }) };
    waiting.push({ ask: request, settle: resolve, fail: reject });
    advance();
    return promise;
  };

  return {
    async hash(password) {
      const reply = await ask(password);
      if ('phc' in reply) return reply.phc;
      throw new Problem('internal', `hashing failed: ${'error' in reply ? reply.error : 'not a hash'}`);
    },
    async verify(password, phc) {
      const reply = await ask(password, phc);
      if ('right' in reply) return reply.right;
      throw new Problem('unavailable', `password not checked: ${'error' in reply ? reply.error : 'not an answer'}`);
    },
    async close() {
      closed = true;
      failAll('closing');
      const ending = child;
      child = undefined;
      if (ending?.exitCode !== null || ending.signalCode !== null) return;
      const ended = new Promise(resolve => ending.once('exit', resolve));
      ending.disconnect();
      await ended;
    },
  };
};
