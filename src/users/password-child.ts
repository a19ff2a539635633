/**
 * Runs as the child process of `password-hasher.ts` and hashes with two threads at low priority. Signing a token took 40 times
 * as long when it shared a thread pool with hashing.
 */
import { setPriority } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { Ask, HasherReply } from './password-hasher.ts';

const niceness = 10;
setPriority(niceness);

// Ctrl-C reaches the whole process group. The parent decides when to end, because sign-ins in progress must finish.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

process.on('message', (ask: Ask) => void answer(ask));

const answer = async (ask: Ask): Promise<void> => {
  const reply = await replyTo(ask);
  // The parent may have ended, also during the send: the reply is then not needed.
  if (process.connected) process.send?.(reply, () => {});
};

const replyTo = async (ask: Ask): Promise<HasherReply> => {
  try {
    if (ask.phc !== undefined) return { id: ask.id, right: await verify(ask.phc, ask.password) };
    const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = ask.cost;
    return { id: ask.id, phc: await hash(ask.password, { memoryCost, timeCost, parallelism }) };
  } catch (error) {
    return { id: ask.id, error: error instanceof Error ? error.message : 'unknown' };
  }
};
