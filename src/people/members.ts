/**
 * Imports, exports and removes whole people: accounts with their phones and authenticator apps.
 *
 *   file ─ lines.ts ─ csv.ts, read-file.ts ─ row.ts ─ import.ts ─> accounts      (rows are checked before anything is stored)
 *   accounts ─ export.ts ─> file                                  remove.ts removes one person
 *   file ─ csv.ts ─ token-file.ts ─> hardware tokens
 *
 * This file lists the members of a person in a file: the columns of a CSV, the members of a JSON line.
 */

/** In the order of exported columns. */
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

/** Members that are exported only with `withSecrets`: they help to sign in as the person. */
export const secretMembers: ReadonlySet<Member> = new Set<Member>(['password_hash', 'totp']);

/** Names of the same members in exports of other systems, in lower case and without punctuation. */
const otherNames: Readonly<Record<string, Member>> = {
  username: 'name',
  userprincipalname: 'name',
  mail: 'email',
  locale: 'language',
  preferredlanguage: 'language',
};
const byName = new Map<string, Member>(members.map(member => [member.replaceAll('_', ''), member]));

/** The member with this name, or undefined. `Display Name`, `displayName` and `display_name` are the same member. */
export const memberNamed = (typed: string): Member | undefined => {
  const plain = typed.toLowerCase().replaceAll(/[\s_-]/g, '');
  return byName.get(plain) ?? (Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined);
};

/** One row of a file: its line, and the values that are not empty. */
export interface FileRow {
  readonly line: number;
  readonly values: ReadonlyMap<Member, unknown>;
}

/** A mistake in a row. `member`: the column, if the mistake is in one. The message never contains a secret. */
export interface RowMistake {
  readonly line: number;
  readonly member?: Member;
  readonly message: string;
}
