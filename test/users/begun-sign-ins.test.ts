/** Tests the limits of begun sign-ins by address, network and known browser. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { BegunSignIns, type BegunFrom } from '../../src/users/limits/begun-sign-ins.ts';
import { visited } from '../../src/users/known-browser.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const limits = { address: 6, network: 10, device: 3, stored: 4 };
const hashKey = createSecretKey(randomBytes(32));
const knownBrowser = visited(undefined, { userId: 'ada', at: 1 });
const ok = (times: number): readonly string[] => Array<string>(times).fill('ok');

describe.each(stores)('the limits of begun sign-ins on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let begun: BegunSignIns;
  beforeEach(async () => {
    // Ten seconds past the minute.
    clock = createClock(Date.UTC(2026, 10, 2, 9, 10, 10));
    store = await open(clock);
    begun = new BegunSignIns({ ephemeral: store.shortLived.ephemeral, clock, hashKey, limits, lifetime: 600_000 });
  });
  afterEach(() => store.close());

  /** `ok`, or the limit and the seconds until the next one; a `!` marks a refusal that is logged. */
  const begin = async (from: Omit<BegunFrom, 'by'>, by: BegunFrom['by'] = 'request'): Promise<string> => {
    const admission = await begun.admit({ ...from, by });
    if (admission.ok) return 'ok';
    return `${admission.limit} ${(admission.until - clock()) / 1000}${admission.isFirst ? '!' : ''}`;
  };
  const repeated = async (times: number, from: (at: number) => Omit<BegunFrom, 'by'>): Promise<readonly string[]> => {
    const seen = [];
    for (let at = 0; at < times; at += 1) seen.push(await begin(from(at)));
    return seen;
  };

  test('an address has a limit a minute, and sign-ins beyond it do not count for the network', async () => {
    const seen = await repeated(100, () => ({ address: '203.0.113.9' }));
    expect(seen.slice(0, 8)).toEqual([...ok(6), 'address 50!', 'address 50']);
    expect(await repeated(4, () => ({ address: '203.0.113.10' }))).toEqual(ok(4));
    clock.advance(49_999);
    expect(await begin({ address: '203.0.113.9' })).toBe('address 0.001');
    clock.advance(1);
    expect(await begin({ address: '203.0.113.9' })).toBe('ok');
  });

  test('a network has a limit a minute over all its addresses', async () => {
    const seen = await repeated(12, at => ({ address: `203.0.113.${at}` }));
    expect(seen).toEqual([...ok(10), 'network 50!', 'network 50']);
    expect(await begin({ address: '203.0.114.1' })).toBe('ok');
  });

  test('all addresses of an IPv6 subscriber count as one', async () => {
    const seen = await repeated(7, at => ({ address: `2001:db8:0:1::${at}` }));
    expect(seen).toEqual([...ok(6), 'address 50!']);
  });

  test('a known browser has a limit of its own, whatever comes from its address', async () => {
    await repeated(40, () => ({ address: '203.0.113.9' }));
    const seen = await repeated(5, () => ({ address: '203.0.113.9', knownBrowser }));
    expect(seen).toEqual([...ok(3), 'device 50!', 'device 50']);
    const other = visited(undefined, { userId: 'ada', at: 1 });
    expect(await begin({ address: '203.0.113.9', knownBrowser: other })).toBe('ok');
  });

  test('pushed requests and those of browsers are counted apart', async () => {
    await repeated(7, () => ({ address: '203.0.113.9' }));
    expect(await begin({ address: '203.0.113.9' }, 'pushed')).toBe('ok');
  });

  test('parallel sign-ins share the limit, on two nodes too, and only one refusal is the first', async () => {
    const { ephemeral } = (await store.reopen()).shortLived;
    const nodes = [begun, new BegunSignIns({ ephemeral, clock, hashKey, limits, lifetime: 600_000 })];
    const all = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => nodes[at % 2]?.admit({ by: 'request', address: '203.0.113.9' })),
    );
    expect(all.filter(each => each?.ok)).toHaveLength(6);
    expect(all.filter(each => each?.ok === false && each.isFirst)).toHaveLength(1);
  });
});
