/**
 * Hashes passwords, as the child process of `password-hasher.ts`, with two threads at low priority. Signing a token took 40
 * times as long when it shared a thread pool with hashing.
 *
 * JavaScript: to read TypeScript, Node would load a compiler, which takes as much memory as the rest of this process.
 *
 * @import { HashRequest, HasherReply } from './password-hasher.ts'
 */
// @ts-check
import { setPriority } from 'node:os';
import { hash } from '@node-rs/argon2';
import { verifyHash } from './verify-hash.js';

const niceness = 10;
setPriority(niceness);

// Ctrl-C reaches the whole process group. The parent decides when to end, because sign-ins in progress must finish.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

process.on('message', (/** @type {HashRequest} */ request) => void answer(request));

/** @param {HashRequest} request */
const answer = async request => {
  const reply = await replyTo(request);
  // The parent may have ended, also during the send: the reply is then not needed.
  if (process.connected) process.send?.(reply, () => {});
};

/**
 * @param {HashRequest} request
 * @returns {Promise<HasherReply>}
 */
const replyTo = async request => {
  try {
    if (request.phc !== undefined) return { id: request.id, right: await verifyHash(request.phc, request.password) };
    const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = request.cost;
    return { id: request.id, phc: await hash(request.password, { memoryCost, timeCost, parallelism }) };
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : 'unknown' };
  }
};
