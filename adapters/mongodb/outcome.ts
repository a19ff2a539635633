/**
 * Decides what became of a write without an answer: the connection broke, the primary changed, or no majority had it in time.
 * The driver tries each write once more, and the server carries it out once. What is still unknown after that is read back.
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
  // Each revision is made by one write, and this one by another.
  if (stored?.rev === written.rev) return false;
  // A later revision may have followed ours. Where it is an earlier one, or none, ours may still come.
  throw unavailable(error);
};

/** The document that cannot be lost any more: a linearizable read waits until a majority has all that it saw. */
const readBack = async (collection: Collection<Stored>, id: string): Promise<Stored | null> =>
  collection.findOne({ _id: id }, { readConcern: 'linearizable', maxTimeMS: serverTime });
