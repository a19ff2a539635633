/** Defines the records of which migrations the stored documents have passed, and the lease of the node that runs them. */
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** A change of stored documents that was finished before schemas had numbers. The id is its name. */
export type Upgrade = Doc;
export const upgradeKind: Kind<Upgrade> = { name: 'upgrades', index: [], unique: [] };

/** Which migrations the stored documents have passed (`migrations/schema.ts`). There is one, with the id `schema`. */
export interface SchemaRecord extends Doc {
  /** Number of the last finished step. -1: none. */
  readonly finished: number;
  /** Releases that know the step with this number can read the store; -1: those before the first step can too. */
  readonly readableFrom: number;
  /** Version of the program that wrote this. */
  readonly release: string;
  /** An import has begun to fill the store, and has not ended. */
  readonly isImporting?: true;
  /** The step that has begun: where it continues, and how many documents it has seen and changed so far. */
  readonly running?: {
    readonly step: number;
    readonly cursor: string;
    readonly seen: number;
    readonly changed: number;
  };
}
export const schemaKind: Kind<SchemaRecord> = { name: 'schema', index: [], unique: [] };

/** The lease of the node that runs migrations (`migrations/lease.ts`). There is at most one, `migrations`. */
export interface MigrationLease extends Doc {
  readonly node: string;
  readonly until: EpochMillis;
}
export const migrationLeaseKind: Kind<MigrationLease> = {
  name: 'migration-leases',
  index: [],
  unique: [],
  expires: 'until',
};
