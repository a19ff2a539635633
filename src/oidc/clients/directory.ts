/**
 * Keeps clients' metadata for later requests, because oidc-provider reads it several times per request. While no client is changed, none
 * is read again: one document counts the changes (`version.ts`), and is read once a second, by a request that needs a client.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { Notifier } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { OidcDocument } from '../../records.ts';
import { documentId, toPayload } from '../adapter/durable.ts';
import type { OidcDocuments } from '../models.ts';
import { isBuiltIn } from './built-in.ts';
import { ownMetadata } from '../own-metadata.ts';
import { canonicalResource, type ResourceServer } from '../resource-identifiers.ts';
import { noteRegistration } from './registration-ids.ts';
import { changesOfClients } from './version.ts';

/** Reads clients' metadata through the cache. */
export interface ClientDirectory {
  /** Metadata of this client, stored or built in. The same object as before, unless it has changed (`made.ts`). */
  find(id: string): Promise<AdapterPayload | undefined>;
  /** The resource server with this identifier, in any spelling of the same URI; undefined: there is none. */
  findResourceServer(resource: string): Promise<ResourceServer | undefined>;
  /** Ends the subscription to changes. */
  close(): void;
}

/** Published when a client was added, changed or removed. */
export const clientsTopic = 'oidc:clients';

/** A change is seen after this long at the latest, also where its message was lost. */
export const changeSeenWithin: Millis = 1_000;
/** Metadata is read again after this long in any case: nodes of an earlier release count no changes, and a message may be lost. */
const readAgainEvery: Millis = 600_000;
/** Bounds the memory: one more client removes the one that was read first. A client takes some kilobytes with what is made of it. */
const maxClients = 20_000;

interface Cached<T> {
  readonly found: T;
  readonly readAt: EpochMillis;
  /** The changes that were known before it was read. */
  readonly state: number;
}

/** Resolves once it is subscribed to changes. Unknown ids are not cached, so that a client is found as soon as it was added. */
export const createClientDirectory = async (deps: {
  readonly documents: OidcDocuments;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** Gives the clients that are never stored (`built-in.ts`). Their ids hide stored ones. */
  readonly builtIn?: (id: string) => ClientMetadata | undefined;
}): Promise<ClientDirectory> => {
  const { stateNow, noteChange } = followChanges(deps);
  const byId = createCache(deps.clock, stateNow, async (id: string) => {
    const stored = await deps.documents.get(documentId('Client', id));
    return stored?.model === 'Client' ? registered(stored, toPayload(stored, id)) : undefined;
  });
  const byResource = createCache(deps.clock, stateNow, async (resource: string) => {
    const [found] = await deps.documents.find({ model: 'Client', resource }, { limit: 1 });
    const server = found && !isBuiltIn(found.clientId ?? '') ? toResourceServer(found.payload) : undefined;
    return found && server && registered(found, server);
  });
  const close = await deps.notifier.subscribe(clientsTopic, noteChange);
  return {
    find: async id => deps.builtIn?.(id) ?? (await byId.find(id))?.described,
    async findResourceServer(resource) {
      const canonical = canonicalResource(resource);
      return canonical === undefined ? undefined : (await byResource.find(canonical))?.described;
    },
    close,
  };
};

/** What a stored client is, with its registration: the same metadata under another registration are another client. */
const registered = <T extends object>({ registrationId = '' }: OidcDocument, described: T) => {
  noteRegistration(described, registrationId);
  return { described, registrationId };
};

/** Numbers the states of all clients that this node knows of. The number is at most `changeSeenWithin` old. */
const followChanges = ({ documents, clock }: { readonly documents: OidcDocuments; readonly clock: Clock }) => {
  let known: { readonly count: number; readonly at: EpochMillis } | undefined;
  let state = 0;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const at = clock();
    const count = await changesOfClients(documents);
    if (count !== known?.count) state += 1;
    known = { count, at };
  };
  const stateNow = async (): Promise<number> => {
    // By the absolute difference, because a clock that was set back must not extend the time.
    if (known === undefined || Math.abs(clock() - known.at) >= changeSeenWithin) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    return state;
  };
  const noteChange = (): void => {
    state += 1;
  };
  return { stateNow, noteChange };
};

/** Remembers what `read` found, for as long as the state of the clients is the same. */
const createCache = <T>(
  clock: Clock,
  stateNow: () => Promise<number>,
  read: (name: string) => Promise<T | undefined>,
) => {
  const cache = new Map<string, Cached<T>>();
  return {
    async find(name: string): Promise<T | undefined> {
      const state = await stateNow();
      const [cached, readAt] = [cache.get(name), clock()];
      if (cached?.state === state && Math.abs(readAt - cached.readAt) < readAgainEvery) return cached.found;
      const fresh = await read(name);
      // Deleted first, so that the cache is in the order of the reads.
      cache.delete(name);
      if (fresh === undefined) return undefined;
      const found = cached !== undefined && isDeepStrictEqual(cached.found, fresh) ? cached.found : fresh;
      const [oldest] = cache.keys();
      if (cache.size >= maxClients && oldest !== undefined) cache.delete(oldest);
      cache.set(name, { found, readAt, state });
      return found;
    },
  };
};

const toResourceServer = (client: object): ResourceServer | undefined => {
  const { resource, resource_scopes: scopes = [], access_token_format: format = 'opaque' } = ownMetadata(client);
  if (resource === undefined) return undefined;
  const signedBy = Reflect.get(client, 'id_token_signed_response_alg') === 'RS256' ? 'RS256' : 'ES256';
  return { clientId: String(Reflect.get(client, 'client_id')), resource, scopes, format, signedBy };
};
