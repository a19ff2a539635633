'use strict';
/** Strips types exactly as Node does in production, so that a test runs the same JavaScript with the same positions. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { stripTypeScriptTypes } = require('node:module');

const self = readFileSync(__filename);

module.exports = {
  canInstrument: false,
  getCacheKey: (source, path, { configString }) =>
    createHash('sha256')
      .update(self)
      .update(process.version)
      .update(source)
      .update('\0')
      .update(path)
      .update('\0')
      .update(configString)
      .digest('hex')
      .slice(0, 32),
  // No sourceUrl: it would add a sourceURL comment, and V8 coverage of every file becomes 0 %.
  process: source => ({ code: stripTypeScriptTypes(source) }),
};
