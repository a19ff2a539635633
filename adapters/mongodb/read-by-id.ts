/**
 * Reads documents by their ids. Reads of one turn of the event loop go in one command, because a command costs this process far more than
 * the documents in it. The driver's `findOne` would also make a cursor and a session for each.
 */
import type { Collection } from 'mongodb';
import { serverTime } from './connection.ts';
import type { Stored } from './layout.ts';

/** Documents in one command. */
const maxIds = 100;

type Waiting = Map<string, PromiseWithResolvers<Stored | undefined>>;

/** Gives a function that reads one document. Each is read after its call. @throws the driver's error */
export const createReadById = (documents: Collection<Stored>): ((id: string) => Promise<Stored | undefined>) => {
  let waiting: Waiting = new Map();

  const answerAll = async (asked: Waiting): Promise<void> => {
    try {
      const found = await readAll(documents, [...asked.keys()]);
      for (const [id, { resolve }] of asked) resolve(found.find(({ _id: name }) => name === id));
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  };
  const send = (): void => {
    const asked = waiting;
    waiting = new Map();
    if (asked.size > 0) void answerAll(asked);
  };

  return async id => {
    const same = waiting.get(id);
    if (same !== undefined) return same.promise;
    // Requests that arrive in one turn are read before this runs.
    if (waiting.size === 0) setImmediate(send);
    const answer = Promise.withResolvers<Stored | undefined>();
    waiting.set(id, answer);
    if (waiting.size === maxIds) send();
    return answer.promise;
  };
};

const readAll = async (documents: Collection<Stored>, ids: readonly string[]): Promise<readonly Stored[]> => {
  const [first = ''] = ids;
  const filter = { _id: ids.length === 1 ? first : { $in: [...ids] } };
  const limits = { limit: ids.length, batchSize: ids.length, maxTimeMS: serverTime };
  try {
    const command = { find: documents.collectionName, filter, ...limits, singleBatch: true };
    const { cursor } = await documents.db.command(command);
    return (cursor as { readonly firstBatch: readonly Stored[] }).firstBatch;
  } catch {
    // The connection broke, or the primary changed. The driver tries its own reads again, a command not.
    return documents.find(filter, limits).toArray();
  }
};
