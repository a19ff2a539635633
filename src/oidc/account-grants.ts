/** Finds the grants of an account: what each client may do for its person, in all sessions and after them. */
import type { OidcDocument } from '../records.ts';
import type { OidcDocuments } from './models.ts';

/** A stored grant. */
export type GrantDocument = OidcDocument & { readonly grantId: string; readonly clientId: string };

/** All grants of the account, the oldest ids first. */
export const grantsOf = async (
  documents: Pick<OidcDocuments, 'find'>,
  accountId: string,
): Promise<readonly GrantDocument[]> => {
  const found: GrantDocument[] = [];
  let after = '';
  for (;;) {
    const page = await documents.find({ accountId, model: 'Grant' }, { after });
    found.push(...page.filter(isGrant));
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
};

const isGrant = (document: OidcDocument): document is GrantDocument =>
  document.grantId !== undefined && document.clientId !== undefined;
