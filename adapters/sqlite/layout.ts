/**
 * Lays out a kind in the file: one table with the document as JSON, and an index on the JSON for each declared member.
 * A unique list has a table of its texts, which triggers keep equal to the documents. Declaring another member needs no
 * migration.
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
const jsonOf = (member: string): string => `body -> ${path(member)}`;

/** SQL of one kind. */
export interface Layout {
  readonly table: string;
  /** Statements that create the table and its indexes, by name. Each leaves an existing one as it is. */
  readonly creates: ReadonlyMap<string, string>;
  /** SQL for the moment from which on a document is gone. undefined: documents of this kind stay. */
  readonly until: string | undefined;
  /** SQL that is true for documents with `parameter`, as JSON text, in this member. */
  readonly has: (member: string, parameter: string) => string;
}

/** The table's name contains the realm, so that several issuers may share a file. */
export const layoutOf = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  realm: string,
): Layout => {
  const name = realm === '' ? kind.name : `${realm}/${kind.name}`;
  const table = quotedName(name);
  const until = kind.expires === undefined ? undefined : `body ->> ${path(kind.expires)}`;
  // Partial: documents without the member take no space in it, and do not collide.
  const index = (label: string, unique: '' | 'UNIQUE', expression: string, more = ''): readonly [string, string] => {
    const indexName = `${name} ${label}`;
    const on = `${table} (${expression}${more}) WHERE ${expression} IS NOT NULL`;
    return [indexName, `CREATE ${unique} INDEX IF NOT EXISTS ${quotedName(indexName)} ON ${on}`];
  };
  const lists = new Map<string, ReturnType<typeof listLayout>>(
    (kind.uniqueEach ?? []).map(member => [member, listLayout(name, table, member)]),
  );
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
      ...[...lists.values()].flatMap(({ creates }) => creates),
    ]),
    until,
    has: (member, parameter) => lists.get(member)?.has(parameter) ?? `${jsonOf(member)} = ${parameter}`,
  };
};

/** The texts of a member that is a list: one row each, as JSON text, with the id of the one document that has it. */
const listLayout = (name: string, table: string, member: string) => {
  const label = `${name} each ${member}`;
  const texts = quotedName(label);
  const insertTexts = (body: string, id: string, from = ''): string =>
    `INSERT INTO ${texts} SELECT DISTINCT ${body} -> fullkey, ${id} FROM ${from}json_each(${body}, ${path(member)})`;
  const deleteTexts = `DELETE FROM ${texts} WHERE id = old.id`;
  const trigger = (on: string, when: string, steps: readonly string[]): readonly [string, string] => {
    const triggerName = `${label} on ${on.toLowerCase()}`;
    return [
      triggerName,
      `CREATE TRIGGER IF NOT EXISTS ${quotedName(triggerName)} AFTER ${on} ON ${table} ${when}
       BEGIN ${steps.map(step => `${step};`).join(' ')} END`,
    ];
  };
  const creates: readonly (readonly [string, string])[] = [
    [
      label,
      // Filled from the stored documents. Emptied first: this runs again where a later release adds an index to the kind.
      `CREATE TABLE IF NOT EXISTS ${texts} (value TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
       DELETE FROM ${texts};
       ${insertTexts(`${table}.body`, `${table}.id`, `${table}, `)}`,
    ],
    [`${label} by id`, `CREATE INDEX IF NOT EXISTS ${quotedName(`${label} by id`)} ON ${texts} (id)`],
    trigger('INSERT', '', [insertTexts('new.body', 'new.id')]),
    trigger('UPDATE', `WHEN old.${jsonOf(member)} IS NOT new.${jsonOf(member)}`, [
      deleteTexts,
      insertTexts('new.body', 'new.id'),
    ]),
    trigger('DELETE', '', [deleteTexts]),
  ];
  return { creates, has: (parameter: string) => `id = (SELECT id FROM ${texts} WHERE value = ${parameter})` };
};

/**
 * Creates the missing table and indexes, and drops indexes that an earlier release declared. SQLite fills a new index from the stored
 * documents. An earlier release that opens the file again creates its own again.
 */
export const prepareTable = (db: DatabaseSync, { creates }: Layout): void => {
  const present = new Map(
    db
      .prepare('SELECT name, tbl_name FROM sqlite_schema')
      .all()
      .map(row => [String(row['name']), String(row['tbl_name'])]),
  );
  const [name = ''] = creates.keys();
  const dropped = [...present].flatMap(([each, of]) =>
    of === name && each.startsWith(`${name} by `) && !creates.has(each) ? [`DROP INDEX ${quotedName(each)}`] : [],
  );
  const isComplete = [...creates.keys()].every(each => present.has(each));
  if (isComplete && dropped.length === 0) return;
  inTransaction(db, () => [...creates.values(), ...dropped].forEach(sql => db.exec(sql)));
};
