/** Tests how what waits hears of changes, and when it reads again without hearing of one. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Changes } from '../src/changes.ts';
import { createInProcessNotifier } from '../src/in-process-notifier.ts';
import { createClock, type TestClock } from './support/world/clock.ts';

let clock: TestClock;
let notifier: ReturnType<typeof createInProcessNotifier>;
let silence: number;
let timers: (() => void)[];
let changes: Changes;
/** Lets the timer run for a while. */
const run = (seconds: number): void => {
  for (let look = 0; look < seconds; look += 1) for (const each of timers) each();
};
/** What a wait has led to so far. */
const outcome = async (wait: Promise<boolean>): Promise<boolean | 'waits'> =>
  Promise.race([wait, new Promise<'waits'>(resolve => setImmediate(() => resolve('waits')))]);
const never = new AbortController().signal;

beforeEach(() => {
  clock = createClock();
  notifier = createInProcessNotifier();
  silence = 30_000;
  timers = [];
  changes = new Changes({
    notifier: { subscribe: (topic, onMessage) => notifier.subscribe(topic, onMessage), rereadAfter: () => silence },
    clock,
    repeat(_, look) {
      timers.push(look);
      return () => {
        timers = timers.filter(each => each !== look);
      };
    },
  });
});

describe('one that follows topics', () => {
  test('hears of a change on each of them, also of one during its reading, and of several at once only one time', async () => {
    const following = await changes.follow(['a', 'b'], never);
    const first = following.outdated();
    expect(await outcome(first)).toBe('waits');
    await notifier.publish('b');
    expect(await outcome(first)).toBe(true);
    await notifier.publish('a');
    await notifier.publish('b');
    await notifier.publish('another');
    await new Promise(setImmediate);
    expect(await outcome(following.outdated())).toBe(true);
    const second = following.outdated();
    expect(await outcome(second)).toBe('waits');
    following.end();
    await notifier.publish('a');
    expect(await outcome(second)).toBe('waits');
  });

  test('reads again after the silence that the notifier allows now, also where that became shorter meanwhile', async () => {
    const following = await changes.follow(['a'], never);
    const long = following.outdated();
    run(29);
    expect(await outcome(long)).toBe('waits');
    run(1);
    expect(await outcome(long)).toBe(false);
    const short = following.outdated();
    run(5);
    expect(await outcome(short)).toBe('waits');
    silence = 5000;
    run(1);
    expect(await outcome(short)).toBe(false);
    const after = following.outdated();
    run(4);
    expect(await outcome(after)).toBe('waits');
    run(1);
    expect(await outcome(after)).toBe(false);
  });

  test('reads again once the clock has passed the moment up to which its reading counts', async () => {
    const following = await changes.follow(['a'], never);
    const wait = following.outdated(clock() + 1000);
    clock.advance(1000);
    run(1);
    expect(await outcome(wait)).toBe('waits');
    clock.advance(1);
    run(1);
    expect(await outcome(wait)).toBe(false);
    run(29);
    expect(await outcome(following.outdated())).toBe('waits');
  });

  test('ends its wait where the signal aborts, and waits no more', async () => {
    const stop = new AbortController();
    const following = await changes.follow(['a'], stop.signal);
    const wait = following.outdated();
    stop.abort();
    expect(await outcome(wait)).toBe(false);
    expect(await outcome(following.outdated())).toBe(false);
  });
});

test('many share one timer, their readings are spread, each comes in time, and the timer ends with the last', async () => {
  const all = await Promise.all(Array.from({ length: 300 }, () => changes.follow(['a'], never)));
  expect(timers).toHaveLength(1);
  let [read, most] = [0, 0];
  const began = all.map(each => each.outdated().then(() => (read += 1)));
  run(29);
  for (let looks = 0; looks < 15; looks += 1) {
    const before = read;
    run(1);
    await new Promise(setImmediate);
    most = Math.max(most, read - before);
  }
  await Promise.all(began);
  expect([read, most]).toEqual([300, 20]);
  for (const each of all) each.end();
  expect(timers).toHaveLength(0);
});
