/** Prints the slowest files, the tests that needed a second attempt, and the totals in one line that programs can parse. */
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
    const secondAttempts = results.testResults.flatMap(({ testFilePath, testResults }) =>
      testResults
        .filter(({ invocations = 1, status }) => invocations > 1 && status === 'passed')
        .map(({ fullName }) => `  ${relative(this.root, testFilePath)}: ${fullName}`),
    );
    if (secondAttempts.length > 0) {
      process.stdout.write(`Passed at the second attempt only (ADR 0051):\n${secondAttempts.join('\n')}\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
