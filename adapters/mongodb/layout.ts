/**
 * Defines how documents of a kind are stored in a MongoDB collection. Each member is stored as JSON text, because BSON cannot hold
 * every JSON value, and treats some different values as equal. Every member can be indexed, so a new index needs no migration.
 */
import { randomUUID } from 'node:crypto';
import type { Document, Filter, IndexDescription } from 'mongodb';
import type { Doc, Kind } from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';

/** A document as MongoDB has it. Texts of `_id` are compared by their bytes in UTF-8, and so by code point. */
export interface Stored {
  readonly _id: string;
  readonly rev: number;
  /** Random for each write, so that a caller recognises its own write when it reads back. */
  readonly write: string;
  /** Every member but `id` and `rev` as JSON text; a list as a list of such texts. */
  readonly members: { readonly [member: string]: string | readonly string[] };
  /** When it expires. Absent: never. */
  readonly until?: Date;
}

/** The layout of one kind. */
export interface Layout<D> {
  readonly collection: string;
  readonly indexes: readonly IndexDescription[];
  readonly toStored: (doc: D) => Stored;
  /** Finds by the values of members; of a list, by one of its texts. */
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
 * MongoDB deletes ended documents by its own clock, this many seconds late, to free space. Queries leave them out by our clock,
 * so the clocks of the servers may differ by less than this.
 */
const deletedAfter = 24 * 60 * 60;

/** The collection's name ends with the realm, so that several issuers may share a database. */
export const layoutOf = <D extends Doc, Index extends keyof D & string>(
  { name, index, unique, uniqueEach = [], expires }: Kind<D, Index>,
  realm: string,
): Layout<D> => {
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
    toStored: ({ id, rev, ...others }) => {
      const texts = Object.entries(others).flatMap(([member, value]) => {
        const text = Array.isArray(value) ? value.map(each => textOf(each) ?? 'null') : textOf(value);
        return text === undefined ? [] : [[member, text] as const];
      });
      const doc = { id, rev, ...others } as D;
      return { _id: id, rev, write: randomUUID(), members: Object.fromEntries(texts), ...until(doc) };
    },
    has: criteria => Object.fromEntries(criteria.map(([member, value]) => [path(member), textOf(value)])),
    hasOne: (member, stored) => ({ [path(member)]: { $in: stored } }),
    live: now => (expires === undefined ? {} : { until: { $not: { $lte: new Date(now) } } }),
    ...(expires !== undefined && { ended: now => ({ until: { $lte: new Date(now) } }) }),
    unique: oneOf,
    several: by,
  };
};

/** The document that `toStored` stored. */
export const fromStored = ({ _id, rev, members }: Stored): unknown => {
  const texts = Object.entries(members).map(([member, text]) => {
    const value = typeof text === 'string' ? text : `[${text.join(',')}]`;
    return `,${JSON.stringify(member)}:${value}`;
  });
  return JSON.parse(`{"id":${JSON.stringify(_id)},"rev":${rev}${texts.join('')}}`);
};

/** JSON; undefined for what JSON leaves out. */
const textOf = (value: unknown): string | undefined => JSON.stringify(value);

const path = (member: string): string => `members.${member}`;

/**
 * True where the member has a value, as every JSON text is greater than no text. For partial indexes: documents without the
 * member, or with an empty list, take no space in it and do not collide.
 */
const having = (member: string): Document => ({ [path(member)]: { $gte: '' } });

/** The last moment of a Date, in milliseconds: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const latest = 8.64e15;
