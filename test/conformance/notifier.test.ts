/** Tests the contract of notifiers: subscribers on every node are notified, and no longer after they unsubscribe. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notifier } from '../../src/ports/stores.ts';
import { createClock } from '../support/world/clock.ts';
import { loneSurrogates, oddStrings } from '../support/hostile/odd-strings.ts';
import { shortLivedStores, type OpenStore } from '../support/world/stores.ts';

/** A subscriber: `next` resolves at the next notification, and `rings` counts them. */
const listener = () => {
  let wake = Promise.withResolvers<void>();
  const hears = {
    rings: 0,
    next: () => wake.promise,
    onRing: () => {
      hears.rings += 1;
      wake.resolve();
      wake = Promise.withResolvers();
    },
  };
  return hears;
};

describe.each(shortLivedStores())('the notifier of $name', ({ open }) => {
  let store: OpenStore;
  let here: Notifier;
  let there: Notifier;

  beforeEach(async () => {
    store = await open(createClock());
    here = store.shortLived.notifier;
    there = (await store.reopen()).shortLived.notifier;
  });
  afterEach(() => store.close());

  test('reaches subscribers on this node and on the other', async () => {
    const [one, other] = [listener(), listener()];
    await here.subscribe('a', one.onRing);
    await there.subscribe('a', other.onRing);
    const woken = [one.next(), other.next()];
    await here.publish('a');
    await Promise.all(woken);
    const again = [one.next(), other.next()];
    await there.publish('a');
    await Promise.all(again);
    expect([one.rings, other.rings]).toEqual([2, 2]);
  });

  test('does not reach subscribers of another topic', async () => {
    const [one, other] = [listener(), listener()];
    await here.subscribe('a', one.onRing);
    await here.subscribe('b', other.onRing);
    const woken = other.next();
    await here.publish('a');
    await here.publish('ab');
    // Notifications of one node arrive in order: after this one, the others have arrived too.
    await here.publish('b');
    await woken;
    expect([one.rings, other.rings]).toEqual([1, 1]);
  });

  test('does not reach a subscriber that has unsubscribed, and still reaches the others', async () => {
    const [one, other] = [listener(), listener()];
    const stop = await here.subscribe('a', one.onRing);
    await here.subscribe('a', other.onRing);
    stop();
    stop();
    const woken = other.next();
    await there.publish('a');
    await woken;
    expect([one.rings, other.rings]).toEqual([0, 1]);
  });

  test('reaches a new subscriber after all others unsubscribed', async () => {
    const one = listener();
    (await here.subscribe('a', one.onRing))();
    await here.subscribe('a', one.onRing);
    const woken = one.next();
    await there.publish('a');
    await woken;
    expect(one.rings).toBe(1);
  });

  test('reaches a subscriber once for each of its subscriptions', async () => {
    const [twice, last] = [listener(), listener()];
    const stop = await here.subscribe('a', twice.onRing);
    await here.subscribe('a', twice.onRing);
    await here.subscribe('a', last.onRing);
    const woken = last.next();
    await here.publish('a');
    await woken;
    stop();
    const wokenAgain = last.next();
    await here.publish('a');
    await wokenAgain;
    expect(twice.rings).toBe(3);
  });

  test('accepts a message on a topic without subscribers', async () => {
    await expect(here.publish('nobody')).resolves.toBeUndefined();
  });

  test('takes any well-formed text as a topic', async () => {
    const counts = oddStrings.map(() => 0);
    const all = Promise.withResolvers<void>();
    for (const [place, topic] of oddStrings.entries()) {
      await here.subscribe(topic, () => {
        counts[place] = (counts[place] ?? 0) + 1;
        if (counts.every(count => count > 0)) all.resolve();
      });
    }
    for (const topic of oddStrings) await there.publish(topic);
    await all.promise;
    expect(counts).toEqual(oddStrings.map(() => 1));
  });

  test.each(loneSurrogates)('refuses a topic with a lone surrogate (%j)', async topic => {
    await expect(here.publish(topic)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(here.subscribe(topic, () => {})).rejects.toMatchObject({ code: 'bad-request' });
  });
});
