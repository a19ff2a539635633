/** How a kind lies in the file: a table, the body as JSON, and an index on the body for each member the kind declares. */
import type { DatabaseSync } from 'node:sqlite';
import type { Doc, Kind } from '../../src/ports/stores.ts';
import { atOnce } from './file.ts';

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const path = (member: string): string => quotedText(`$.${JSON.stringify(member)}`);

/** A member as the JSON text it has in the body: compared is what JSON.stringify wrote, NUL and lone surrogates included. */
export const textOf = (member: string): string => `body -> ${path(member)}`;

export interface Layout {
  readonly table: string;
  /** What makes the table and its indexes, by name; each does nothing where it is there already. */
  readonly makes: ReadonlyMap<string, string>;
  /** The moment a document ends; undefined for a kind whose documents never do. */
  readonly until: string | undefined;
}

/** A table's name carries the realm, so that several issuers may share a file. */
export const layoutOf = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  realm: string,
): Layout => {
  const name = realm === '' ? kind.name : `${realm}/${kind.name}`;
  const table = quotedName(name);
  const until = kind.expires === undefined ? undefined : `body ->> ${path(String(kind.expires))}`;
  // Partial: a document without the member costs nothing, and any number of them can be.
  const index = (label: string, unique: '' | 'UNIQUE', expression: string, more = ''): readonly [string, string] => {
    const called = `${name} ${label}`;
    const on = `${table} (${expression}${more}) WHERE ${expression} IS NOT NULL`;
    return [called, `CREATE ${unique} INDEX IF NOT EXISTS ${quotedName(called)} ON ${on}`];
  };
  return {
    table,
    makes: new Map([
      [
        name,
        `CREATE TABLE IF NOT EXISTS ${table} (id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, body TEXT NOT NULL) STRICT`,
      ],
      ...kind.index.map(member => index(`by ${member}`, '', textOf(member), ', id')),
      ...kind.unique.map(member => index(`one ${member}`, 'UNIQUE', textOf(member))),
      ...(until === undefined ? [] : [index('until', '', until)]),
    ]),
    until,
  };
};

/** Makes what is missing. SQLite fills a new index from the bodies by itself. */
export const prepareTable = (db: DatabaseSync, { makes }: Layout): void => {
  const present = new Set(
    db
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(row => row['name']),
  );
  if ([...makes.keys()].every(name => present.has(name))) return;
  atOnce(db, () => makes.forEach(sql => db.exec(sql)));
};
