/**
 * Links the Node that `npm ci` installed into node_modules/.bin, where npm's scripts find it. npm 9, which Debian 12 and 13 have,
 * forgets the link where one of two packages with the same program is for another processor. Runs on any Node.
 */
const { existsSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

const modules = join(__dirname, '../node_modules');
const target = join('..', `node-${process.platform}-${process.arch}`, 'bin/node');
const link = join(modules, '.bin/node');

if (existsSync(join(modules, '.bin', target)) && !existsSync(link)) symlinkSync(target, link);
