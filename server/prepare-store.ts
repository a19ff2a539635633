/** Migrates the durable store to the schema of this release, before anything is read from it. */
import { createSealer } from '../src/crypto.ts';
import { awaitSchema } from '../src/migrations/await-schema.ts';
import { migrate, type MigrationDeps } from '../src/migrations/run.ts';
import type { Millis } from '../src/ports/time.ts';
import { release } from './release.ts';
import type { Resources } from './services.ts';
import { waitingTimers } from './timers.ts';

/** The dependencies of migrations, from open resources. */
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
  // Not the schedule of the resources: its timers do not keep the process alive, and no socket is open yet.
  schedule: waitingTimers,
  release,
});

/**
 * Runs the pending migrations. With SALLYPORT_MIGRATIONS=check it waits for another process to run them, up to `timeout`.
 * @throws Problem 'unavailable' if migrations are pending after that, or a later release has changed the store
 */
export const prepareStore = async (resources: Resources, timeout: Millis): Promise<void> => {
  const deps = migrationDepsOf(resources);
  await (resources.settings.migrations === 'run' ? migrate(deps) : awaitSchema(deps, timeout));
};
