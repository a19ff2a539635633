/**
 * Orders test files: the slowest first, so that the last one does not run alone. The rest by size, as Jest orders them.
 * Jest would remember times in a cache, which a clean clone does not have. The totals of a run name its slowest files.
 */
import { statSync } from 'node:fs';

/** The beginning of paths below `test/`, the slowest first. */
export const slow = [
  'browser/pages',
  'browser/methods.',
  'examples/examples',
  'browser/gone-wrong-c',
  'browser/methods-switching',
  'threats/a04',
  'simulator/pages',
  'cli/commands',
  'threats/a44-attacking',
  'production.',
  'k8s/image.',
  'faults/r07',
  'browser/',
  'web/client',
  'threats/a87',
  'threats/a88',
  'cli/',
  'faults/r24',
  'threats/replay-raced',
  'flows/several-phones',
  'threats/store-flooded',
  'threats/a99',
  'threats/a12',
  'threats/a95',
  'conformance/mongodb',
  'conformance/redis',
  'threats/a19',
  'faults/',
];

/**
 * Tests with real servers and real time, which wait for elections and timeouts, or send requests at a rate. They are spread over
 * the run: together they would miss their limits, and wait for one another.
 */
export const timed = ['faults/', 'conformance/mongodb', 'conformance/redis'];

const isBelow = (path, name) => path.includes(`/test/${name}`);
const isTimed = ({ path }) => timed.some(name => isBelow(path, name));
const rank = ({ path }) => {
  const at = slow.findIndex(name => isBelow(path, name));
  return at === -1 ? slow.length : at;
};

/** `few` in equal distances among `many`, each in its order. */
const spread = (few, many) =>
  [
    ...many.map((test, at) => ({ test, place: (at + 0.5) / many.length })),
    ...few.map((test, at) => ({ test, place: (at + 0.5) / few.length })),
  ]
    .toSorted((a, b) => a.place - b.place)
    .map(({ test }) => test);

export default class SlowestFirst {
  sort(tests) {
    const sizes = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    const sorted = tests.toSorted((a, b) => rank(a) - rank(b) || (sizes.get(b.path) ?? 0) - (sizes.get(a.path) ?? 0));
    return spread(
      sorted.filter(test => isTimed(test)),
      sorted.filter(test => !isTimed(test)),
    );
  }
  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, at) => at % shardCount === shardIndex - 1);
  }
  allFailedTests(tests) {
    return tests;
  }
  cacheResults() {}
}
