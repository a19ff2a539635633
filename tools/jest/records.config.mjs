/** Writes the records of the release in this checkout. `npm test` does not. */
import config from '../../jest.config.mjs';

export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/support/earlier-release/make-records.ts'],
};
