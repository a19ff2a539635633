/**
 * Lays out the documents of a kind in one MongoDB collection. A document is stored as JSON text, because BSON cannot hold every
 * JSON value. Members to find by stand beside it, also as JSON text, so that they are compared exactly.
 */
import { randomUUID } from 'node:crypto';
import type { Document, Filter, IndexDescription } from 'mongodb';
import type { Doc, Kind } from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';

/** A document as MongoDB has it. Texts of `_id` are compared by their bytes in UTF-8, and so by code point. */
export interface Stored {
  readonly _id: string;
  readonly rev: number;
  /** Differs for each write, so that a caller can tell its own write from that of another. */
  readonly write: string;
  readonly body: string;
  /** Each indexed member as JSON text; of a list, each text of it once. Absent members, and empty lists, are left out. */
  readonly members: { readonly [member: string]: string | readonly string[] };
  /** From then on it is gone. Absent: it stays. */
  readonly until?: Date;
}

/** The layout of one kind. */
export interface Layout<D> {
  readonly collection: string;
  readonly indexes: readonly IndexDescription[];
  readonly toStored: (doc: D) => Stored;
  /** Finds by the values of members. */
  readonly has: (criteria: readonly (readonly [member: string, value: unknown])[]) => Filter<Stored>;
  /** Finds by one of several values, as `toStored` gives them. */
  readonly hasOne: (member: string, stored: readonly string[]) => Filter<Stored>;
  /** True for a document that has not ended; empty for kinds without an end. */
  readonly live: (now: EpochMillis) => Filter<Stored>;
  /** True for an ended document; undefined for kinds without an end. */
  readonly ended?: (now: EpochMillis) => Filter<Stored>;
  /** Names of the indexes in which each value has one document, by member. */
  readonly unique: ReadonlyMap<string, string>;
  /** Names of the other indexes, by member. */
  readonly several: ReadonlyMap<string, string>;
}

/**
 * MongoDB deletes ended documents by its own clock, a day late, to free space. Our clock decides when they are gone, and the
 * clocks of the servers may differ by less than this. In seconds.
 */
const deletedAfter = 24 * 60 * 60;

/** The collection's name ends with the realm, so that several issuers may share a database. */
export const layoutOf = <D extends Doc, Index extends keyof D & string>(
  { name, index, unique, uniqueEach = [], expires }: Kind<D, Index>,
  realm: string,
): Layout<D> => {
  const each = new Set<string>(uniqueEach);
  const oneOf = new Map([
    ...unique.map(member => [member, `one ${member}`] as const),
    ...uniqueEach.map(member => [member, `each ${member}`] as const),
  ]);
  const by = new Map(index.map(member => [member, `by ${member}`] as const));
  const until = (doc: D): { until?: Date } => {
    const end = expires === undefined ? undefined : doc[expires];
    return typeof end === 'number' && Math.abs(end) <= latest ? { until: new Date(Math.ceil(end)) } : {};
  };
  return {
    collection: realm === '' ? name : `${name}@${realm}`,
    indexes: [
      ...[...by].map(([member, label]) => ({
        name: label,
        key: { [path(member)]: 1 as const, _id: 1 as const },
        partialFilterExpression: having(member),
      })),
      ...[...oneOf].map(([member, label]) => ({
        name: label,
        key: { [path(member)]: 1 as const },
        unique: true,
        partialFilterExpression: having(member),
      })),
      ...(expires === undefined
        ? []
        : [{ name: 'until', key: { until: 1 as const }, expireAfterSeconds: deletedAfter }]),
    ],
    toStored(doc) {
      const all: readonly Index[] = [...index, ...unique, ...uniqueEach];
      const members = all.flatMap(member => {
        const text = each.has(member) ? textsIn(doc[member]) : textOf(doc[member]);
        return text === undefined ? [] : [[member, text] as const];
      });
      return {
        _id: doc.id,
        rev: doc.rev,
        write: randomUUID(),
        body: JSON.stringify(doc),
        members: Object.fromEntries(members),
        ...until(doc),
      };
    },
    has: criteria => Object.fromEntries(criteria.map(([member, value]) => [path(member), JSON.stringify(value)])),
    hasOne: (member, stored) => ({ [path(member)]: { $in: stored } }),
    live: now => (expires === undefined ? {} : { until: { $not: { $lte: new Date(now) } } }),
    ...(expires !== undefined && { ended: now => ({ until: { $lte: new Date(now) } }) }),
    unique: oneOf,
    several: by,
  };
};

/** For a partial index: documents without the member take no space in it, and do not collide. */
const having = (member: string): Document => ({ [path(member)]: { $exists: true } });

const textOf = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
/** An index takes an empty list for a value of its own. */
const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? [...new Set(value.map(text => JSON.stringify(text)))] : undefined;

const path = (member: string): string => `members.${member}`;

/** The last moment of a Date, in milliseconds: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const latest = 8.64e15;
