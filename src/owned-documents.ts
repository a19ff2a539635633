/** Removes what is stored durably of a person or a client. Refresh tokens are found by their grants only (`oidc/models.ts`). */
import { eachOf } from './all-pages.ts';
import type { Collection } from './ports/stores.ts';
import type { OidcDocument } from './records.ts';
import { removeAll } from './remove-all.ts';

type Documents = Collection<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model'>;

/** Removes the documents of this owner, with the refresh tokens under its grants. */
export const removeOwned = async (
  documents: Pick<Documents, 'find' | 'remove'>,
  owner: { readonly accountId: string } | { readonly clientId: string },
): Promise<void> => {
  for await (const { grantId } of eachOf(page => documents.find({ ...owner, model: 'Grant' }, page))) {
    if (grantId !== undefined) await removeAll(documents, { model: 'RefreshToken', grantId });
  }
  // Last, so that the grants lead to tokens that are left where this broke off.
  await removeAll(documents, owner);
};
