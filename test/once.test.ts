/** Tests that a step runs once for all callers, and again only after a failure. */
import { expect, test } from '@jest/globals';
import { once } from '../src/once.ts';

test('callers at the same time and later ones share one run', async () => {
  let runs = 0;
  const open = once(async () => {
    runs += 1;
    return runs;
  });
  expect(await Promise.all([open(), open()])).toEqual([1, 1]);
  expect(await open()).toBe(1);
});

test('after a failure the next call runs the step again', async () => {
  const outcomes = [new Error('down'), 'open'];
  const open = once(async () => {
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  const failed = await Promise.allSettled([open(), open()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await open()).toBe('open');
  expect(await open()).toBe('open');
});
