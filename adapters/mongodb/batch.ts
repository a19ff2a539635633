/**
 * Carries out several writes in one transaction, which a majority has in its journal before it is acknowledged.
 * https://www.mongodb.com/docs/manual/core/transactions/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoError, MongoErrorLabel, type ClientSession, type TransactionOptions } from 'mongodb';
import { idOf, named, type BatchOutcome, type Write } from '../../src/ports/stores.ts';
import type { Millis } from '../../src/ports/time.ts';
import { longestCall, serverTime, takenIn, unavailable } from './connection.ts';
import type { Rows } from './documents.ts';
import type { Stored } from './layout.ts';

/** As for single writes (`connection.ts`). */
const options: TransactionOptions = {
  readConcern: { level: 'local' },
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: serverTime },
  readPreference: 'primary',
  maxCommitTimeMS: serverTime,
};

/** How long attempts are made. The rest of the time that a call may take is for the last one, and for reading back its outcome. */
const longestAttempts: Millis = longestCall - 1000;

/** Between two attempts at a transaction that met another one: random up to this, so that they do not meet again. */
const longestPause: Millis = 20;

const pause = async (): Promise<void> => sleep(Math.random() * longestPause);

/** One write, with the row that it stores; a removal has none. */
interface Step {
  readonly method: Write['method'];
  readonly id: string;
  readonly rows: Rows;
  readonly row?: Stored;
  /** False: gone. @throws the driver's error */
  readonly run: (session: ClientSession) => Promise<boolean>;
}

type Loss = Extract<BatchOutcome, { readonly ok: false }>;

/**
 * Carries out all writes or none.
 * @throws Problem 'unavailable' where they were not carried out for another reason than a loss, or that stays unknown
 */
export const runBatch = async (
  writes: readonly (readonly [write: Write, rows: Rows])[],
  startSession: () => ClientSession,
): Promise<BatchOutcome> => {
  const steps = writes.map(([write, rows]) => stepOf(write, rows));
  if (steps.length === 0) return { ok: true };
  await Promise.all(steps.map(({ rows }) => rows.ready()));
  const session = startSession();
  const until = performance.now() + longestAttempts;
  let isCleared = false;
  try {
    for (;;) {
      try {
        const loss = await attempt(steps, session, until);
        if (loss === undefined) return { ok: true };
        // An ended document may hold the value: it is deleted, and the writes are tried again.
        if (loss.reason === 'conflict' && !isCleared) {
          isCleared = true;
          if (await cleared(steps[loss.lost])) continue;
        }
        return await confirmed(loss, steps);
      } catch (error) {
        // Another writer was at one of the documents, or the primary changed: the server has carried out no part.
        if (!has(error, MongoErrorLabel.TransientTransactionError) || performance.now() > until)
          throw unavailable(error);
      }
      await pause();
    }
  } finally {
    await session.endSession();
  }
};

const stepOf = (write: Write, rows: Rows): Step => {
  const { method } = write;
  const id = named(idOf(write));
  if (method === 'remove') return { method, id, rows, run: async session => rows.remove(id, session) };
  const row = method === 'insert' ? rows.toInsert(write.doc) : rows.toReplace(write.doc);
  const run = async (session: ClientSession): Promise<boolean> =>
    method === 'insert' ? rows.insert(row, session).then(() => true) : rows.replace(row, session);
  return { method, id, rows, row, run };
};

/** Runs the transaction once. undefined: it is committed. @throws the driver's error, or as `readOutcome` */
const attempt = async (steps: readonly Step[], session: ClientSession, until: number): Promise<Loss | undefined> => {
  session.startTransaction(options);
  const loss = await firstLoss(steps, session);
  if (loss !== undefined) {
    await session.abortTransaction();
    return loss;
  }
  for (;;) {
    try {
      await session.commitTransaction();
      return undefined;
    } catch (error) {
      if (!has(error, MongoErrorLabel.UnknownTransactionCommitResult)) throw error;
      if (performance.now() > until) return readOutcome(steps, error);
    }
    // The server carries out a commit once, however often it is asked.
    await pause();
  }
};

const firstLoss = async (steps: readonly Step[], session: ClientSession): Promise<Loss | undefined> => {
  for (const [lost, { run }] of steps.entries()) {
    try {
      if (!(await run(session))) return { ok: false, lost, reason: 'gone' };
    } catch (error) {
      if (takenIn(error) !== undefined) return { ok: false, lost, reason: 'conflict' };
      if (session.inTransaction()) await session.abortTransaction();
      throw error;
    }
  }
  return undefined;
};

/**
 * Finds out whether a commit without an answer was carried out. One document shows it for all. undefined: it was.
 * @throws Problem 'unavailable' where that stays unknown
 */
const readOutcome = async (steps: readonly Step[], error: unknown): Promise<Loss | undefined> => {
  for (const [lost, { method, rows, row, id }] of steps.entries()) {
    if (row === undefined) continue;
    const stored = await rows.readBack(id).catch(() => null);
    if (stored?.write === row.write) return undefined;
    // Another write has made this revision, so that ours can never be carried out.
    if (stored?.rev === row.rev) return { ok: false, lost, reason: method === 'insert' ? 'conflict' : 'gone' };
  }
  throw unavailable(error);
};

/**
 * The loss, once a majority has what it rests on, as for a single write. Where a stored document is ours, an earlier attempt was
 * carried out although it seemed to have failed.
 */
const confirmed = async (loss: Loss, steps: readonly Step[]): Promise<BatchOutcome> => {
  const ours = new Set(steps.flatMap(({ row }) => row?.write ?? []));
  const stored = await Promise.all(steps.map(({ rows, id }) => rows.readBack(id)));
  return stored.some(each => each !== null && ours.has(each.write)) ? { ok: true } : loss;
};

const cleared = async (step: Step | undefined): Promise<boolean> =>
  step?.row !== undefined && step.rows.clear([step.row]);

const has = (error: unknown, label: string): boolean => error instanceof MongoError && error.hasErrorLabel(label);
