/** Keeps durable models: one document per instance, found by the hash of its id, and by grant, account and client. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import { removeAll } from '../../remove-all.ts';
import type { OidcDocument } from '../../records.ts';
import { ownMetadata } from '../own-metadata.ts';
import { canonicalResource } from '../resource-identifiers.ts';
import { withoutId, type ModelStorage, type OidcDocuments } from '../models.ts';

/** Id of the document of a model's instance. */
export const documentId = (model: string, id: string): string => `${model}:${sha256(id)}`;

/** oidc-provider's adapter for one durable model. */
export const durableAdapter = (
  model: string,
  storage: ModelStorage,
  { documents, clock }: { readonly documents: OidcDocuments; readonly clock: Clock },
): Adapter => ({
  async upsert(id, payload, expiresIn) {
    const next = toDocument(model, id, payload, endOf(storage, clock, expiresIn));
    await optimisticWrite(
      async () => {
        // Insert first: nearly all instances are new, and an insert is one round trip.
        if (await insertIfAbsent(documents, next)) return next;
        const stored = await documents.get(next.id);
        if (stored === undefined) return conflict;
        // A second write would make a used instance unused, and an ended grant (consent/grants.ts) valid.
        if (storage.once !== undefined || stored.model !== model) return stored;
        return (await documents.replace(inPlaceOf(stored, next))) ?? conflict;
      },
      () => {
        throw new Problem('unavailable', `${model}: a concurrent writer won every time this document was written`);
      },
    );
  },
  async find(id) {
    const found = await documents.get(documentId(model, id));
    return found?.model === model ? toPayload(found, id) : undefined;
  },
  async consume(id) {
    const refuse =
      storage.once?.refuse ?? (() => new Problem('internal', `got ${model} to consume, expected a single-use model`));
    const found = await documents.get(documentId(model, id));
    // An absent one is refused too: it was revoked after the library read it.
    if (found === undefined || found.consumedAt !== undefined) throw refuse();
    if ((await documents.replace({ ...found, consumedAt: clock() })) === undefined) throw refuse();
  },
  async destroy(id) {
    await documents.remove(documentId(model, id));
  },
  revokeByGrantId: async grantId => void (await removeAll(documents, { model, grantId })),
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
});

/** Until when an instance is kept that the library keeps for `expiresIn` seconds; undefined: it does not expire. */
export const endOf = (
  storage: ModelStorage | undefined,
  clock: Clock,
  expiresIn: number | undefined,
): EpochMillis | undefined => expiresIn && clock() + expiresIn * 1000 + (storage?.once?.readableAfterEnd ?? 0);

/** The first document of an instance, at rev 1. Without `expiresAt` it does not expire. */
export const toDocument = (model: string, id: string, payload: AdapterPayload, expiresAt?: number): OidcDocument => {
  const grantId = model === 'Grant' ? id : payload.grantId;
  const clientId = model === 'Client' ? id : payload.clientId;
  const resource = model === 'Client' ? canonicalResource(ownMetadata(payload).resource) : undefined;
  return {
    id: documentId(model, id),
    rev: 1,
    model,
    payload: withoutId(payload),
    ...(grantId !== undefined && { grantId }),
    ...(payload.accountId !== undefined && { accountId: payload.accountId }),
    ...(clientId !== undefined && { clientId }),
    ...(resource !== undefined && { resource }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
};

/** `next` in the place of `stored`: members of a later release stay. */
export const inPlaceOf = (stored: OidcDocument, next: OidcDocument): OidcDocument => {
  const {
    payload: _payload,
    grantId: _grantId,
    accountId: _accountId,
    clientId: _clientId,
    resource: _resource,
    expiresAt: _expiresAt,
    ...others
  } = stored;
  return { ...others, ...next, rev: stored.rev };
};

/** The payload of a document, as the library stored it. */
export const toPayload = ({ payload, model, consumedAt }: OidcDocument, id: string): AdapterPayload => ({
  ...payload,
  ...(model !== 'Client' && { jti: id }),
  ...(consumedAt !== undefined && { consumed: Math.floor(consumedAt / 1000) }),
});
