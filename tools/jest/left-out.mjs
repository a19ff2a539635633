/** Names the tests that the fast lane leaves out, and prints them at its end. */
/** The beginning of a path below `test/`, and the reason. */
export const leftOut = [
  ['browser/', 'starts Chromium'],
  ['simulator/pages.', 'starts Chromium'],
  ['web/client.', 'starts Chromium'],
  ['threats/a44-attacking-page.', 'starts Chromium'],
  ['threats/a45-', 'starts Chromium'],
  ['threats/a87-', 'starts Chromium'],
  ['threats/a88-', 'starts Chromium'],
  ['threats/a04-', 'walks 10,000 random ways'],
  ['threats/a78-', 'restarts over a store that lasts'],
  ['cli/', 'starts a process for each command'],
  ['faults/', 'starts and kills processes'],
  ['conformance/redis.', 'starts Redis'],
];

export default class LeftOut {
  onRunComplete() {
    const lines = leftOut.map(([path, reason]) => `  test/${path}*: ${reason}`);
    process.stdout.write(
      `Left out, with Redis everywhere and SQLite outside of the contracts; npm test runs them:\n${lines.join('\n')}\n`,
    );
  }
}
