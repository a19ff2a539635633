/** The fault tests with the amounts that their promises need: hundreds of kills, minutes of load. `npm test` runs them short. */
import config from '../../jest.config.mjs';

process.env['SALLYPORT_FAULTS'] = 'full';

export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
  // One at a time: each of them uses both cores.
  maxWorkers: 1,
  testTimeout: 1_800_000,
};
