/** Models that must last: one document each, found by the hash of its id and by grant, account and client. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Clock } from '../../ports/time.ts';
import type { OidcDocument } from '../../records.ts';
import type { OidcDocuments } from '../adapter.ts';
import type { ModelStorage } from '../models.ts';
import { withoutId } from './ids.ts';

/** Names the document of a model's instance. */
export const documentId = (model: string, id: string): string => `${model}:${sha256(id)}`;

export const durableAdapter = (
  model: string,
  { once }: ModelStorage,
  { documents, clock }: { readonly documents: OidcDocuments; readonly clock: Clock },
): Adapter => ({
  async upsert(id, payload, expiresIn) {
    const next = toDocument(model, id, payload, expiresIn && clock() + expiresIn * 1000 + (once?.lingers ?? 0));
    await optimisticWrite(
      async () => {
        // Insert first: nearly every one is new, and an insert is one round trip.
        if (await insertIfAbsent(documents, next)) return next;
        const stored = await documents.get(next.id);
        return (stored && (await documents.replace({ ...next, rev: stored.rev }))) ?? conflict;
      },
      () => {
        throw new Problem('unavailable', `${model}: a concurrent writer won every time this document was written`);
      },
    );
  },
  async find(id) {
    const found = await documents.get(documentId(model, id));
    return found && toPayload(found, id);
  },
  async consume(id) {
    const refuse = once?.refuse ?? (() => new Problem('internal', `${model} cannot be consumed`));
    const found = await documents.get(documentId(model, id));
    // Absent is refused as well: it was revoked between the library's look at it and this moment.
    if (found === undefined || found.consumedAt !== undefined) throw refuse();
    if ((await documents.replace({ ...found, consumedAt: clock() })) === undefined) throw refuse();
  },
  async destroy(id) {
    await documents.remove(documentId(model, id));
  },
  revokeByGrantId: grantId => removeAll(documents, { model, grantId }),
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
});

/** Removes every document that is found by these members. */
export const removeAll = async (
  documents: OidcDocuments,
  where: Partial<Pick<OidcDocument, 'model' | 'grantId' | 'accountId' | 'clientId'>>,
): Promise<void> => {
  let after = '';
  for (;;) {
    const page = await documents.find(where, { after });
    await Promise.all(page.map(({ id }) => documents.remove(id)));
    const last = page.at(-1);
    if (last === undefined) return;
    // The next page begins after an id that is gone: pages move on even when a removal was beaten by another one.
    after = last.id;
  }
};

/** A model's instance as it is kept the first time; without `expiresAt` it stays. */
export const toDocument = (model: string, id: string, payload: AdapterPayload, expiresAt?: number): OidcDocument => {
  const grantId = model === 'Grant' ? id : payload.grantId;
  const clientId = model === 'Client' ? id : payload.clientId;
  return {
    id: documentId(model, id),
    rev: 1,
    model,
    payload: withoutId(payload),
    ...(grantId !== undefined && { grantId }),
    ...(payload.accountId !== undefined && { accountId: payload.accountId }),
    ...(clientId !== undefined && { clientId }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
};

const toPayload = ({ payload, model, consumedAt }: OidcDocument, id: string): AdapterPayload => ({
  ...payload,
  ...(model !== 'Client' && { jti: id }),
  ...(consumedAt !== undefined && { consumed: Math.floor(consumedAt / 1000) }),
});
