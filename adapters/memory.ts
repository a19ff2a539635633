/** Opens stores inside this process, for tests and for trying things out. Their data is lost when the process ends. */
import { createInProcessNotifier } from '../src/in-process-notifier.ts';
import {
  carryOut,
  idOf,
  type BatchOutcome,
  type Doc,
  type DurableStore,
  type Kind,
  type ShortLivedStore,
  type Write,
} from '../src/ports/stores.ts';
import type { StoredDoc } from '../src/records.ts';
import type { Clock } from '../src/ports/time.ts';
import { createCollection, type MemoryCollection } from './memory/collection.ts';
import { createEphemeral } from './memory/ephemeral.ts';

/** Opens an empty store for documents. */
export const openMemoryDurable = ({ clock }: { readonly clock: Clock }): DurableStore => {
  const opened = new Map<string, unknown>();
  const open = <D extends Doc, Index extends keyof D & string>(kind: Kind<D, Index>): MemoryCollection<D, Index> => {
    const collection = opened.get(kind.name) ?? createCollection(kind, clock);
    opened.set(kind.name, collection);
    return collection as MemoryCollection<D, Index>;
  };
  return {
    collection: kind => open(kind).collection,
    batch: async writes => inOneTurn(writes.map(write => [write, open<StoredDoc, string>(write.kind)])),
    check: async () => {},
    close: async () => {},
  };
};

/** Carries out all writes without waiting in between. Where one is refused, it puts back what they changed. */
const inOneTurn = (
  writes: readonly (readonly [write: Write, of: MemoryCollection<StoredDoc, string>])[],
): BatchOutcome => {
  const restore = writes.map(([write, { restorer }]) => restorer(idOf(write)));
  const undo = (): void => restore.forEach(each => each());
  try {
    const outcome = carryOut(writes.map(([write, { writer }]) => [write, writer]));
    if (!outcome.ok) undo();
    return outcome;
  } catch (error) {
    undo();
    throw error;
  }
};

/** Opens an empty store for short-lived values. */
export const openMemoryShortLived = ({ clock }: { readonly clock: Clock }): ShortLivedStore => ({
  ephemeral: createEphemeral(clock),
  notifier: createInProcessNotifier(),
  check: async () => {},
  close: async () => {},
});
