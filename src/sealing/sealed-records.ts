/**
 * Lists every sealed value of the durable store. This folder reseals them when operators change the sealing keys:
 *
 *   sealed-records.ts   which members of which records are sealed, and the record each is bound to
 *   resealing.ts        encrypts values of earlier keys again by the first one, page by page
 *
 * Short-lived values are not listed: they expire before an operator removes a key.
 */
import { Problem } from '../errors.ts';
import { keyBinding } from '../keys/material.ts';
import { sealedTo as authenticatorBinding } from '../mfa/sealed-authenticators.ts';
import { successorBinding } from '../oidc/adapter/refresh-tokens.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import { sealedFor } from '../outbox/outbox.ts';
import type { Doc, DurableStore, Kind } from '../ports/stores.ts';
import { authenticatorKind, keyRingKind, oidcDocumentKind, outboxKind, secretKind } from '../records.ts';
import { sealedName } from '../secrets.ts';

/** Returns the value to store in place of a sealed one; the same value where it stays. */
export type Change = (sealed: string, boundTo: string) => string;

/** The records of one kind, with their sealed values. */
export interface SealedRecords {
  /** Name of their kind. */
  readonly name: string;
  /**
   * Calls `change` for each sealed value of the next `limit` records after this id, and stores its results. A record that another
   * writer changes meanwhile is read again.
   * @throws Problem 'unavailable' where other writers won each attempt
   */
  page(durable: DurableStore, after: string, limit: number, change: Change): Promise<SealedPage>;
}

/** A page of records. */
export interface SealedPage {
  /** Their sealed values as they are stored now. */
  readonly values: readonly string[];
  /** Id of the last record. Absent: there are no more. */
  readonly last?: string | undefined;
}

const recordsOf = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  changed: (doc: D, change: Change) => D,
): SealedRecords => ({
  name: kind.name,
  async page(durable, after, limit, change) {
    const collection = durable.collection(kind);
    const found = await collection.find({}, { after, limit });
    const values: string[] = [];
    for (const listed of found) {
      const stored = await optimisticWrite<readonly string[]>(
        async before => {
          const doc = before === 0 ? listed : await collection.get(listed.id);
          if (doc === undefined) return [];
          let isSame = true;
          const now: string[] = [];
          const next = changed(doc, (sealed, boundTo) => {
            const value = change(sealed, boundTo);
            isSame &&= value === sealed;
            now.push(value);
            return value;
          });
          return isSame || (await collection.replace(next)) !== undefined ? now : conflict;
        },
        () => {
          // If it were counted as resealed, an operator would remove its key too early.
          throw new Problem('unavailable', `${kind.name} ${listed.id}: a concurrent writer won each attempt`);
        },
      );
      values.push(...stored);
    }
    return { values, last: found.length === limit ? found.at(-1)?.id : undefined };
  },
});

/** Every sealed member of a record. */
export const sealedRecords: readonly SealedRecords[] = [
  // First, because a start needs them.
  recordsOf(secretKind, (secret, change) => ({ ...secret, sealed: change(secret.sealed, sealedName(secret.id)) })),
  recordsOf(keyRingKind, (ring, change) => ({
    ...ring,
    keys: ring.keys.map(key => ({ ...key, sealed: change(key.sealed, keyBinding(ring.id, key.kid)) })),
  })),
  recordsOf(authenticatorKind, (record, change) => ({
    ...record,
    sealed: change(record.sealed, authenticatorBinding(record)),
  })),
  recordsOf(outboxKind, (message, change) => ({ ...message, sealed: change(message.sealed, sealedFor(message.id)) })),
  recordsOf(oidcDocumentKind, (document, change) =>
    document.successor === undefined
      ? document
      : { ...document, successor: change(document.successor, successorBinding(document)) },
  ),
];
