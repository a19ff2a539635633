/** Reads and writes which steps a store has passed, and refuses stores that this release cannot read. */
import { Problem } from '../errors.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Collection, DurableStore } from '../ports/stores.ts';
import { schemaKind, type SchemaRecord } from '../records.ts';
import type { Migration } from './migration.ts';

const schemaId = 'schema';

/** The schema of a store without the document: a new store, or one of a release before the first step. */
const unwritten: SchemaRecord = { id: schemaId, rev: 0, finished: -1, readableFrom: -1, release: '' };

/** Number of the last step that a release knows. */
export const lastOf = (steps: readonly Migration[]): number => steps.at(-1)?.number ?? -1;

/** The schema of the store, also where this release cannot read it. */
export const storedSchema = async (durable: DurableStore): Promise<SchemaRecord> =>
  (await durable.collection(schemaKind).get(schemaId)) ?? unwritten;

/** The schema of a store that is whole. @throws Problem 'unavailable' where an import has not ended */
export const wholeSchema = async (durable: DurableStore): Promise<SchemaRecord> => {
  const schema = await storedSchema(durable);
  if (schema.isImporting === undefined) return schema;
  throw new Problem(
    'unavailable',
    'got a store that an import has begun to fill, expected a whole one: run "data import" again with the same file',
  );
};

/**
 * The schema of the store.
 * @throws Problem 'unavailable' where a later release has changed the store to a form that these steps do not know, or an import has
 * not ended
 */
export const readSchema = async (durable: DurableStore, steps: readonly Migration[]): Promise<SchemaRecord> => {
  const schema = await wholeSchema(durable);
  const { readableFrom, finished, release } = schema;
  if (readableFrom <= lastOf(steps)) return schema;
  throw new Problem(
    'unavailable',
    `got stored data of schema ${finished}, which release ${release} wrote, expected at most ${lastOf(steps)}: ` +
      `start release ${release} or a later one, or restore a backup from before`,
  );
};

/** The steps that the store has not passed, in order. */
export const pendingSteps = ({ finished }: SchemaRecord, steps: readonly Migration[]): readonly Migration[] =>
  steps.filter(({ number }) => number > finished);

/** Writes the schema, and returns it as stored. undefined: another node has written it since it was read. */
export const writeSchema = async (durable: DurableStore, next: SchemaRecord): Promise<SchemaRecord | undefined> => {
  const schemas: Collection<SchemaRecord> = durable.collection(schemaKind);
  if (next.rev > 0) return schemas.replace(next);
  const first = { ...next, rev: 1 };
  return (await insertIfAbsent(schemas, first)) ? first : undefined;
};
