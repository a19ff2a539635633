/** Waits until the store has passed all steps, where another process runs them (SALLYPORT_MIGRATIONS=check). */
import { Problem } from '../errors.ts';
import type { Millis } from '../ports/time.ts';
import { pause, type MigrationDeps } from './run.ts';
import { lastOf, pendingSteps, readSchema } from './schema.ts';
import { migrations } from './steps.ts';

const pollInterval: Millis = 500;

/**
 * Returns when no step is pending.
 * @throws Problem 'unavailable' after `timeout`, or where a later release has changed the store
 */
export const awaitSchema = async (
  { durable, schedule, log, steps = migrations }: MigrationDeps,
  timeout: Millis,
): Promise<void> => {
  for (let waited = 0; ; waited += pollInterval) {
    const schema = await readSchema(durable, steps);
    if (pendingSteps(schema, steps).length === 0) return;
    if (waited === 0) log.info('migrations.waiting', { finished: schema.finished, expected: lastOf(steps) });
    if (waited >= timeout) throw stillPending(schema.finished, lastOf(steps));
    await pause(schedule, pollInterval);
  }
};

const stillPending = (finished: number, expected: number): Problem =>
  new Problem(
    'unavailable',
    `got stored data of schema ${finished < 0 ? 'none' : finished}, expected ${expected}: run "npm run cli -- migrate"`,
  );
