/**
 * Carries out the writes of one turn of the event loop in one transaction, so that begin, commit, and pages that several of them change
 * cost once. Each write keeps its own outcome: where one has to undo what it did, all are undone, and each is carried out alone.
 *
 *     request ─ write ─┐
 *     request ─ write ─┼→ end of the turn: BEGIN, write, write, write, COMMIT  ─→  the outcomes
 *     request ─ write ─┘
 */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers';
import { asProblem, inTransaction, isFailedSync, isLocked } from './file.ts';
import { createLockWait, type RunStep } from './lock-wait.ts';

/** A write that waits for the end of the turn. */
interface Waiting {
  /** Runs it within the transaction of the group. Gives what tells its caller, once the group is committed. */
  readonly attempt: () => () => void;
  /** Runs it in a transaction of its own. */
  readonly alone: () => Promise<void>;
  readonly refuse: (error: unknown) => void;
}

/** The writes of one connection. */
export interface WriteGroups {
  /** Runs a step as `createLockWait` does, perhaps twice. It uses `inTransaction` for statements of which all or none must count. */
  readonly run: RunStep;
  /** Carries out what waits, and resolves once its callers have gone on: before the connection is closed. */
  readonly settle: () => Promise<void>;
}

export const createWriteGroups = (db: DatabaseSync): WriteGroups => {
  const locked = createLockWait();
  let waiting: Waiting[] = [];

  const waitingOf = <T>(step: () => T, { resolve, reject }: PromiseWithResolvers<T>): Waiting => ({
    attempt() {
      try {
        const result = step();
        // A refused batch undoes the whole transaction. A savepoint before each batch would cost more than groups save.
        if (!db.isTransaction) throw new Error('a write of the group was undone');
        return () => resolve(result);
      } catch (error) {
        // Without a transaction, as on a full disk, each of the writes after this one would be committed at once.
        if (!db.isTransaction) throw error;
        return () => reject(asProblem(error));
      }
    },
    alone: async () => locked(step).then(resolve, reject),
    refuse: reject,
  });

  const carryOut = async (group: readonly Waiting[]): Promise<void> => {
    if (group.length > 1) {
      try {
        const tellAll = await locked(() => inTransaction(db, () => group.map(({ attempt }) => attempt())));
        for (const tell of tellAll) tell();
        return;
      } catch (error) {
        // After a failed sync a second attempt could succeed without its data. A locked file was waited for.
        if (isFailedSync(error) || isLocked(error)) return group.forEach(({ refuse }) => refuse(error));
      }
    }
    await Promise.all(group.map(async ({ alone }) => alone()));
  };

  const send = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    await carryOut(group);
  };
  return {
    async run<T>(step: () => T): Promise<T> {
      const outcome = Promise.withResolvers<T>();
      if (waiting.length === 0) setImmediate(() => void send());
      waiting.push(waitingOf(step, outcome));
      return outcome.promise;
    },
    async settle() {
      await send();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
};
