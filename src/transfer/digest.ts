/** Computes digests of documents. Members are sorted, because stores may return them in another order. */
import { createHash } from 'node:crypto';
import type { Sum } from './format.ts';

/** JSON with sorted members: the same text for the same value from any store. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_member: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(byName))
    : value;
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : Number(a > b);

/** Counts and digests the documents of one kind, in the order of their ids. */
export interface Summing {
  add(canonical: string): void;
  sum(): Sum;
}

/** A sum without documents. `add` takes the canonical JSON of a document. */
export const startSum = (): Summing => {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add(canonical) {
      hash.update(`${canonical}\n`);
      count += 1;
    },
    sum: () => ({ count, sha256: hash.copy().digest('base64url') }),
  };
};
