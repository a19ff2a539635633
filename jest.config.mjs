import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True for a file system with room for 1 GiB; false where there is none at this path. */
const hasRoom = folder => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 ** 30;
  } catch {
    return false;
  }
};

// SQLite waits for the disk at each commit, some 50,000 times in all. No test cuts the power, so memory is as good.
const memory = '/dev/shm';
if (hasRoom(memory)) process.env['TMPDIR'] ??= memory;

// Tests start some 500 processes of ours. Each would strip types from, and compile, the same modules again.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'sallyport-compiled');

export default {
  testEnvironment: 'node',
  reporters: ['default', '<rootDir>/tools/jest/totals.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: '<rootDir>/tools/jest/build.mjs',
  setupFilesAfterEnv: ['<rootDir>/tools/jest/second-attempt.mjs'],
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
  // More than cores: tests with real processes, calls and faults wait for a third of their time.
  maxWorkers: 3,
  workerIdleMemoryLimit: '512MB',
  // A test that hangs, not one that is slow: a busy machine is no failure.
  testTimeout: 60_000,
};
