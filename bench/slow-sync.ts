/**
 * Builds the library that makes the disk of a process slower (`slow-sync.c`), or leaves it out. Only processes that are started with
 * its variables use it. It changes `fsync` and `fdatasync` of the C library, which SQLite and Node call.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Millis } from '../src/ports/time.ts';

const source = fileURLToPath(new URL('slow-sync.c', import.meta.url));

/**
 * Path of the built library. undefined: this machine has no gcc, which is said. @throws Error where gcc refuses the source, or in CI
 * without gcc
 */
export const buildSlowSync = async (folder: string): Promise<string | undefined> => {
  const path = join(folder, 'slow-sync.so');
  const { error, status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', path, source], {
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) return path;
  if (error === undefined) throw new Error(`gcc cannot build ${source}: ${stderr}`);
  if (process.env['CI'] === 'true') throw new Error('this machine has no gcc, expected one in CI', { cause: error });
  process.stderr.write('NOT MEASURED: a slow disk. This machine has no gcc. With CI=true this fails.\n');
  return undefined;
};

/** Variables of a process in which each sync takes `more` milliseconds longer, or does nothing. */
export const slowSyncVariables = (
  library: string | undefined,
  more: Millis | 'none',
): Readonly<Record<string, string>> | undefined =>
  library === undefined ? undefined : { LD_PRELOAD: library, SYNC_MILLISECONDS: more === 'none' ? '-1' : `${more}` };
