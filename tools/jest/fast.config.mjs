/**
 * The fast lane: units, contracts on memory and SQLite, the main flows on memory. `npm test` runs everything.
 * It leaves out tests that need more than a second of a processor for a good reason; `left-out.mjs` prints them.
 */
import config from '../../jest.config.mjs';
import { leftOut } from './left-out.mjs';

export default {
  ...config,
  rootDir: '../..',
  reporters: [...config.reporters, '<rootDir>/tools/jest/left-out.mjs'],
  setupFilesAfterEnv: ['<rootDir>/tools/jest/fast-stores.mjs'],
  testPathIgnorePatterns: leftOut.map(
    ([path, , kept = []]) => `<rootDir>/test/${path}${kept.length > 0 ? `(?!(?:${kept.join('|')})\\.)` : ''}`,
  ),
};
