/** Names the tests that the fast lane leaves out, and prints them at its end. */

/**
 * The beginning of a path below `test/`, the reason, and the files below it that stay.
 * @type {readonly (readonly [path: string, reason: string, kept?: readonly string[]])[]}
 */
export const leftOut = [
  ['architecture/', 'npm run check runs them'],
  ['bench/', 'tests of what measures'],
  ['portals/', 'whole visits of the security page and the developer portal'],
  [
    'flows/',
    'whole sign-ins by single methods',
    ['sign-in', 'conversation', 'two-tabs', 'enrollment', 'methods', 'tokens', 'bad-input', 'last-redirect', 'routing'],
  ],
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
  ['simulator/process.', 'starts processes'],
  ['transfer/records.', 'starts and kills processes'],
];

export default class LeftOut {
  onRunComplete() {
    const lines = leftOut.map(
      ([path, reason, kept = []]) =>
        `  test/${path}*${kept.length > 0 ? `, except ${kept.join(', ')}` : ''}: ${reason}`,
    );
    process.stdout.write(
      `Left out, with Redis and MongoDB everywhere and SQLite outside of the contracts; npm test runs them:\n${lines.join('\n')}\n`,
    );
  }
}
