/** Reads the store directly: a session by its cookie, an interaction by its id, a code by its value. */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { Sealer } from '../../../src/crypto.ts';
import { createAdapters } from '../../../src/oidc/adapter.ts';
import type { Clock } from '../../../src/ports/time.ts';
import { oidcDocumentKind } from '../../../src/records.ts';
import type { Node } from '../../support/world/stores.ts';

export type OidcLookup = (model: string, id: string) => Promise<AdapterPayload | undefined>;

export const createOidcLookup = ({ durable, shortLived }: Node, sealer: Sealer, clock: Clock): OidcLookup => {
  const adapters = createAdapters({
    documents: durable.collection(oidcDocumentKind),
    ephemeral: shortLived.ephemeral,
    sealer,
    hashKey: createSecretKey(randomBytes(32)),
    clock,
    findClient: async () => undefined,
  });
  return async (model, id) => (await adapters(model).find(id)) ?? undefined;
};
