/** Finds and ends the grants of an account: what each client may do for its person, in all sessions and after them. */
import { allOf } from '../../all-pages.ts';
import type { Ephemeral } from '../../ports/stores.ts';
import type { OidcDocument } from '../../records.ts';
import type { OidcDocuments } from '../models.ts';

/** A stored grant. */
export type GrantDocument = OidcDocument & { readonly grantId: string; readonly clientId: string };

/** All grants of the account, the oldest ids first. */
export const grantsOf = async (
  documents: Pick<OidcDocuments, 'find'>,
  accountId: string,
): Promise<readonly GrantDocument[]> =>
  (await allOf(page => documents.find({ accountId, model: 'Grant' }, page))).filter(isGrant);

/** Ends one grant, and what was issued under it. */
export const endGrantOnDemand = async (
  deps: { readonly documents: OidcDocuments; readonly ephemeral: Ephemeral },
  grantId: string,
): Promise<void> => {
  // Loaded on demand: most commands end nothing, and oidc-provider loads slowly.
  const { endGrant } = await import('../adapter/grants.ts');
  await endGrant(deps, grantId);
};

const isGrant = (document: OidcDocument): document is GrantDocument =>
  document.grantId !== undefined && document.clientId !== undefined;
