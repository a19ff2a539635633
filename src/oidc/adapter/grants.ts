/**
 * Ends grants. Each token names its grant and is refused without it: the durable document of the grant decides, and removing
 * refresh tokens and requests of devices only frees room. An ended grant leaves a tombstone until the grant would have expired.
 * Without it a request that read the grant earlier could write it again (a consent, a wider scope), and old tokens would be valid.
 */
import { Provider, type Adapter, type KoaContextWithOIDC } from 'oidc-provider';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { inserting, type Ephemeral } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import { oidcDocumentKind } from '../../records.ts';
import { holdDocument } from '../http/held-writes.ts';
import { models, type OidcDocuments } from '../models.ts';
import { removeAll } from '../../remove-all.ts';
import { documentId, endOf, toDocument } from './durable.ts';
import { grantTag } from './short-lived.ts';

/** `model` of a tombstone. oidc-provider has no such model, so that nothing finds it as a grant. */
const endedModel = 'EndedGrant';

/** Puts a tombstone in the place of a grant. True for the one caller that ended it; false: it was gone already. */
const leaveTombstone = async (documents: OidcDocuments, grantId: string): Promise<boolean> =>
  optimisticWrite(
    async () => {
      const grant = await documents.get(documentId('Grant', grantId));
      if (grant === undefined || grant.model === endedModel) return false;
      const { id, rev, expiresAt } = grant;
      const tombstone = { id, rev, model: endedModel, payload: {}, ...(expiresAt !== undefined && { expiresAt }) };
      return (await documents.replace(tombstone)) === undefined ? conflict : true;
    },
    () => {
      throw new Problem('unavailable', 'a concurrent writer won every time this grant was to be ended');
    },
  );

/** Models that are removed with a grant. An interaction only remembers it: the sign-in goes on, and gets another grant. */
const removed = Object.entries(models).flatMap(([model, { where, unindexed }]) =>
  where === 'short-lived' && model !== 'Interaction' && unindexed !== true ? [model] : [],
);

/**
 * Ends a grant and removes what was issued under it. Its access tokens are refused from then on, and stay until they expire. True for the
 * one caller that ended it.
 */
export const endGrant = async (
  { documents, ephemeral }: { readonly documents: OidcDocuments; readonly ephemeral: Ephemeral },
  grantId: string,
): Promise<boolean> => {
  if (!(await leaveTombstone(documents, grantId))) return false;
  await Promise.all([
    removeAll(documents, { grantId }),
    ...removed.map(model => ephemeral.dropTagged(grantTag(model, grantId))),
  ]);
  return true;
};

/** Requests whose next grant may be held back. */
const holding = new WeakSet<KoaContextWithOIDC>();

/** Lets the next grant of this request be stored with its other writes. It must be new, and unknown to other requests. */
export const holdNextGrant = (ctx: KoaContextWithOIDC): void => void holding.add(ctx);

/** oidc-provider's adapter for grants. */
export const grantAdapter = (
  durable: Adapter,
  { documents, clock }: { readonly documents: OidcDocuments; readonly clock: Clock },
): Adapter => ({
  ...durable,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    const alone = async (): Promise<void> => durable.upsert(id, payload, expiresIn);
    if (ctx !== undefined && holding.delete(ctx)) {
      const grant = toDocument('Grant', id, payload, endOf(models['Grant'], clock, expiresIn));
      if (holdDocument(ctx, { write: inserting(oidcDocumentKind, grant), alone })) return;
    }
    await alone();
  },
  async destroy(id) {
    await leaveTombstone(documents, id);
  },
});
