/** Counts the documents that pending steps would change. The steps run over a store that ignores writes. */
import type { Collection, Doc, DurableStore } from '../ports/stores.ts';
import { runStep, type Migration, type MigrationContext } from './migration.ts';
import { pendingSteps, readSchema } from './schema.ts';
import { migrations } from './steps.ts';

/** The documents that a pending step would read and change. */
export interface Forecast {
  readonly step: Migration;
  /** Documents that it reads. */
  readonly seen: number;
  /** Documents that it writes or removes. */
  readonly changed: number;
}

/**
 * A forecast of each pending step, from its cursor where it was interrupted. A step that depends on the writes of an earlier
 * pending step finds fewer documents here than in the real run.
 * @throws Problem 'unavailable' where a later release has changed the store
 */
export async function* forecast(
  context: MigrationContext & { readonly steps?: readonly Migration[] },
): AsyncGenerator<Forecast> {
  const { durable, steps = migrations } = context;
  const schema = await readSchema(durable, steps);
  const dry = { ...context, durable: withoutWrites(durable) };
  for (const step of pendingSteps(schema, steps)) {
    let seen = 0;
    let changed = 0;
    let cursor: string | undefined = schema.running?.step === step.number ? schema.running.cursor : '';
    while (cursor !== undefined) {
      const page = await runStep(step, dry, cursor);
      seen += page.seen;
      changed += page.changed;
      cursor = page.next;
    }
    yield { step, seen, changed };
  }
}

/** The store, with writes that succeed and change no document. */
const withoutWrites = (store: DurableStore): DurableStore => ({
  collection(kind) {
    return unwritable(store.collection(kind));
  },
  batch: async () => ({ ok: true }),
  check: async () => store.check(),
  close: async () => store.close(),
});

const unwritable = <D extends Doc, Index extends keyof D>(stored: Collection<D, Index>): Collection<D, Index> => ({
  get: async id => stored.get(id),
  find: async (where, page) => stored.find(where, page),
  insert: async () => {},
  insertMany: async docs => docs.map(() => 'inserted' as const),
  replace: async next => ({ ...next, rev: next.rev + 1 }),
  remove: async id => (await stored.get(id)) !== undefined,
});
