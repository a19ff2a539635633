/** Opens stores inside this process, for tests and for trying things out. Their data is lost when the process ends. */
import { createInProcessNotifier } from '../src/in-process-notifier.ts';
import type { Collection, Doc, DurableStore, Kind, ShortLivedStore } from '../src/ports/stores.ts';
import type { Clock } from '../src/ports/time.ts';
import { createCollection } from './memory/collection.ts';
import { createEphemeral } from './memory/ephemeral.ts';

/** Opens an empty store for documents. */
export const openMemoryDurable = ({ clock }: { readonly clock: Clock }): DurableStore => {
  const collections = new Map<string, unknown>();
  return {
    collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>) {
      const collection = collections.get(kind.name) ?? createCollection(kind, clock);
      collections.set(kind.name, collection);
      return collection as Collection<D, Index>;
    },
    check: async () => {},
    close: async () => {},
  };
};

/** Opens an empty store for short-lived values. */
export const openMemoryShortLived = ({ clock }: { readonly clock: Clock }): ShortLivedStore => ({
  ephemeral: createEphemeral(clock),
  notifier: createInProcessNotifier(),
  check: async () => {},
  close: async () => {},
});
