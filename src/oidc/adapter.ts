/**
 * oidc-provider's Adapter over our ports, written once for every store. Ids of tokens and codes are kept as hashes and
 * never beside their payload: who reads the store can present none of them.
 */
import type { Adapter, AdapterFactory } from 'oidc-provider';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection, Ephemeral } from '../ports/stores.ts';
import type { OidcDocument } from '../records.ts';
import { durableAdapter } from './adapter/durable.ts';
import { sessionAdapter } from './adapter/sessions.ts';
import { shortLivedAdapter } from './adapter/short-lived.ts';
import { models } from './models.ts';

export type OidcDocuments = Collection<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model'>;

export interface AdapterDeps {
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Finds a client's metadata (`clients.ts` remembers them for seconds). */
  readonly findClient: Adapter['find'];
}

/** For `adapter` in oidc-provider's configuration. @throws Problem 'internal' for a model that `models.ts` does not list. */
export const createAdapters =
  (deps: AdapterDeps): AdapterFactory =>
  model => {
    const keeping = Object.hasOwn(models, model) ? models[model] : undefined;
    if (keeping === undefined) throw new Problem('internal', `got the model ${model}, expected one of models.ts`);
    if (model === 'Session') return sessionAdapter(deps);
    if (keeping.where === 'short-lived') return shortLivedAdapter(model, keeping, deps);
    const durable = durableAdapter(model, keeping, deps);
    return model === 'Client' ? { ...durable, find: deps.findClient } : durable;
  };
