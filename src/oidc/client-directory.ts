/** Clients' metadata as they were kept, remembered for seconds: oidc-provider asks for them several times a request. */
import type { AdapterPayload } from 'oidc-provider';
import type { Notifier } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import type { OidcDocuments } from './adapter.ts';
import { durableAdapter } from './adapter/durable.ts';
import { models } from './models.ts';

export interface ClientDirectory {
  find(id: string): Promise<AdapterPayload | undefined>;
  /** Stops listening for changes. */
  close(): void;
}

/** Rung when a client was added, changed or removed. */
export const clientsTopic = 'oidc:clients';

/** A lost ring is made up for by then. */
const remembers: Millis = 5_000;
/** More clients than this in a few seconds are read again: memory is bounded. */
const most = 5_000;

interface Remembered {
  readonly payload: AdapterPayload;
  readonly until: number;
}

/** Resolves once it hears of changes. Unknown ids are never remembered: a client that was just added is found at once. */
export const createClientDirectory = async (deps: {
  readonly documents: OidcDocuments;
  readonly notifier: Notifier;
  readonly clock: Clock;
}): Promise<ClientDirectory> => {
  const known = new Map<string, Remembered>();
  const kept = durableAdapter('Client', models['Client'] ?? { where: 'durable' }, deps);
  const close = await deps.notifier.subscribe(clientsTopic, () => known.clear());
  return {
    async find(id) {
      const found = known.get(id);
      if (found !== undefined && found.until > deps.clock()) return found.payload;
      known.delete(id);
      const payload = (await kept.find(id)) ?? undefined;
      if (payload === undefined) return undefined;
      if (known.size >= most) known.clear();
      known.set(id, { payload, until: deps.clock() + remembers });
      return payload;
    },
    close,
  };
};
