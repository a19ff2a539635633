/** Checks that a majority of the replica set takes writes. */
import type { Db } from 'mongodb';
import { unavailable } from './connection.ts';

/** A check that writes one document. @throws Problem 'unavailable' */
export const createProbe = (db: Db, realm: string): (() => Promise<void>) => {
  const probes = db.collection<{ readonly _id: string; readonly writes: number }>('probe');
  return async () => {
    try {
      await probes.updateOne({ _id: realm }, { $inc: { writes: 1 } }, { upsert: true });
    } catch (error) {
      throw unavailable(error);
    }
  };
};
