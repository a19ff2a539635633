/**
 * Links the Node that `npm ci` installed into node_modules/.bin, where npm's scripts find it. npm 9, which Debian 12 and 13 have,
 * forgets the link where one of two packages with the same program is for another processor. Runs on any Node.
 */
const { existsSync, mkdirSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

const modules = join(__dirname, '../node_modules');
const target = join('..', `node-${process.platform}-${process.arch}`, 'bin/node');
const bin = join(modules, '.bin');

if (existsSync(join(bin, target)) && !existsSync(join(bin, 'node'))) {
  mkdirSync(bin, { recursive: true });
  symlinkSync(target, join(bin, 'node'));
}
