/**
 * Lays out a kind in the file: one table with the document as JSON, and an index on the JSON for each declared member.
 * Declaring another member needs no migration.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Doc, Kind } from '../../src/ports/stores.ts';
import { inTransaction } from './file.ts';

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const path = (member: string): string => quotedText(`$.${JSON.stringify(member)}`);

/**
 * SQL for a member as JSON text, as JSON.stringify wrote it. Comparing that text is exact, also for NUL and lone
 * surrogates, which SQL text cannot hold.
 */
export const jsonOf = (member: string): string => `body -> ${path(member)}`;

/** SQL of one kind. */
export interface Layout {
  readonly table: string;
  /** Statements that create the table and its indexes, by name. Each leaves an existing one as it is. */
  readonly creates: ReadonlyMap<string, string>;
  /** SQL for the moment from which on a document is gone. undefined: documents of this kind stay. */
  readonly until: string | undefined;
}

/** The table's name contains the realm, so that several issuers may share a file. */
export const layoutOf = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  realm: string,
): Layout => {
  const name = realm === '' ? kind.name : `${realm}/${kind.name}`;
  const table = quotedName(name);
  const until = kind.expires === undefined ? undefined : `body ->> ${path(String(kind.expires))}`;
  // Partial: documents without the member take no space in it, and do not collide.
  const index = (label: string, unique: '' | 'UNIQUE', expression: string, more = ''): readonly [string, string] => {
    const indexName = `${name} ${label}`;
    const on = `${table} (${expression}${more}) WHERE ${expression} IS NOT NULL`;
    return [indexName, `CREATE ${unique} INDEX IF NOT EXISTS ${quotedName(indexName)} ON ${on}`];
  };
  return {
    table,
    creates: new Map([
      [
        name,
        `CREATE TABLE IF NOT EXISTS ${table} (id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, body TEXT NOT NULL) STRICT`,
      ],
      ...kind.index.map(member => index(`by ${member}`, '', jsonOf(member), ', id')),
      ...kind.unique.map(member => index(`one ${member}`, 'UNIQUE', jsonOf(member))),
      ...(until === undefined ? [] : [index('until', '', until)]),
    ]),
    until,
  };
};

/** Creates the missing table and indexes. SQLite fills a new index from the stored documents. */
export const prepareTable = (db: DatabaseSync, { creates }: Layout): void => {
  const present = new Set(
    db
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(row => row['name']),
  );
  if ([...creates.keys()].every(name => present.has(name))) return;
  inTransaction(db, () => creates.forEach(sql => db.exec(sql)));
};
