/** Compares the documents of a file with those of a store, one by one, with bounded memory. */
import type { DurableStore } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import { dataKinds, type StoredDoc, type StoredKind } from '../records.ts';
import { canonicalJson } from './digest.ts';
import { documentsOf } from './export.ts';
import type { KindDocument } from './format.ts';
import { comesBefore } from './read.ts';

/**
 * equal: the same in file and store. ended: not stored, because it has expired. missing: in the file only. foreign: in the store
 * only. different: another document under the same id.
 */
export type Outcome = 'equal' | 'ended' | 'missing' | 'foreign' | 'different';

/** The outcome for one document. */
export interface Compared {
  readonly kind: string;
  readonly id: string;
  readonly outcome: Outcome;
}

/** Compares in the order of the file. `documents` is read once, to its end. */
export async function* compareData(
  documents: AsyncIterable<KindDocument>,
  { durable, clock }: { readonly durable: DurableStore; readonly clock: Clock },
): AsyncGenerator<Compared> {
  const kinds = dataKinds[Symbol.iterator]();
  let stored = startKind(durable, kinds.next().value);
  for await (const { kind, doc } of documents) {
    while (stored !== undefined && stored.kind.name !== kind) {
      yield* stored.rest();
      stored = startKind(durable, kinds.next().value);
    }
    if (stored === undefined) return;
    yield* stored.before(doc.id);
    const other = await stored.at(doc.id);
    const outcome =
      other === undefined
        ? hasEnded(stored.kind, doc, clock())
          ? 'ended'
          : 'missing'
        : canonicalJson(other) === canonicalJson(doc)
          ? 'equal'
          : 'different';
    yield { kind, id: doc.id, outcome };
  }
  for (; stored !== undefined; stored = startKind(durable, kinds.next().value)) yield* stored.rest();
}

/** True for an expired document, which stores no longer return. */
export const hasEnded = ({ expires }: StoredKind, doc: StoredDoc, now: number): boolean => {
  const until = expires === undefined ? undefined : doc[expires];
  return typeof until === 'number' && until <= now;
};

/** The stored documents of a kind, taken in order. */
interface StoredDocuments {
  readonly kind: StoredKind;
  /** Takes the documents before an id, which are foreign. */
  before(id: string): AsyncGenerator<Compared>;
  /** Takes the next one if it has this id. */
  at(id: string): Promise<StoredDoc | undefined>;
  /** Takes all remaining documents, which are foreign. */
  rest(): AsyncGenerator<Compared>;
}

const startKind = (durable: DurableStore, kind: StoredKind | undefined): StoredDocuments | undefined => {
  if (kind === undefined) return undefined;
  const documents = documentsOf(durable.collection(kind));
  let waiting: IteratorResult<StoredDoc> | undefined;
  const peek = async (): Promise<StoredDoc | undefined> => {
    waiting ??= await documents.next();
    return waiting.done === true ? undefined : waiting.value;
  };
  const take = (): void => {
    waiting = undefined;
  };
  const foreignWhile = async function* (isForeign: (doc: StoredDoc) => boolean): AsyncGenerator<Compared> {
    for (let doc = await peek(); doc !== undefined && isForeign(doc); doc = await peek()) {
      take();
      yield { kind: kind.name, id: doc.id, outcome: 'foreign' };
    }
  };
  return {
    kind,
    before: id => foreignWhile(doc => doc.id !== id && comesBefore(doc.id, id)),
    async at(id) {
      const doc = await peek();
      if (doc?.id !== id) return undefined;
      take();
      return doc;
    },
    rest: () => foreignWhile(() => true),
  };
};
