/** Reads policies for tests. A mistake in one is a failure of the test. */
import type { Policy } from '../../../src/policy/policy.ts';
import { readPolicy } from '../../../src/policy/read.ts';

export const policyIn = (text: string): Policy => {
  const read = readPolicy(text);
  if (read.ok) return read.value.policy;
  throw new Error(read.faults.map(({ at, got, expected }) => `${at}: got ${got}, expected ${expected}`).join('\n'));
};
