/** Orders test files: the slowest first, so that the last one does not run alone. The rest by size, as Jest orders them. */
import { statSync } from 'node:fs';

const slow = [
  'browser/pages',
  'threats/a04',
  'browser/methods',
  'browser/gone-wrong',
  'web/client',
  'threats/a88',
  'faults/r24',
  'threats/a44-attacking',
  'simulator/pages',
  'browser/',
  'cli/',
];

const rank = ({ path }) => {
  const at = slow.findIndex(name => path.includes(`/test/${name}`));
  return at === -1 ? slow.length : at;
};

export default class SlowestFirst {
  sort(tests) {
    const sizes = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    return tests.toSorted((a, b) => rank(a) - rank(b) || (sizes.get(b.path) ?? 0) - (sizes.get(a.path) ?? 0));
  }
  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, at) => at % shardCount === shardIndex - 1);
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
}
