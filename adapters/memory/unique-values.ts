/** Remembers for each unique member of a kind which document has which value. */
import type { Doc, Kind } from '../../src/ports/stores.ts';

/** No values yet. */
export const createUniqueValues = <D extends Doc, Index extends keyof D & string>({
  unique,
  uniqueEach = [],
}: Kind<D, Index>) => {
  const owners = new Map([...unique, ...uniqueEach].map(member => [member, new Map<unknown, string>()]));
  /** Values of the unique members of `doc`. */
  const valuesOf = (doc: D): readonly (readonly [member: Index, value: unknown])[] => [
    ...unique.filter(member => doc[member] !== undefined).map(member => [member, doc[member]] as const),
    ...uniqueEach.flatMap(member => textsOf(doc[member]).map(text => [member, text] as const)),
  ];
  return {
    /** Ids of the documents that have a value of `doc`, with the member that they share. */
    sharing: (doc: D): readonly (readonly [member: Index, id: string])[] =>
      valuesOf(doc).flatMap(([member, value]) => {
        const id = owners.get(member)?.get(value);
        return id === undefined ? [] : [[member, id] as const];
      }),
    add: (doc: D): void => valuesOf(doc).forEach(([member, value]) => owners.get(member)?.set(value, doc.id)),
    /** Forgets the values of `doc`, except those that another document has taken over since. */
    drop: (doc: D): void =>
      valuesOf(doc).forEach(([member, value]) => {
        const ids = owners.get(member);
        if (ids?.get(value) === doc.id) ids.delete(value);
      }),
  };
};

/** The texts of a member that is a list; none where the document does not have it. */
export const textsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);
