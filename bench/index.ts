/** Starts every server, lets the groups take their turns, and prints one table of ratios. `--seconds N`: for all of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateSecret } from 'otplib';
import { hasRedisServer, startRedis } from '../test/support/world/redis-server.ts';
import { pinned, startChild, type Child } from './children.ts';
import { cookies, endpoints, signIns } from './costs.ts';
import type { Group, Site } from './group.ts';
import type { HouseWish } from './product.ts';
import { startServer, type Server } from './probes.ts';
import { tableOf } from './report.ts';
import { runRounds } from './rounds.ts';
import { ask } from './visitor.ts';
import { enumeration, storm } from './waits.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);
// a sign-in that has begun lasts ten minutes, and the guesses of a run share a few of them
if (!Number.isInteger(seconds) || seconds < 20 || seconds > 480) throw new RangeError('--seconds: expected 20 to 480');
/** A few seconds before the time is up: what runs must also be ended. */
const end = performance.now() + (seconds - 4) * 1000;

const people = Array.from({ length: 400 }, (_, at) => ({
  name: `person-${String(at).padStart(3, '0')}`,
  totpSecret: generateSecret({ length: 20 }),
}));

const run = async (site: Site): Promise<void> => {
  const calibrate = () => site.kernel.ask<number>({ kernel: 'mix', millis: 40 });
  let shares = 1;
  for (const build of [cookies, endpoints, signIns, enumeration, storm]) {
    const group: Group = await build(site);
    const budget = ((end - performance.now()) * group.share) / shares;
    shares -= group.share;
    const { probes, slice } = group;
    process.stdout.write(tableOf(group, await runRounds({ probes, slice, budget, calibrate })));
  }
};

const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
const redisServer = hasRedisServer() ? await startRedis() : undefined;
const running: Child[] = [];
const started = async (server: Promise<Server>): Promise<Server> => {
  const child = await server;
  running.push(child);
  return child;
};
const services = (database: string, more: Partial<HouseWish> = {}): Promise<Server> =>
  started(startServer({ kind: 'house', database, memoryKiB: 64, people, ...more }));
try {
  const kernel = startChild('kernel.ts');
  running.push(kernel);
  const redisUrl = redisServer?.url;
  const file = (name: string): string => `sqlite:${join(folder, name)}`;
  const [memory, twin, sqlite, costly, provider, redis] = await Promise.all([
    services('memory:'),
    services('memory:'),
    services(file('alone.db')),
    services('memory:', { memoryKiB: 19_456 }),
    started(startServer({ kind: 'provider' })),
    redisUrl === undefined ? undefined : services(file('with-redis.db'), { redisUrl }),
  ]);
  const body = await ask(memory.port, '/.well-known/openid-configuration');
  const http = await started(startServer({ kind: 'http', body }));
  process.stdout.write(`${pinned ? 'Servers on one core, visitors on another.' : 'NOT PINNED: expect wide bands.'}\n`);
  if (redis === undefined) process.stdout.write('No redis-server on this machine: nothing is measured on Redis.\n');
  await run({ kernel, http, provider, memory, twin, sqlite, costly, people, ...(redis && { redis }) });
} finally {
  await Promise.all(running.map(child => child.end()));
  await redisServer?.stop();
  await rm(folder, { recursive: true });
}
