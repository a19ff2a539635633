/** Checks whether MongoDB can be reached, is a replica set of a version that we know, and takes writes of our user. */
import { openMongoDurable } from '../../adapters/mongodb.ts';
import { withoutCredentials } from '../../src/config/checks/stores.ts';
import type { Clock } from '../../src/ports/time.ts';
import type { Finding, LiveSettings } from './finding.ts';

/** Empty with SQLite, which is no server. */
export const databaseFindings = async (
  { database, issuer }: Pick<LiveSettings, 'database' | 'issuer'>,
  clock: Clock,
): Promise<readonly Finding[]> => {
  if (database.store !== 'mongodb') return [];
  const about = `database ${withoutCredentials(database.url)}`;
  try {
    const store = await openMongoDurable({ url: database.url, clock, realm: issuer.host });
    try {
      await store.check();
    } finally {
      await store.close();
    }
    return [{ about, ok: true, got: 'a replica set that takes writes' }];
  } catch (error) {
    const got = Error.isError(error) ? error.message : String(error);
    const remedy =
      'Compare SALLYPORT_DATABASE_URL with your replica set, and let this machine reach each of its servers.';
    return [{ about, ok: false, got, expected: 'a replica set that takes writes of our user', remedy }];
  }
};
