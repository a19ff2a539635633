/** Finds documents by the declared members of their kind: keeps the ids that have a value, for each value of each member. */
import type { Doc, Kind } from '../../src/ports/stores.ts';
import { createSortedIds, type SortedIds } from './sorted-ids.ts';

/** No documents yet. */
export const createIndexes = <D extends Doc, Index extends keyof D & string>({
  index,
  filters = [],
  unique,
  uniqueEach = [],
}: Kind<D, Index>) => {
  const refusing = [...unique, ...uniqueEach];
  const byMember = new Map([...index, ...filters, ...refusing].map(member => [member, new Map<unknown, SortedIds>()]));
  const lists = new Set(uniqueEach);
  const none = createSortedIds();
  /** Values by which a member finds the document. A list may name a text twice. */
  const valuesOf = (doc: D, member: Index): Iterable<unknown> => {
    const value = doc[member];
    if (lists.has(member)) return new Set(Array.isArray(value) ? value : []);
    return value === undefined ? [] : [value];
  };
  const idsWith = (member: Index, value: unknown): SortedIds => byMember.get(member)?.get(value) ?? none;
  return {
    /** Ids of the documents whose member is this value, or has this text in its list. */
    idsWith,
    /** Other documents that have a value of a unique member of `doc`, with the member that they share. */
    sharing: (doc: D): readonly (readonly [member: Index, id: string])[] =>
      refusing.flatMap(member =>
        [...valuesOf(doc, member)].flatMap(value =>
          [...idsWith(member, value).after(undefined, 'oldest')].flatMap(id =>
            id === doc.id ? [] : [[member, id] as const],
          ),
        ),
      ),
    add(doc: D): void {
      for (const [member, values] of byMember) {
        for (const value of valuesOf(doc, member)) {
          const ids = values.get(value) ?? createSortedIds();
          values.set(value, ids);
          ids.add(doc.id);
        }
      }
    },
    drop(doc: D): void {
      for (const [member, values] of byMember) {
        for (const value of valuesOf(doc, member)) {
          const ids = values.get(value);
          ids?.drop(doc.id);
          if (ids?.size() === 0) values.delete(value);
        }
      }
    },
  };
};
