/** Prints the slowest files, and the totals in one line that programs can parse. */
import { relative } from 'node:path';

const shown = 10;

export default class Totals {
  constructor({ rootDir }) {
    this.root = rootDir;
  }
  onRunComplete(_contexts, results) {
    const slowest = results.testResults.toSorted((a, b) => b.perfStats.runtime - a.perfStats.runtime).slice(0, shown);
    if (results.testResults.length > shown) {
      const lines = slowest.map(
        ({ perfStats: { runtime }, testFilePath }) =>
          `${(runtime / 1000).toFixed(1).padStart(7)} s  ${relative(this.root, testFilePath)}`,
      );
      process.stdout.write(`Slowest files:\n${lines.join('\n')}\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
