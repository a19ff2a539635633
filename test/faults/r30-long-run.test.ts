/**
 * R30. A process that runs for long neither grows nor collects handles, and one that stalls for seconds goes on: its liveness depends
 * on the event loop alone, so that only a true hang is a reason to restart it.
 * Guards: `server/endpoints/health.ts#healthRoutes`, `src/http/event-streams.ts#createStreams`, `server/overload.ts#guardOverload`.
 * Takes some seconds; ten minutes in `npm run test:faults`, which prints the slope of the memory.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser } from '../support/browser/plain.ts';
import { amount, isFull } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { openEvents } from './support/site/events.ts';
import { atRate } from './support/site/load.ts';
import { eventually, pause, statusAt, type SiteNode } from './support/site/nodes.ts';

const seconds = amount({ test: 6, full: 600 });
const signInsPerSecond = 3;
const sampleEvery = amount({ test: 200, full: 2_000 });
/** Sockets of a proxy and of people come and go. */
const mostNewHandles = 24;
/** In ten minutes, after the first third, in which code is compiled and caches fill. */
const mostGrowth = 16;
/** More than a node begins at once, and more streams than a page may have open. */
const many = { begun: 100, streams: 12 };
const stall = 3_000;

const suite = hasProxy('haproxy') ? describe : describe.skip;

interface Reading {
  /** Seconds since the begin. */
  readonly at: number;
  readonly mebibytes: number;
  readonly handles: number;
}

const read = (node: SiteNode, since: number): Reading => {
  const { pid } = node.life.program.child;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    at: (Date.now() - since) / 1000,
    mebibytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Slope of the line of least squares, a second. */
const slopeOf = (readings: readonly Reading[]): number => {
  const [x, y] = [mean(readings.map(({ at }) => at)), mean(readings.map(({ mebibytes }) => mebibytes))];
  const over = mean(readings.map(({ at }) => (at - x) ** 2));
  return mean(readings.map(({ at, mebibytes }) => (at - x) * (mebibytes - y))) / over;
};

const third = (readings: readonly Reading[], which: 1 | 2 | 3): readonly Reading[] =>
  readings.slice(Math.floor((readings.length * (which - 1)) / 3), Math.floor((readings.length * which) / 3));
const least = (readings: readonly Reading[], of: 'mebibytes' | 'handles'): number =>
  Math.min(...readings.map(reading => reading[of]));

suite('R30 a process that runs for long', () => {
  let site: Site;
  let node: SiteNode;
  beforeAll(async () => {
    site = await startSite({ nodes: 1, carrier: true });
    [node] = site.nodes as readonly [SiteNode];
  });
  afterAll(() => site.close());

  test('R30 neither grows nor collects handles under sign-ins', async () => {
    const began = Date.now();
    const readings: Reading[] = [];
    const sampling = setInterval(() => readings.push(read(node, began)), sampleEvery);
    const outcomes = await atRate({ perSecond: signInsPerSecond, total: seconds * signInsPerSecond }, async () => {
      const [person] = await site.addPeople(1);
      return site.signIn(person as NonNullable<typeof person>);
    });
    clearInterval(sampling);
    expect(outcomes.filter(({ outcome }) => outcome.claims === undefined)).toEqual([]);
    const [second, last] = [third(readings, 2), third(readings, 3)];
    const growth = least(last, 'mebibytes') - least(second, 'mebibytes');
    const hourly = slopeOf([...second, ...last]) * 3_600;
    process.stderr.write(
      `R30: ${outcomes.length} sign-ins in ${seconds} s, ${least(last, 'mebibytes').toFixed(0)} MiB, ` +
        `grown by ${growth.toFixed(1)} MiB, slope ${hourly.toFixed(1)} MiB an hour, ${least(last, 'handles')} handles\n`,
    );
    expect(least(last, 'handles') - least(second, 'handles')).toBeLessThan(mostNewHandles);
    // A few seconds after the start the heap still grows to its usual size.
    expect(isFull ? growth : 0).toBeLessThan(mostGrowth);
  });

  test('R30 gives the room of each answered request and of each stream that was left to the next', async () => {
    const browser = new Browser(site.place);
    const begun = new Set<number>();
    for (let left = many.begun; left > 0; left -= 1) begun.add((await browser.go('/auth')).status);
    expect(begun).toEqual(new Set([400]));
    const [person] = await site.addPeople(1, 'call');
    const visitor = site.visitor(person as NonNullable<typeof person>);
    const waiting = await visitor.untilCalled();
    const before = read(node, Date.now()).handles;
    // A proxy tells the node that a stream was left only when the next heartbeat comes.
    const near = { ...site, place: { ...site.place, ports: [node.port] } };
    for (let left = many.streams; left > 0; left -= 1) {
      // The node may learn a moment later that the one before was left.
      await eventually('a stream', async () => {
        const events = await openEvents(near, visitor, waiting);
        events.leave();
        return events.status === 200;
      });
    }
    await eventually('the handles are given back', () => read(node, Date.now()).handles < before + mostNewHandles);
  });

  test('R30 answers its probes after a stall of seconds, and the sign-ins that met it end', async () => {
    const [person] = await site.addPeople(1);
    const { pid } = node.life.program.child;
    const signIn = site.signIn(person as NonNullable<typeof person>);
    await pause(20);
    node.freeze();
    await pause(stall);
    node.resume();
    expect(await statusAt(node.port, '/healthz')).toBe(200);
    expect(await statusAt(node.port, '/readyz')).toBe(200);
    expect((await signIn).claims).toBeDefined();
    // It was not restarted, and did not end itself.
    expect([node.isRunning, node.life.program.child.pid]).toEqual([true, pid]);
    expect(await site.violations()).toEqual([]);
  });
});
