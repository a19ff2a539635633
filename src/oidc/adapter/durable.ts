/** Models that must last: one document each, found by the hash of its id and by grant, account and client. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { isProblem, Problem } from '../../errors.ts';
import type { Clock } from '../../ports/time.ts';
import type { OidcDocument } from '../../records.ts';
import type { OidcDocuments } from '../adapter.ts';
import type { ModelStorage } from '../models.ts';
import { withoutId } from './ids.ts';

/** Names the document of a model's instance. */
export const documentId = (model: string, id: string): string => `${model}:${sha256(id)}`;

/** Writers of one document that come at the same moment; more than that is a fault, not a queue. */
const turns = 16;

export const durableAdapter = (
  model: string,
  { once }: ModelStorage,
  { documents, clock }: { readonly documents: OidcDocuments; readonly clock: Clock },
): Adapter => ({
  async upsert(id, payload, expiresIn) {
    const next = toDocument(model, id, payload, expiresIn && clock() + expiresIn * 1000 + (once?.lingers ?? 0));
    for (let turn = 0; turn < turns; turn += 1) {
      // Insert first: nearly every one is new, and an insert is one round trip.
      if (await inserted(documents, next)) return;
      const known = await documents.get(next.id);
      if (known !== undefined && (await documents.replace({ ...next, rev: known.rev })) !== undefined) return;
    }
    throw new Problem('unavailable', `${model}: got ${turns} writers of one document at once`, { retryable: true });
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

const inserted = async (documents: OidcDocuments, document: OidcDocument): Promise<boolean> => {
  try {
    await documents.insert(document);
    return true;
  } catch (error) {
    if (isProblem(error, 'conflict')) return false;
    throw error;
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
