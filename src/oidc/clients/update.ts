/** Changes stored clients by compare-and-swap: concurrent changes are applied one after the other, so that none is lost. */
import type { ClientMetadata } from 'oidc-provider';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { replacing, type DurableStore } from '../../ports/stores.ts';
import { oidcDocumentKind } from '../../records.ts';
import { documentId, inPlaceOf, toDocument } from '../adapter/durable.ts';
import type { OidcDocuments } from '../models.ts';
import { ownMetadata } from '../own-metadata.ts';
import { reservedProblem } from './built-in.ts';
import { changedMembers } from './change.ts';
import { refusal, unknownClient, type Decided } from './outcomes.ts';
import type { ClientPlanning } from './planning.ts';
import { writeClient } from './version.ts';

export interface UpdateDeps {
  readonly durable: Pick<DurableStore, 'batch'>;
  /** `durable.collection(oidcDocumentKind)` */
  readonly documents: OidcDocuments;
}

/** Gives the functions that change a stored client. `decide` must ask `doors.ts`; it runs again after a concurrent change. */
export const createClientUpdates = (deps: UpdateDeps, planning: Pick<ClientPlanning, 'checked'>) => {
  /** What `decide` makes of the client, checked. Writes nothing. */
  const plan = async (id: string, decide: (before: ClientMetadata) => Decided) => {
    const reserved = reservedProblem(id);
    if (reserved !== undefined) return refusal('invalid', reserved);
    const stored = await deps.documents.get(documentId('Client', id));
    if (stored === undefined) return unknownClient(id);
    const before: ClientMetadata = { client_id: id, ...stored.payload };
    const planned = await planning.checked(before, decide(before));
    if ('problem' in planned) return refusal('invalid', planned.problem);
    return { ok: true, stored, before, after: planned.after } as const;
  };

  /** Stores that. @throws Problem 'unavailable' if concurrent writers won every attempt. */
  const apply = async (id: string, decide: (before: ClientMetadata) => Decided) => {
    const attempt = async () => {
      const planned = await plan(id, decide);
      if (!planned.ok) return planned;
      const { stored, before, after } = planned;
      if (changedMembers(before, after).length === 0) return { ok: true, before, after } as const;
      const next = inPlaceOf(stored, toDocument('Client', id, after));
      const written = await writeClient(deps, replacing(oidcDocumentKind, next));
      if (written === 'gone') return conflict;
      if (written === 'written') return { ok: true, before, after } as const;
      return refusal('invalid', `another client has the resource ${ownMetadata(after).resource}`);
    };
    return optimisticWrite(attempt, () => {
      throw new Problem('unavailable', `${id}: a concurrent writer won every time this client was written`);
    });
  };

  return { plan, apply };
};

export type ClientUpdates = ReturnType<typeof createClientUpdates>;
