/**
 * Runs fixed pieces of work on request, in a process of its own on the core of the servers. `reference` measures the current
 * speed of that core. The others compare two ways to sign a cookie, and two ways to hash a password.
 */
import { argon2Sync, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { hashSync } from '@node-rs/argon2';
import Keygrip from 'keygrip';
import { createCookieKeys, type CookieKeys } from '../src/oidc/http/cookie-keys.ts';

const keys = [randomBytes(32), randomBytes(32)] as const;
const cookie = `session=${randomBytes(32).toString('base64url')}`;

const document = {
  id: 'a'.repeat(36),
  claims: ['sub', 'acr', 'amr'],
  counts: Array.from({ length: 32 }, (_, at) => at),
};
const reference = (): void => {
  const text = JSON.stringify(document);
  const sums = new Map<string, number>();
  for (let at = 0; at < 32; at += 1) sums.set(`${at % 7}`, (sums.get(`${at % 7}`) ?? 0) + at);
  createHash('sha256')
    .update(JSON.stringify(JSON.parse(text)))
    .update(`${sums.size}`)
    .digest('hex');
};

/** The work for one cookie of a request: verify its signature, and sign the cookie of the response. */
const signCookie = (by: CookieKeys) => (): void => {
  if (!by.verify(cookie, by.sign(cookie))) throw new Error('a signature did not verify');
};

/** Cost of the product's hashes by default. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const hashByNode = (): void => {
  const { memory, passes, parallelism } = cost;
  argon2Sync('argon2id', {
    message: 'copper-beacon-desert',
    nonce: keys[0],
    memory,
    passes,
    parallelism,
    tagLength: 32,
  });
};
const hashByProduct = (): void => {
  const { memory: memoryCost, passes: timeCost, parallelism } = cost;
  hashSync('copper-beacon-desert', { memoryCost, timeCost, parallelism });
};

const jobs = {
  reference,
  'argon2 of node:crypto': hashByNode,
  'argon2 of the product': hashByProduct,
  ours: signCookie(createCookieKeys([createSecretKey(keys[0]), createSecretKey(keys[1])])),
  keygrip: signCookie(
    new Keygrip(
      keys.map(key => key.toString('base64')),
      'sha256',
      'base64',
    ),
  ),
};
/** Name of a job. */
export type CpuJob = keyof typeof jobs;

/** Repeats a job for `millis` of wall time. Gives microseconds of CPU for one run of it. */
const run = (job: CpuJob, millis: number): number => {
  const before = process.cpuUsage();
  const until = performance.now() + millis;
  let runs = 0;
  for (; performance.now() < until; runs += 1) jobs[job]();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
};

// Warm up, so that the compiler does not make the machine look slow.
run('reference', 500);
process.on('disconnect', () => process.exit(0));
process.on('message', ({ job, millis }: { readonly job: CpuJob; readonly millis: number }) => {
  process.send?.(run(job, millis));
});
