/** One world a folder: two would share a database, and each would take the sample client and the settings from the other. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { stateFolder } from '../environment.ts';
import { readState, writeState } from './state.ts';

const file = join(stateFolder, 'running.json');
const patience: Millis = 1000;

interface Running {
  readonly pid: number;
  readonly issuer: string;
}

const isRunning = (value: unknown): value is Running =>
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
    // Alive, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** A world that was killed leaves its note behind, and its number may be another program's by now: so it is asked, too. */
const answers = async (issuer: string): Promise<boolean> => {
  try {
    return (await fetch(new URL('/healthz', issuer), { signal: AbortSignal.timeout(patience) })).ok;
  } catch {
    return false;
  }
};

/** @throws Problem 'unavailable' where a world runs in this folder, whatever its ports. */
export const refuseSecond = async (): Promise<void> => {
  const note = readState(file);
  if (!isRunning(note) || note.pid === process.pid || !isAlive(note.pid) || !(await answers(note.issuer))) return;
  throw new Problem(
    'unavailable',
    `the world of this folder runs already, at ${note.issuer}: stop it first (Ctrl-C where it runs), or start another one in another folder`,
  );
};

/** Leaves a note that this world runs; what it gives takes the note away. */
export const noteRunning = (issuer: string): (() => void) => {
  writeState(file, { pid: process.pid, issuer });
  return () => rmSync(file, { force: true });
};
