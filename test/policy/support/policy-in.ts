/** Reads policies for tests. A mistake in one is a failure of the test. */
import { readPolicy, type PolicyFile } from '../../../src/policy/read.ts';
import type { Policy } from '../../../src/policy/policy.ts';

export const policyFileIn = (text: string): PolicyFile => {
  const read = readPolicy(text);
  if (read.ok) return read.file;
  throw new Error(read.faults.map(({ at, got, expected }) => `${at}: got ${got}, expected ${expected}`).join('\n'));
};

export const policyIn = (text: string): Policy => policyFileIn(text).policy;
