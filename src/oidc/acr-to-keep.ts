/** Finds the level that a person's methods must keep reaching, so that no removal locks them out of a client that they use. */
import { highest, isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import { grantsOf } from './account-grants.ts';
import { ownMetadata } from './client-metadata.ts';
import type { ClientDirectory } from './clients/directory.ts';
import type { OidcDocuments } from './models.ts';

interface AcrToKeepDeps {
  readonly documents: Pick<OidcDocuments, 'find'>;
  readonly clients: Pick<ClientDirectory, 'find'>;
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
}

/** Gives the highest level that the server, and the clients with a grant of this person, always require. */
export const createAcrToKeep =
  ({ documents, clients, minimum }: AcrToKeepDeps) =>
  async (accountId: string): Promise<Acr> => {
    const ids = new Set((await grantsOf(documents, accountId)).map(({ clientId }) => clientId));
    const metadata = await Promise.all([...ids].map(async id => ownMetadata((await clients.find(id)) ?? {})));
    const levels = metadata.flatMap(({ min_acr: least, require_mfa: needsMfa }) => [
      isAcr(least) ? least : 'sfa',
      needsMfa === true ? ('mfa' as const) : ('sfa' as const),
    ]);
    return highest(minimum, ...levels);
  };
