/** Both halves of a store inside this process: for tests, and for looking around. Nothing in it survives the process. */
import type { Clock } from '../src/ports/time.ts';
import type { Collection, Doc, DurableStore, Kind, ShortLivedStore } from '../src/ports/stores.ts';
import { createNotifier } from './memory/notifier.ts';
import { createCollection } from './memory/collection.ts';
import { createEphemeral } from './memory/ephemeral.ts';

/** Opens an empty store. There is nothing outside that could fail. */
export const openMemory = (deps: {
  readonly clock: Clock;
}): { readonly durable: DurableStore; readonly shortLived: ShortLivedStore } => {
  const collections = new Map<string, unknown>();
  return {
    durable: {
      collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>) {
        const known = collections.get(kind.name) ?? createCollection(kind, deps.clock);
        collections.set(kind.name, known);
        return known as Collection<D, Index>;
      },
      check: async () => {},
      close: async () => {},
    },
    shortLived: {
      ephemeral: createEphemeral(deps.clock),
      notifier: createNotifier(),
      check: async () => {},
      close: async () => {},
    },
  };
};
