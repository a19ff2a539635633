/**
 * Fixed pieces of work, run for so long when asked: `mix` tells how fast the core is at this moment, the others compare two
 * ways to sign a cookie. A process of its own, on the core of the servers.
 */
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import Keygrip from 'keygrip';
import { createCookieKeys, type CookieKeys } from '../src/oidc/cookie-keys.ts';

const keys = [randomBytes(32), randomBytes(32)] as const;
const cookie = `session=${randomBytes(32).toString('base64url')}`;

const document = {
  id: 'a'.repeat(36),
  claims: ['sub', 'acr', 'amr'],
  counts: Array.from({ length: 32 }, (_, at) => at),
};
const mix = (): void => {
  const text = JSON.stringify(document);
  const seen = new Map<string, number>();
  for (let turn = 0; turn < 32; turn += 1) seen.set(`${turn % 7}`, (seen.get(`${turn % 7}`) ?? 0) + turn);
  createHash('sha256')
    .update(JSON.stringify(JSON.parse(text)))
    .update(`${seen.size}`)
    .digest('hex');
};

/** What one signed cookie of a request costs: it is verified, and signed anew for the answer. */
const signing = (by: CookieKeys) => (): void => {
  if (!by.verify(cookie, by.sign(cookie))) throw new Error('a signature did not verify');
};

const kernels = {
  mix,
  ours: signing(createCookieKeys([createSecretKey(keys[0]), createSecretKey(keys[1])])),
  keygrip: signing(
    new Keygrip(
      keys.map(key => key.toString('base64')),
      'sha256',
      'base64',
    ),
  ),
};
export type Kernel = keyof typeof kernels;

/** Microseconds of CPU for one turn; `millis` of wall time are spent. */
const run = (kernel: Kernel, millis: number): number => {
  const before = process.cpuUsage();
  const until = performance.now() + millis;
  let turns = 0;
  for (; performance.now() < until; turns += 1) kernels[kernel]();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / turns;
};

// compiled before it is asked: a cold kernel would say that the machine is slow
run('mix', 500);
process.on('disconnect', () => process.exit(0));
process.on('message', ({ kernel, millis }: { readonly kernel: Kernel; readonly millis: number }) => {
  process.send?.(run(kernel, millis));
});
