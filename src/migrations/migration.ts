/**
 * Changes stored documents to the form that this release writes, by numbered steps. A released step is never changed; new steps
 * are added after it.
 *
 *   migration.ts     what a step is
 *   steps.ts         all steps in order; steps/ has a file for each
 *   schema.ts        which steps a store has passed, and which releases can read it
 *   lease.ts         lets one node run steps at a time
 *   run.ts           runs the pending steps, and continues an interrupted one
 *   await-schema.ts  waits until another process has run them
 *   dry-run.ts       counts what the pending steps would change
 *
 * Two releases share a store while nodes are replaced. So a change of form takes two releases:
 *
 *   release N    expand    adds what N reads and N-1 ignores
 *                migrate   rewrites documents so that N and N-1 read them; N still reads the old form too
 *   release N+1  contract  removes what only N-1 needed; N-1 is refused from then on
 */
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import type { DurableStore } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';

/** What a step works with. */
export interface MigrationContext {
  readonly durable: DurableStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one call of a step did. */
export interface MigratedPage {
  /** Documents that were read. */
  readonly seen: number;
  /** Documents that were written or removed. */
  readonly changed: number;
  /** Where the next call continues. Absent: the step is finished. */
  readonly next?: string;
}

interface Step {
  /** Position in the list of steps, from 0. */
  readonly number: number;
  /** Lower-case words with hyphens, for operators. */
  readonly name: string;
  /**
   * Changes the documents after `cursor` (first `''`, then `next` of the page before), a few hundred at most.
   * It may run again for any cursor, and while servers of this release and the previous one run. So it writes by
   * `optimisticWrite`, and skips documents that are changed already.
   */
  run(context: MigrationContext, cursor: string): Promise<MigratedPage>;
}

/** A step from one schema to the next. */
export type Migration =
  | (Step & { readonly phase: 'expand' | 'migrate' })
  /** `completes`: number of the earlier step that made the removed form unnecessary. Releases that do not know it are refused. */
  | (Step & { readonly phase: 'contract'; readonly completes: number });

/** Runs a step for the page after `cursor`. @throws Problem 'internal' where it would never end */
export const runStep = async (step: Migration, context: MigrationContext, cursor: string): Promise<MigratedPage> => {
  const page = await step.run(context, cursor);
  if (page.next !== undefined && page.next === cursor)
    throw new Problem('internal', `step ${step.number}: got the cursor ${page.next} twice, expected a later one`);
  return page;
};
