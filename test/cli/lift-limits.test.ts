/** Tests what "Start over" lifts in the store of a development environment. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { liftLimits } from '../../cli/dev/lift-limits.ts';
import { keys } from '../../src/mfa/challenge-state/keys.ts';
import { dailySendsKind, failedAttemptsKind, pushRequestsKind, userKind, type User } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores.filter(({ name }) => name !== 'redis'))('start over on $name', ({ open }) => {
  const clock = createClock();
  let store: OpenStore;
  beforeEach(async () => {
    store = await open(clock);
  });
  afterEach(() => store.close());

  const ada: User = {
    id: 'ada',
    rev: 1,
    name: 'ada',
    signInNames: ['ada'],
    displayName: 'Ada',
    createdAt: clock(),
    authenticators: [],
    pausedUntil: clock() + 3_600_000,
  };

  test('lifts pauses, failed attempts, the sends of a day and the requests to devices, more than one page of them, and nothing else', async () => {
    const { durable } = store;
    const [users, attempts] = [durable.collection(userKind), durable.collection(failedAttemptsKind)];
    const sends = durable.collection(dailySendsKind);
    const pushes = durable.collection(pushRequestsKind);
    await users.insert(ada);
    const asked = { id: 'challenge', at: clock(), until: clock() + 60_000 };
    await pushes.insert({ id: ada.id, rev: 1, requests: [asked, asked, asked] });
    for (let n = 0; n < 150; n += 1) {
      await attempts.insert({ id: `u${n}:totp`, rev: 1, count: 7, notBefore: clock() + 60_000 });
      await sends.insert({ id: `d${n}`, rev: 1, spent: 5, sent: 5, endsAt: clock() + 60_000 });
    }
    await liftLimits(store);
    expect(await attempts.find({})).toEqual([]);
    expect(await sends.find({})).toEqual([]);
    expect(await pushes.find({})).toEqual([]);
    expect(await users.find({})).toEqual([{ ...ada, rev: 2, pausedUntil: 0 }]);
  });

  test('a call that rings when the simulator forgets its calls does not hinder the next one', async () => {
    const { ephemeral } = store.shortLived;
    await store.durable.collection(userKind).insert(ada);
    await ephemeral.put(keys.ringing('ada'), 'challenge of the forgotten call', 600_000);
    await ephemeral.put(keys.ringing('somebody else'), 'a call', 600_000);
    await liftLimits(store);
    expect(await ephemeral.setIfAbsent(keys.ringing('ada'), 'next challenge', 600_000)).toBe(true);
    expect(await ephemeral.get(keys.ringing('somebody else'))).toBe('a call');
  });
});
