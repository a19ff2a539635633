/** Names the tests that the fast lane leaves out, and prints them at its end. */

/** The beginning of a path below `test/`, and the reason. */
export const leftOut = [
  ['browser/', 'starts Chromium'],
  ['threats/', 'attacks a whole system, most of them on every store'],
  ['simulator/pages.', 'starts Chromium'],
  ['web/client.', 'starts Chromium'],
  ['web/passkey-scripts.', 'starts Chromium'],
  ['web/authenticator-bundle.', 'starts server processes'],
  ['cli/', 'starts a process for each command'],
  ['examples/', 'starts development servers, Chromium and a process for each example'],
  ['protocol/', 'signs a person in two hundred times'],
  ['faults/', 'starts and kills processes'],
  ['production.', 'installs the project and starts nginx'],
  ['k8s/', 'installs the project, and runs programs of Go and Python'],
  ['conformance/redis', 'starts Redis'],
  ['conformance/mongodb', 'starts MongoDB'],
  ['flows/behind-proxies.', 'starts server processes and proxies'],
  ['bench/waiting-pages.', 'starts server processes'],
  ['bench/population.', 'starts a server process'],
  ['simulator/process.', 'starts processes'],
  ['transfer/records.', 'starts and kills processes'],
];

export default class LeftOut {
  onRunComplete() {
    const lines = leftOut.map(([path, reason]) => `  test/${path}*: ${reason}`);
    process.stdout.write(
      `Left out, with Redis and MongoDB everywhere and SQLite outside of the contracts; npm test runs them:\n${lines.join('\n')}\n`,
    );
  }
}
