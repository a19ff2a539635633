/** Brings the durable store to the schema of this release before anything is read from it. */
import { createSealer } from '../src/crypto.ts';
import { awaitSchema } from '../src/migrations/await-schema.ts';
import { migrate, type MigrationDeps } from '../src/migrations/run.ts';
import type { Millis } from '../src/ports/time.ts';
import { release } from './release.ts';
import type { Resources } from './services.ts';
import { waitingTimers } from './timers.ts';

/** What migrations need, over open resources. */
export const migrationDepsOf = ({
  durable,
  settings,
  clock,
  log,
}: Pick<Resources, 'durable' | 'settings' | 'clock' | 'log'>): MigrationDeps => ({
  durable,
  sealer: createSealer(settings.sealingKeys),
  clock,
  log,
  // Not the schedule of the resources: nobody is served yet, and the process must not end meanwhile.
  schedule: waitingTimers,
  release,
});

/**
 * Runs what is pending; with SALLYPORT_MIGRATIONS=check waits for another process to do it, `patience` at most.
 * @throws Problem 'unavailable' where the store is not at the schema of this release then
 */
export const prepareStore = async (resources: Resources, patience: Millis): Promise<void> => {
  const deps = migrationDepsOf(resources);
  await (resources.settings.migrations === 'run' ? migrate(deps) : awaitSchema(deps, patience));
};
