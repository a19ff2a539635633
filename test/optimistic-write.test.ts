/** Tests the one loop of optimistic writes: attempts are bounded, and only a conflict is tried again. */
import { expect, test } from '@jest/globals';
import { conflict, optimisticWrite } from '../src/optimistic-write.ts';

const losing = (times: number) => {
  const befores: number[] = [];
  const attempt = async (before: number): Promise<string | typeof conflict> => {
    befores.push(before);
    return befores.length <= times ? conflict : 'written';
  };
  return { attempt, befores };
};

test('a write that wins at once is tried once', async () => {
  const { attempt, befores } = losing(0);
  expect(await optimisticWrite(attempt, () => 'exhausted')).toBe('written');
  expect(befores).toEqual([0]);
});

test('a write that loses is tried again, and knows how often it lost', async () => {
  const { attempt, befores } = losing(3);
  expect(await optimisticWrite(attempt, () => 'exhausted')).toBe('written');
  expect(befores).toEqual([0, 1, 2, 3]);
});

test.each([
  [undefined, 16],
  [2, 2],
])('attempts end (limit %p), and the result is that of `exhausted`', async (limit, most) => {
  const { attempt, befores } = losing(100);
  expect(await optimisticWrite(attempt, () => 'exhausted', limit)).toBe('exhausted');
  expect(befores).toHaveLength(most);
});

test('an error of an attempt is not tried again', async () => {
  let attempts = 0;
  const attempt = async (): Promise<never> => {
    attempts += 1;
    throw new Error('the disk is full');
  };
  await expect(optimisticWrite(attempt, () => 'exhausted')).rejects.toThrow('the disk is full');
  expect(attempts).toBe(1);
});
