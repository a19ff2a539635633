/**
 * Hashes passwords in one child process of low priority: two at a time, with a bounded queue, so that many sign-ins at
 * once delay no other route. Threads need as much memory, share it with our keys, and cannot be killed while they hash; the thread
 * pool of this process would delay signatures (docs/adr/0047-waiting-pages-and-the-hashing-child.md).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../errors.ts';
import type { Millis } from '../../ports/time.ts';
import type { HashCost } from './password-hash.ts';

/** Hashes and verifies passwords outside this process. */
export interface PasswordHasher {
  /** PHC string, Argon2id. @throws Problem 'overloaded' when the queue is full, 'unavailable' when the child was lost. */
  hash(password: string): Promise<string>;
  /** Whether `phc` is a hash of this password. @throws as `hash`. */
  verify(password: string, phc: string): Promise<boolean>;
  /** Rejects waiting requests and ends the child. */
  close(): Promise<void>;
}

/** Message to the child: verify where `phc` is set, otherwise hash. */
export interface HashRequest {
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
  readonly request: HashRequest;
  readonly settle: (reply: HasherReply) => void;
  readonly fail: (problem: Problem) => void;
}

/** Hashes that run at the same time. Each takes its own memory and a core. */
const maxInFlight = 2;
/** Without a reply for this long the child is stuck and is killed. A hash takes tens of milliseconds. */
const replyTimeout: Millis = 15_000;

/** Starts the child with the first password, and again with the next one after it was lost. */
export const createPasswordHasher = (settings: HashCost & { readonly queue: number }): PasswordHasher => {
  const { queue, ...cost } = settings;
  const waiting: Pending[] = [];
  const inFlight = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let stuckTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  const failAll = (reason: string): void => {
    const lost = [...inFlight.values(), ...waiting.splice(0)];
    inFlight.clear();
    clearTimeout(stuckTimer);
    for (const { fail } of lost) fail(new Problem('unavailable', `password not checked: ${reason}`));
  };

  const start = (): ChildProcess => {
    const started = fork(fileURLToPath(new URL('password-child.js', import.meta.url)), {
      // Our environment holds secrets that the child does not need.
      env: { UV_THREADPOOL_SIZE: `${maxInFlight}` },
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
    clearTimeout(stuckTimer);
    while (inFlight.size < maxInFlight) {
      const next = waiting.shift();
      if (next === undefined) break;
      inFlight.set(next.request.id, next);
      child ??= start();
      child.send(next.request);
    }
    if (inFlight.size > 0) stuckTimer = setTimeout(() => child?.kill('SIGKILL'), replyTimeout).unref();
  };

  const send = (password: string, phc?: string): Promise<HasherReply> => {
    if (closed) throw new Problem('unavailable', 'password not checked: closing');
    if (inFlight.size >= maxInFlight && waiting.length >= queue) {
      throw new Problem('overloaded', `got ${waiting.length + 1} waiting passwords, expected at most ${queue}`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<HasherReply>();
    lastId += 1;
    const request: HashRequest = { id: lastId, password, cost, ...(phc !== undefined && { phc }) };
    waiting.push({ request, settle: resolve, fail: reject });
    advance();
    return promise;
  };

  return {
    async hash(password) {
      const reply = await send(password);
      if ('phc' in reply) return reply.phc;
      throw new Problem('internal', `got ${'error' in reply ? reply.error : 'another reply'}, expected a hash`);
    },
    async verify(password, phc) {
      const reply = await send(password, phc);
      if ('right' in reply) return reply.right;
      throw new Problem(
        'unavailable',
        `password not checked: got ${'error' in reply ? reply.error : 'another reply'}, expected true or false`,
      );
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
