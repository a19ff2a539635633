/** Checks for `config check --live` whether this release can start on the stored documents. Creates no database. */
import { newDatabase } from '../../server/resources.ts';
import { loadSettings } from '../../src/config.ts';
import { isProblem } from '../../src/errors.ts';
import { lastOf, pendingSteps, readSchema } from '../../src/migrations/schema.ts';
import { migrations } from '../../src/migrations/steps.ts';
import { withDurableStore } from '../durable-store.ts';
import { commandEnvironment } from '../environment.ts';
import type { Finding } from './finding.ts';

const about = 'schema';

/** The schema of the configured store. */
export const schemaFinding = async (): Promise<Finding> => {
  if (newDatabase(loadSettings(commandEnvironment(process.env))) !== undefined)
    return { about, ok: true, got: 'no database yet, the first start creates it' };
  try {
    return await withDurableStore(async ({ durable, settings }) => {
      const schema = await readSchema(durable, migrations);
      const pending = pendingSteps(schema, migrations).length;
      const got = schema.finished < 0 ? 'no schema number' : `schema ${schema.finished}, release ${schema.release}`;
      if (pending === 0) return { about, ok: true, got };
      if (settings.migrations === 'run')
        return { about, ok: true, got: `${got}; the next start runs ${pending} steps` };
      const remedy = 'Run "npm run cli -- migrate".';
      return { about, ok: false, got, expected: `schema ${lastOf(migrations)}`, remedy };
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    const expected = `a store of schema ${lastOf(migrations)} or earlier`;
    return { about, ok: false, got: error.message, expected };
  }
};
