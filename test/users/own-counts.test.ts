/** Tests that the first attempts of a process take one step, and that an address beyond its limit still charges nobody else. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openMemoryShortLived } from '../../adapters/memory.ts';
import type { Ephemeral, Key } from '../../src/ports/stores.ts';
import { BegunSignIns } from '../../src/users/limits/begun-sign-ins.ts';
import { OwnCounts } from '../../src/users/limits/own-counts.ts';
import { PasswordLimits } from '../../src/users/limits/password-limits.ts';
import { createClock } from '../support/world/clock.ts';

const address = '192.0.2.1';
const clock = createClock();
const hashKey = createSecretKey(randomBytes(32));

describe('counters of one step', () => {
  let ephemeral: Ephemeral;
  let steps: number[];
  beforeEach(() => {
    ({ ephemeral } = openMemoryShortLived({ clock }));
    steps = [];
  });
  const counted = (): Ephemeral => ({
    ...ephemeral,
    async incrementMany(counters) {
      steps.push(counters.length);
      return ephemeral.incrementMany(counters);
    },
  });

  test('are counted together while this process has used a tenth of the first limit, and then one after the other', async () => {
    const limits = { device: 100, address: 20, network: 100, stored: 10 };
    const begun = new BegunSignIns({ ephemeral: counted(), clock, hashKey, limits, lifetime: 60_000 });
    for (let turn = 0; turn < 4; turn += 1)
      expect(await begun.admit({ by: 'request', address })).toMatchObject({ ok: true });
    expect(steps).toEqual([2, 2, 1, 1, 1, 1]);
  });

  test('of a node that has seen no attempt refuse what others have used up, and charge no network for it', async () => {
    const limits = { device: 100, address: 20, network: 21, stored: 10 };
    const nodes = [0, 1].map(
      () => new BegunSignIns({ ephemeral: counted(), clock, hashKey, limits, lifetime: 60_000 }),
    );
    const [one, other] = nodes;
    for (let turn = 0; turn < 20; turn += 1)
      expect(await one?.admit({ by: 'request', address })).toMatchObject({ ok: true });
    expect(await other?.admit({ by: 'request', address })).toMatchObject({ ok: false, limit: 'address' });
    // Of the network one is left, for somebody at another address.
    expect(await one?.admit({ by: 'request', address: '192.0.2.2' })).toMatchObject({ ok: true });
  });

  test('of a password charge the address once for a name, also where two nodes see its first attempts', async () => {
    const limits = { account: 100, device: 10, address: 30, network: 3 };
    const nodes = [0, 1].map(() => new PasswordLimits({ ephemeral: counted(), clock, hashKey, limits }));
    for (const node of [...nodes, ...nodes])
      expect(await node.admit({ name: 'ada', address })).toMatchObject({ ok: true });
    expect(steps).toEqual([5, 5, 2, 1, 2, 1]);
    for (const name of ['grace', 'noor']) expect(await nodes[0]?.admit({ name, address })).toMatchObject({ ok: true });
    expect(await nodes[0]?.admit({ name: 'linus', address })).toMatchObject({ ok: false, limit: 'network' });
  });

  test('are remembered for so many keys at most', () => {
    const own = new OwnCounts();
    const [first, ...others] = Array.from({ length: 5001 }, (_, at): Key<number> => `counter ${at}`);
    expect([own.add(first ?? ''), own.add(first ?? '')]).toEqual([1, 2]);
    for (const each of others) own.add(each);
    expect(own.add(first ?? '')).toBe(1);
  });
});
