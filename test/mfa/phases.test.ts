/** Tests that the stored steps of a challenge are swapped, never overwritten: of many writers that read the same one wins. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestMfa, createWordFactor, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
const resends = (count: number, taken: number) => ({ of: 'id', count, at: 0, taken, newest: 'id' });

describe.each(stores)('a challenge on $name', ({ open }) => {
  const clock = createClock();
  let store: OpenStore;
  let nodes: readonly ReturnType<typeof createTestMfa>[];
  beforeEach(async () => {
    store = await open(clock);
    nodes = [store, await store.reopen()].map(node => createTestMfa(node, { clock, factors: [createWordFactor()] }));
  });
  afterEach(() => store.close());

  test('of sixteen that pass or end it, having read that it is pending, one wins, and its phase stays', async () => {
    const [mfa] = nodes;
    if (mfa === undefined) throw new Error('no node');
    const { user } = await mfa.person('ada', [{ type: 'word', data: { word: 'open', used: 0 } }]);
    await mfa.challenges.begin({ userId: user.id, factor: 'word' }, 'uid', requestContextOf(user));
    const read = await mfa.store.loadCurrent('uid');
    if (read === undefined) throw new Error('no challenge');
    const facts = { authenticator: user.authenticators[0] ?? '', amr: ['otp'], acr: 'aal2' } as const;
    const wins = await Promise.all(
      Array.from({ length: 16 }, async (_, at) => {
        const { store: challenges } = nodes[at % 2] ?? mfa;
        if (at % 3 === 0) return challenges.pass(read, facts);
        return challenges.swapPhase(read.record, read.phase, { name: 'ended', at: at + 1, reason: 'cancelled' });
      }),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    const winner = wins.indexOf(true);
    expect(await mfa.store.phase(read.record)).toMatchObject(
      winner % 3 === 0 ? { name: 'passed' } : { name: 'ended', at: winner + 1 },
    );
  });

  test('of sixteen resends from the same reading one is reserved, first and later', async () => {
    let was: ReturnType<typeof resends> | undefined;
    for (const count of [1, 2]) {
      const read = was;
      const wins = await Promise.all(
        Array.from({ length: 16 }, async (_, at) => nodes[at % 2]?.store.swapResends('uid', read, resends(count, at))),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
      was = resends(count, wins.indexOf(true));
    }
  });

  test('of sixteen answers that burn the same reading of an authenticator one succeeds', async () => {
    const [mfa] = nodes;
    if (mfa === undefined) throw new Error('no node');
    const { user } = await mfa.person('ada', [{ type: 'totp', data: { secret: 'A', lastStep: 7 } }]);
    const [app] = await mfa.stored.of(user);
    if (app === undefined) throw new Error('no app');
    const wins = await Promise.all(
      Array.from({ length: 16 }, async (_, at) =>
        nodes[at % 2]?.authenticatorData.burn(app, { secret: 'A', lastStep: 8 + at }, 'totp'),
      ),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    // Nor does one that comes later.
    expect(await mfa.authenticatorData.burn(app, { secret: 'A', lastStep: 99 }, 'totp')).toBe(false);
    const [now] = await mfa.stored.of(user);
    expect(now).toMatchObject({ rev: app.rev + 1, data: { lastStep: 8 + wins.indexOf(true) } });
  });
});
