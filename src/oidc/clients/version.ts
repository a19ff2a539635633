/**
 * Counts the changes of clients, so that a node learns by one read whether any client was changed. The count is the revision of one
 * durable document, which is stored in one batch with each change.
 */
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { inserting, replacing, type DurableStore, type Write } from '../../ports/stores.ts';
import { oidcDocumentKind, type OidcDocument } from '../../records.ts';
import type { OidcDocuments } from '../models.ts';

/** oidc-provider has no such model, so that it finds the document as none. */
const countOfChanges: OidcDocument = { id: 'ClientChanges', rev: 1, model: 'ClientChanges', payload: {} };

/** Of two administrators who change clients at the same moment one is first; a script may add many clients at once. */
const maxAttempts = 200;

/** The number of changes so far. */
export const changesOfClients = async (documents: OidcDocuments): Promise<number> =>
  (await documents.get(countOfChanges.id))?.rev ?? 0;

/** gone, conflict: as `DurableStore.batch` says of the write of the client. raced: another write of the batch was lost. */
export type WrittenClient = 'written' | 'gone' | 'conflict' | 'raced';

/**
 * Carries out one write of a client and counts it. `also`: writes in the same batch, all or none.
 * @throws Problem 'unavailable' where other changes were first each time
 */
export const writeClient = async (
  { documents, durable }: { readonly documents: OidcDocuments; readonly durable: Pick<DurableStore, 'batch'> },
  write: Write,
  also: readonly Write[] = [],
): Promise<WrittenClient> =>
  optimisticWrite<WrittenClient>(
    async () => {
      const counted = await documents.get(countOfChanges.id);
      const count =
        counted === undefined ? inserting(oidcDocumentKind, countOfChanges) : replacing(oidcDocumentKind, counted);
      const outcome = await durable.batch([write, count, ...also]);
      if (outcome.ok) return 'written';
      if (outcome.lost === 0) return outcome.reason;
      // Another client was changed at the same moment.
      return outcome.lost === 1 ? conflict : 'raced';
    },
    () => {
      throw new Problem('unavailable', 'a concurrent change of clients was first every time this client was written');
    },
    maxAttempts,
  );
