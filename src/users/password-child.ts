/**
 * The child process that hashes: alone with its two threads and a low priority, so that a storm of sign-ins leaves the
 * signing of tokens alone (reference: 40 times slower when both share one thread pool). Started by `password-hasher.ts`.
 */
import { setPriority } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { Ask, Reply } from './password-hasher.ts';

const niceness = 10;
setPriority(niceness);

// Ctrl-C reaches the whole group, but a sign-in that is being checked is still to be finished: the parent decides
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

process.on('message', (ask: Ask) => void answer(ask));

const answer = async (ask: Ask): Promise<void> => {
  const reply = await replyTo(ask);
  // The parent may be gone by now, or go at this very moment: then nobody waits for this.
  if (process.connected) process.send?.(reply, () => {});
};

const replyTo = async (ask: Ask): Promise<Reply> => {
  try {
    if (ask.phc !== undefined) return { id: ask.id, right: await verify(ask.phc, ask.password) };
    const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = ask.cost;
    return { id: ask.id, phc: await hash(ask.password, { memoryCost, timeCost, parallelism }) };
  } catch (error) {
    return { id: ask.id, error: error instanceof Error ? error.message : 'unknown' };
  }
};
