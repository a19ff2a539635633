/** Removes what is stored durably of a person or a client. Refresh tokens are found by their grants only (`oidc/models.ts`). */
import { eachOf } from './all-pages.ts';
import type { Collection } from './ports/stores.ts';
import type { OidcDocument } from './records.ts';
import { removeAll } from './remove-all.ts';

type Documents = Collection<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model'>;

/** Removes the refresh tokens under these grants. */
export const removeTokens = async (
  documents: Pick<Documents, 'find' | 'remove'>,
  grantIds: readonly string[],
): Promise<void> => {
  for (const grantId of grantIds) await removeAll(documents, { model: 'RefreshToken', grantId });
};

/** Removes the documents of this owner, with the refresh tokens under its grants. Gives the ids of the grants. */
export const removeOwned = async (
  documents: Pick<Documents, 'find' | 'remove'>,
  owner: { readonly accountId: string } | { readonly clientId: string },
): Promise<readonly string[]> => {
  const grantIds: string[] = [];
  for await (const { grantId } of eachOf(page => documents.find({ ...owner, model: 'Grant' }, page))) {
    if (grantId !== undefined) grantIds.push(grantId);
  }
  await removeTokens(documents, grantIds);
  // Last, so that the grants lead to tokens that are left where this broke off.
  await removeAll(documents, owner);
  return grantIds;
};
