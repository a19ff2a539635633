/** Caches clients' metadata for seconds, because oidc-provider reads it several times per request. */
import type { AdapterPayload } from 'oidc-provider';
import type { Notifier } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import { durableAdapter } from './adapter/durable.ts';
import { models, type OidcDocuments } from './models.ts';

/** Reads clients' metadata through the cache. */
export interface ClientDirectory {
  /** Stored metadata of this client. */
  find(id: string): Promise<AdapterPayload | undefined>;
  /** Ends the subscription to changes. */
  close(): void;
}

/** Published when a client was added, changed or removed. */
export const clientsTopic = 'oidc:clients';

/** A change is seen after this long at the latest, also where its message was lost. */
const cacheLifetime: Millis = 5_000;
/** Bounds the memory: beyond it the cache is emptied. */
const maxClients = 5_000;

interface CachedClient {
  readonly payload: AdapterPayload;
  readonly until: EpochMillis;
}

/** Resolves once it is subscribed to changes. Unknown ids are not cached, so that a client is found as soon as it was added. */
export const createClientDirectory = async (deps: {
  readonly documents: OidcDocuments;
  readonly notifier: Notifier;
  readonly clock: Clock;
}): Promise<ClientDirectory> => {
  const cache = new Map<string, CachedClient>();
  const clients = durableAdapter('Client', models['Client'] ?? { where: 'durable' }, deps);
  const close = await deps.notifier.subscribe(clientsTopic, () => cache.clear());
  return {
    async find(id) {
      const cached = cache.get(id);
      if (cached !== undefined && cached.until > deps.clock()) return cached.payload;
      cache.delete(id);
      const payload = (await clients.find(id)) ?? undefined;
      if (payload === undefined) return undefined;
      if (cache.size >= maxClients) cache.clear();
      cache.set(id, { payload, until: deps.clock() + cacheLifetime });
      return payload;
    },
    close,
  };
};
