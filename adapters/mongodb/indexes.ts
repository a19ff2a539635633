/** Creates the missing indexes of a collection, and drops those of earlier releases. Several nodes may do so at the same time. */
import { MongoServerError, type Collection, type IndexDescription } from 'mongodb';
import { Problem } from '../../src/errors.ts';
import { duplicateKey, unavailable } from './connection.ts';
import type { Stored } from './layout.ts';

/** IndexOptionsConflict and IndexKeySpecsConflict. */
const otherOptions: ReadonlySet<unknown> = new Set([85, 86]);

/** IndexNotFound: another node dropped it first. */
const isGone = (error: unknown): boolean => error instanceof MongoServerError && error.code === 27;

/** Drops indexes that an earlier release declared. A node of that release creates its own again when it starts. */
const dropOthers = async (collection: Collection<Stored>, declared: ReadonlySet<string | undefined>): Promise<void> => {
  for (const { name = '' } of await collection.indexes()) {
    if (!name.startsWith('by ') || declared.has(name)) continue;
    await collection.dropIndex(name).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
};

/**
 * Waits until all indexes are built, which takes time in a large collection.
 * @throws Problem 'conflict' where a newly declared unique member has duplicates among the stored documents.
 * @throws Problem 'unavailable' where an index has other options than this release declares.
 */
export const createIndexes = async (
  collection: Collection<Stored>,
  indexes: readonly IndexDescription[],
): Promise<void> => {
  if (indexes.length === 0) return;
  const name = collection.collectionName;
  try {
    // A majority, because a member that is down must not delay the start.
    await collection.createIndexes([...indexes], { commitQuorum: 'majority' });
    await dropOthers(collection, new Set(indexes.map(each => each.name)));
  } catch (error) {
    const code = error instanceof MongoServerError ? error.code : undefined;
    if (code === duplicateKey) {
      throw new Problem('conflict', `${name}: got documents that share a unique member, expected none`);
    }
    if (otherOptions.has(code)) {
      const remedy = 'expected those of this release. Drop that index and start again';
      throw new Problem('unavailable', `${name}: got an index with other options (${String(error)}), ${remedy}`);
    }
    throw unavailable(error);
  }
};
