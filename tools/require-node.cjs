/**
 * Ends a start by an older Node, whose own message would be about a file extension. Plain JavaScript, because that Node cannot
 * read TypeScript.
 */
const { engines } = require('../package.json');

const needed = Number(/\d+/.exec(engines.node)?.[0]);
if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(
    `Node ${needed} or newer is needed, this is ${process.versions.node}. 'npm ci' installs one for Linux on x64 and arm64, and 'npm run serve' uses it.\n`,
  );
  process.exit(1);
}
