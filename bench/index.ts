/**
 * Starts every server, runs the groups one after another, and prints tables of ratios. `--seconds N` is the total time.
 * `--import` measures an import of people instead, `--waiting` pages that wait for a phone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateSecret } from 'otplib';
import { hasRedisServer, startRedis } from '../test/support/world/redis-server.ts';
import { pinProcesses, startChild, type Child } from './children.ts';
import { cookies, endpoints, signIns } from './costs.ts';
import type { BenchSetup, Group } from './group.ts';
import { startServer, type Server } from './probes.ts';
import { tableOf } from './report.ts';
import { runRounds } from './rounds.ts';
import { ask } from './requests.ts';
import { measureImport } from './people-import.ts';
import type { ProductSpec } from './server-spec.ts';
import { measureWaitingPages } from './waiting-pages.ts';
import { waitingReport } from './waiting-report.ts';
import { tokensWhileHashing, userEnumeration } from './waits.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    import: { type: 'boolean', default: false },
    waiting: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
// A sign-in ends after ten minutes, and the wrong passwords of a run are tried in a few that began at its start.
if (!Number.isInteger(seconds) || seconds < 20 || seconds > 480) throw new RangeError('--seconds: expected 20 to 480');
/** Leaves a few seconds to stop the processes. */
const deadline = performance.now() + (seconds - 4) * 1000;

const people = Array.from({ length: 400 }, (_, at) => ({
  name: `person-${String(at).padStart(3, '0')}`,
  totpSecret: generateSecret({ length: 20 }),
}));

const run = async (setup: BenchSetup): Promise<void> => {
  const calibrate = () => setup.cpuJobs.ask<number>({ job: 'reference', millis: 40 });
  let shares = 1;
  for (const build of [cookies, endpoints, signIns, userEnumeration, tokensWhileHashing]) {
    const group: Group = await build(setup);
    const budget = ((deadline - performance.now()) * group.share) / shares;
    shares -= group.share;
    const { probes, slice } = group;
    process.stdout.write(tableOf(group, await runRounds({ probes, slice, budget, calibrate })));
  }
};

const pinned = pinProcesses();
const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
if (values.import || values.waiting) {
  setTimeout(() => {
    throw new Error('not finished after 20 minutes');
  }, 1_200_000).unref();
  try {
    process.stdout.write(
      values.import ? await measureImport(folder) : waitingReport(await measureWaitingPages(folder)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
  process.exit();
}
const redisServer = hasRedisServer() ? await startRedis() : undefined;
const running: Child[] = [];
const started = async (server: Promise<Server>): Promise<Server> => {
  const child = await server;
  running.push(child);
  return child;
};
const product = (database: string, more: Partial<ProductSpec> = {}): Promise<Server> =>
  started(startServer({ kind: 'product', database, memoryKiB: 64, people, ...more }));
try {
  const cpuJobs = startChild('cpu-jobs.ts');
  running.push(cpuJobs);
  const redisUrl = redisServer?.url;
  const file = (name: string): string => `sqlite:${join(folder, name)}`;
  const [memory, secondMemory, sqlite, fullCostHash, provider, redis] = await Promise.all([
    product('memory:'),
    product('memory:'),
    product(file('alone.db')),
    product('memory:', { memoryKiB: 19_456 }),
    started(startServer({ kind: 'provider' })),
    redisUrl === undefined ? undefined : product(file('with-redis.db'), { redisUrl }),
  ]);
  const body = await ask(memory.port, '/.well-known/openid-configuration');
  const http = await started(startServer({ kind: 'http', body }));
  process.stdout.write(
    `${pinned ? 'Servers on one core, load generator on another.' : 'NOT PINNED: expect wide bands.'}\n`,
  );
  if (redis === undefined) process.stdout.write('No redis-server on this machine: Redis is not measured.\n');
  await run({ cpuJobs, http, provider, memory, secondMemory, sqlite, fullCostHash, people, ...(redis && { redis }) });
} finally {
  await Promise.all(running.map(child => child.end()));
  await redisServer?.stop();
  await rm(folder, { recursive: true });
}
