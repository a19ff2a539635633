/** The well-known clients of examples/clients, against one development server. `npm test` does not run them. */
import config from '../../jest.config.mjs';

export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/examples/clients/**/*.test.ts'],
  globalSetup: '<rootDir>/tools/jest/start-development.mjs',
  globalTeardown: '<rootDir>/tools/jest/stop-development.mjs',
  testSequencer: '@jest/test-sequencer',
  // Each worker has a sample person of its own (support/world.ts), and there are two with a phone.
  maxWorkers: 2,
  // An installation may come first. Building oauth2-proxy takes minutes.
  testTimeout: 600_000,
};
