/** Runs the pending steps of a store. Several nodes may call it at once: one works, the others wait for it. */
import { Problem } from '../errors.ts';
import type { Millis, Schedule } from '../ports/time.ts';
import type { SchemaRecord } from '../records.ts';
import { acquireLease, type Lease } from './lease.ts';
import { runStep, type Migration, type MigrationContext } from './migration.ts';
import { pendingSteps, readSchema, writeSchema } from './schema.ts';
import { migrations } from './steps.ts';

/** What migrations need of a process. */
export interface MigrationDeps extends MigrationContext {
  readonly schedule: Schedule;
  /** Version of this program. */
  readonly release: string;
  /** All steps of the product unless told. */
  readonly steps?: readonly Migration[];
}

/** Progress of one step: documents read and changed so far, also by nodes that were interrupted. */
export interface Progress {
  readonly step: Migration;
  readonly seen: number;
  readonly changed: number;
  readonly isFinished: boolean;
}

/** How often a waiting node reads the schema again. */
const pollInterval: Millis = 200;

/**
 * Runs the pending steps, and returns when the store has passed all steps of this release. A step that was interrupted continues
 * after its last page.
 * @throws Problem 'unavailable' where a later release has changed the store, and the errors of a step
 */
export const migrate = async (deps: MigrationDeps, onProgress?: (progress: Progress) => void): Promise<void> => {
  const { durable, log, schedule, steps = migrations } = deps;
  let isWaiting = false;
  while (pendingSteps(await readSchema(durable, steps), steps).length > 0) {
    const lease = await acquireLease(deps);
    if (lease === undefined) {
      if (!isWaiting) log.info('migrations.waiting');
      isWaiting = true;
      await pause(schedule, pollInterval);
      continue;
    }
    try {
      await runPending(deps, lease, onProgress);
    } finally {
      await lease.release();
    }
  }
};

/** Waits by the timers of the process. */
export const pause = (schedule: Schedule, wait: Millis): Promise<void> =>
  new Promise(resolve => schedule(wait, async () => resolve()));

/** Runs pages until no step is pending, or the lease is lost. */
const runPending = async (deps: MigrationDeps, lease: Lease, onProgress?: (progress: Progress) => void) => {
  const { durable, log, steps = migrations } = deps;
  let schema: SchemaRecord | undefined = await readSchema(durable, steps);
  while (schema !== undefined && lease.isHeld()) {
    const [step] = pendingSteps(schema, steps);
    if (step === undefined) return;
    const progress = await runPage(deps, schema, step);
    schema = await writeSchema(durable, progress.schema);
    if (schema === undefined) return;
    onProgress?.(progress);
    const { number, name } = step;
    if (progress.isFinished)
      log.info('migrations.finished', { number, name, seen: progress.seen, changed: progress.changed });
  }
};

const runPage = async (
  deps: MigrationDeps,
  before: SchemaRecord,
  step: Migration,
): Promise<Progress & { readonly schema: SchemaRecord }> => {
  const { running, ...rest } = await withReadersRefused(deps, before, step);
  const begun = running?.step === step.number ? running : { step: step.number, cursor: '', seen: 0, changed: 0 };
  const page = await runStep(step, deps, begun.cursor);
  const seen = begun.seen + page.seen;
  const changed = begun.changed + page.changed;
  const isFinished = page.next === undefined;
  const schema = isFinished
    ? { ...rest, release: deps.release, finished: step.number }
    : { ...rest, release: deps.release, running: { step: step.number, cursor: page.next, seen, changed } };
  return { step, seen, changed, isFinished, schema };
};

/** Refuses the releases that need the removed form, before a contract step removes the first document. */
const withReadersRefused = async (
  { durable, release }: MigrationDeps,
  schema: SchemaRecord,
  step: Migration,
): Promise<SchemaRecord> => {
  if (step.phase !== 'contract' || schema.readableFrom >= step.completes) return schema;
  const written = await writeSchema(durable, { ...schema, release, readableFrom: step.completes });
  if (written === undefined) throw new Problem('unavailable', 'another node has begun to migrate the store');
  return written;
};
