/**
 * Fills an SQLite file in memory and moves it to the disk, because filled there it would wait for the disk at each of thousands of
 * commits. Says before whether the disk has room for that many people.
 */
import { copyFile, mkdtemp, rm, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProductSpec } from './server-spec.ts';

/** Bytes of one person with session, tokens and audit: 5.9 KB in an SQLite file, less in MongoDB. */
const perPerson = 8_000;
const gibibyte = 2 ** 30;
/** A file system in memory, where there is one. */
const inMemory = '/dev/shm';
const sqlite = 'sqlite:';

/**
 * Calls `fill` with the address of the database to fill: an SQLite file is filled elsewhere if memory has room.
 * @throws Error if the disk has no room
 */
export const fillFast = async (
  { database, population: { people = 0 } = {} }: Pick<ProductSpec, 'database' | 'population'>,
  fill: (database: string) => Promise<void>,
): Promise<void> => {
  if (!database.startsWith(sqlite)) return fill(database);
  const file = database.slice(sqlite.length);
  const needed = people * perPerson + gibibyte;
  const free = await roomIn(dirname(file));
  if (free < needed)
    throw new Error(`${dirname(file)} has ${inGiB(free)} free, expected ${inGiB(needed)} for ${people} people`);
  if (Math.min(await roomIn(inMemory), freemem()) < needed) return fill(database);
  const folder = await mkdtemp(join(inMemory, 'sallyport-bench-'));
  try {
    const filled = join(folder, 'filled.db');
    await fill(sqlite + filled);
    await copyFile(filled, file);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Free bytes; 0 where there is no such folder. */
const roomIn = async (folder: string): Promise<number> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
};

const inGiB = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`;
