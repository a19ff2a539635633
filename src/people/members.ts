/**
 * People in bulk: whole persons, an account with its phones and authenticator apps, in and out of files.
 *
 *   file ─ lines.ts ─ csv.ts, read-file.ts ─ row.ts ─ import.ts ─> accounts      (rows are checked before anything is stored)
 *   accounts ─ export.ts ─> file                                  remove.ts takes one person out
 *
 * This file lists the members of a person in a file: the columns of a CSV, the members of a JSON line.
 */

/** In the order of the columns that are written. */
export const members = [
  'name',
  'display_name',
  'email',
  'email_verified',
  'language',
  'zoneinfo',
  'groups',
  'locked',
  'phones',
  'password_hash',
  'totp',
] as const;
export type Member = (typeof members)[number];

/** Those that sign in as the person, or help to. */
export const secretMembers: ReadonlySet<Member> = new Set<Member>(['password_hash', 'totp']);

/** Names of the same members in exports of others, without signs and in small letters. */
const otherNames: Readonly<Record<string, Member>> = {
  username: 'name',
  userprincipalname: 'name',
  mail: 'email',
  locale: 'language',
  preferredlanguage: 'language',
};
const byName = new Map<string, Member>(members.map(member => [member.replaceAll('_', ''), member]));

/** The member of this name: `Display Name`, `displayName` and `display_name` are one. undefined: there is none. */
export const memberNamed = (typed: string): Member | undefined => {
  const plain = typed.toLowerCase().replaceAll(/[\s_-]/g, '');
  return byName.get(plain) ?? (Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined);
};

/** One row of a file: its line, and the values that are not empty. */
export interface FileRow {
  readonly line: number;
  readonly values: ReadonlyMap<Member, unknown>;
}

/** What is wrong with a row. `member`: the column, where it is one. Never holds a secret. */
export interface RowMistake {
  readonly line: number;
  readonly member?: Member;
  readonly message: string;
}
