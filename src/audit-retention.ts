/**
 * Deletes audit records that are older than the retention, oldest first and a few at a time, so that no request waits for it.
 * Nothing else is deleted: failed attempts, tombstones, consents and daily limits have lifetimes of their own. Several nodes
 * may do it at once.
 */
import type { Log } from './log.ts';
import { removing, type DurableStore } from './ports/stores.ts';
import type { Clock, Millis, Schedule } from './ports/time.ts';
import { auditEventKind } from './records.ts';

/** Records in one step, which is one commit and takes about a millisecond. */
const recordsPerStep = 50;
/** Until the next step: `behind` where old records are left, `done` otherwise. So 200 are deleted a second. */
const pauses: { readonly behind: Millis; readonly done: Millis } = { behind: 250, done: 600_000 };

interface AuditRetentionDeps {
  readonly durable: DurableStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly schedule: Schedule;
  /** How long a record stays. Infinity: for good. */
  readonly retention: Millis;
}

/** Deletes old records until the function that it gives is called. A step that fails is logged, and tried again. */
export const deleteOldAudit = (deps: AuditRetentionDeps): (() => void) => {
  const { schedule, log, retention } = deps;
  if (!Number.isFinite(retention)) return () => {};
  let isClosed = false;
  let cancel: (() => void) | undefined;
  const wait = (pause: Millis): void => {
    if (!isClosed) cancel = schedule(pause, step);
  };
  const step = async (): Promise<void> => {
    let isBehind = false;
    try {
      isBehind = (await deleteSome(deps)) === recordsPerStep;
    } catch (error) {
      log.warn('audit.not-deleted', { error });
    }
    wait(isBehind ? pauses.behind : pauses.done);
  };
  wait(pauses.done);
  return () => {
    isClosed = true;
    cancel?.();
  };
};

/** Deletes the oldest records of one step that are past the retention, and gives their number. */
const deleteSome = async ({ durable, clock, retention }: AuditRetentionDeps): Promise<number> => {
  const before = clock() - retention;
  const oldest = await durable.collection(auditEventKind).find({}, { order: 'oldest', limit: recordsPerStep });
  const old = oldest.filter(({ at }) => at < before);
  if (old.length === 0) return 0;
  const { ok } = await durable.batch(old.map(({ id }) => removing(auditEventKind, id)));
  // Another node deletes the same ones: the next step finds those that it left.
  return ok ? old.length : recordsPerStep;
};
