/**
 * Implements oidc-provider's Adapter over our ports, once for all stores. Ids of tokens and codes are kept as hashes, and
 * never beside their payload: a copy of the store contains no token that could be presented.
 */
import type { KeyObject } from 'node:crypto';
import type { Adapter, AdapterFactory } from 'oidc-provider';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Clock } from '../ports/time.ts';
import type { Ephemeral } from '../ports/stores.ts';
import { durableAdapter } from './adapter/durable.ts';
import { grantAdapter } from './adapter/grants.ts';
import { sessionAdapter } from './adapter/sessions.ts';
import { shortLivedAdapter } from './adapter/short-lived.ts';
import { models, type OidcDocuments } from './models.ts';
import { findMarked } from './token-kinds.ts';

/** Stores of the models. */
export interface AdapterDeps {
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  /** Hashes user codes. */
  readonly hashKey: KeyObject;
  readonly clock: Clock;
  /** Finds the metadata of a client (`clients/directory.ts` caches it). */
  readonly findClient: Adapter['find'];
}

/** For `adapter` in oidc-provider's configuration. @throws Problem 'internal' for a model that `models.ts` does not list. */
export const createAdapters =
  (deps: AdapterDeps): AdapterFactory =>
  model =>
    findMarked(model, adapterOf(model, deps));

const adapterOf = (model: string, deps: AdapterDeps): Adapter => {
  const storage = Object.hasOwn(models, model) ? models[model] : undefined;
  if (storage === undefined) throw new Problem('internal', `got the model ${model}, expected one of models.ts`);
  if (model === 'Session') return sessionAdapter(deps);
  if (storage.where === 'short-lived') return shortLivedAdapter(model, storage, deps);
  const durable = durableAdapter(model, storage, deps);
  if (model === 'Grant') return grantAdapter(durable, deps);
  return model === 'Client' ? { ...durable, find: deps.findClient } : durable;
};
