/** The fault tests with the amounts that their promises need: hundreds of kills, minutes of load. `npm test` runs them short. */
import config from '../../jest.config.mjs';

process.env['SALLYPORT_FAULTS'] = 'full';

export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
  // One at a time: each of them uses both cores.
  maxWorkers: 1,
  // On a machine with other work 300 kills take more than half an hour.
  testTimeout: 5_400_000,
};
