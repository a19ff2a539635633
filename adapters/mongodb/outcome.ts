/**
 * Finds out whether a write without an answer was carried out: the connection broke, the primary changed, or no majority
 * acknowledged it in time. The driver retries each write once, and the server carries it out once. After that the document is
 * read back.
 */
import type { Collection } from 'mongodb';
import { serverTime, unavailable } from './connection.ts';
import type { Stored } from './layout.ts';

/**
 * Whether `written` was stored by a write that failed with `error`.
 * @throws Problem 'unavailable' where that stays unknown.
 */
export const wasStored = async (collection: Collection<Stored>, written: Stored, error: unknown): Promise<boolean> => {
  const { _id: id } = written;
  const stored = await readBack(collection, id).catch(() => null);
  if (stored?.write === written.write) return true;
  // Another write has made this revision, so ours was not carried out and never will be.
  if (stored?.rev === written.rev) return false;
  // A later revision may have followed ours. With an earlier one, or none, our write may still arrive.
  throw unavailable(error);
};

/** Reads the document so that it cannot be lost afterwards: a linearizable read waits until a majority has what it read. */
export const readBack = async (collection: Collection<Stored>, id: string): Promise<Stored | null> =>
  collection.findOne({ _id: id }, { readConcern: 'linearizable', maxTimeMS: serverTime });
