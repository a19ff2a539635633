export default {
  testEnvironment: 'node',
  reporters: ['default', '<rootDir>/tools/jest/totals.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/jest/strip-types.cjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'server/**/*.ts',
    'src/**/*.ts',
    'interactions/**/*.ts',
    'adapters/**/*.ts',
    'web/pages/**/*.ts',
  ],
  restoreMocks: true,
  testSequencer: '<rootDir>/tools/jest/slowest-first.mjs',
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB',
  // A test that hangs, not one that is slow: a busy machine is no failure.
  testTimeout: 60_000,
};
