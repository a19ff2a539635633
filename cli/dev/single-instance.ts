/** Allows one environment per folder. Two would share the database and overwrite each other's client and settings. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { stateFolder } from '../environment.ts';
import { readState, writeState } from './state.ts';

const file = join(stateFolder, 'running.json');
const timeout: Millis = 1000;

interface PidFile {
  readonly pid: number;
  readonly issuer: string;
}

const isPidFile = (value: unknown): value is PidFile =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'issuer' in value &&
  typeof value.issuer === 'string';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It runs, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** An environment that was killed leaves its file, and its process id may be reused. Therefore its server is asked too. */
const isAnswering = async (issuer: string): Promise<boolean> => {
  try {
    return (await fetch(new URL('/healthz', issuer), { signal: AbortSignal.timeout(timeout) })).ok;
  } catch {
    return false;
  }
};

/** @throws Problem 'in-use' if an environment runs in this folder, on any ports */
export const refuseSecondInstance = async (): Promise<void> => {
  const saved = readState(file);
  if (!isPidFile(saved) || saved.pid === process.pid || !isAlive(saved.pid) || !(await isAnswering(saved.issuer)))
    return;
  throw new Problem(
    'in-use',
    `this folder's environment is already running at ${saved.issuer}: stop it first (Ctrl-C where it runs), or use another folder`,
  );
};

/** Writes the file that marks this environment as running. The result removes it. */
export const writePidFile = (issuer: string): (() => void) => {
  writeState(file, { pid: process.pid, issuer });
  return () => rmSync(file, { force: true });
};
