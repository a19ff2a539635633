/** Tests that a running node uses new keys, by message and without one, and keeps its own where they cannot be read. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { openMemoryShortLived } from '../../adapters/memory.ts';
import { Problem } from '../../src/errors.ts';
import { followKeys } from '../../src/keys/follow.ts';
import { keysTopic } from '../../src/keys/rotation.ts';
import type { KeySet } from '../../src/keys/rings.ts';
import { silentLog } from '../../src/log.ts';
import type { KeyRing } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';

const ringWith = (kid: string): readonly KeyRing[] => [
  { id: 'signing:ES256', rev: 1, keys: [{ kid, state: 'current', publishedAt: 0, sealed: '' }] },
];
const keySet: KeySet = { signingKeys: [], cookieKeys: [createSecretKey(randomBytes(32))], version: '' };

let clock: TestClock;
let stored: readonly KeyRing[] | Problem;
let used: number;
let failures: string[];
let building: Promise<void>;
beforeEach(() => {
  clock = createClock();
  stored = ringWith('a');
  used = 0;
  failures = [];
  building = Promise.resolve();
});

const follow = async () => {
  const { notifier } = openMemoryShortLived({ clock });
  const stop = await followKeys({
    keys: {
      applyDue: async () => {
        if (stored instanceof Problem) throw stored;
        return stored;
      },
      open: () => keySet,
    },
    version: 'signing:ES256=a',
    notifier,
    schedule: clock.after,
    clock,
    log: { ...silentLog, error: event => void failures.push(event) },
    use: async () => {
      await building;
      used += 1;
    },
  });
  return { notifier, stop };
};
const seconds = async (count: number): Promise<void> => {
  clock.advance(count * 1000);
  await clock.fired();
};

test('a node builds no new routes for the keys that it uses already', async () => {
  await follow();
  await seconds(5);
  await seconds(5);
  expect(used).toBe(0);
});

test('other keys are used five seconds later without a message, and once', async () => {
  await follow();
  stored = ringWith('b');
  await seconds(4);
  expect(used).toBe(0);
  await seconds(1);
  await seconds(5);
  expect(used).toBe(1);
});

test('a message lets a node read at once', async () => {
  const { notifier } = await follow();
  stored = ringWith('b');
  await notifier.publish(keysTopic);
  await seconds(0);
  await new Promise(setImmediate);
  expect(used).toBe(1);
});

test('a node whose keys cannot be read goes on, says so once, and follows later', async () => {
  await follow();
  stored = new Problem('unavailable', 'the disk is full');
  await seconds(5);
  await seconds(5);
  expect([used, failures]).toEqual([0, ['keys.not-read']]);
  stored = ringWith('b');
  await seconds(5);
  expect(used).toBe(1);
});

test('routes that could not be built are built at the next reading', async () => {
  await follow();
  stored = ringWith('b');
  building = Promise.reject(new Error('no discovery'));
  await seconds(5);
  building = Promise.resolve();
  await seconds(5);
  expect([used, failures]).toEqual([1, ['keys.not-read']]);
});

test('a stopped node reads no more', async () => {
  const { stop } = await follow();
  stop();
  stored = ringWith('b');
  await seconds(60);
  expect([used, clock.waiting()]).toEqual([0, 0]);
});
