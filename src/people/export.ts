/** Writes people as CSV or JSON lines, in the form that `import.ts` reads. */
import { eachOf } from '../all-pages.ts';
import type { Authenticators } from '../mfa/authenticators.ts';
import { countingIds } from '../mfa/listed-authenticators.ts';
import { isPhone, type Phone } from '../mfa/factors/phone.ts';
import { totpType, type TotpSeed } from '../mfa/factors/totp.ts';
import { otpauthOf } from '../mfa/otpauth.ts';
import type { Authenticator } from '../mfa/factor.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';
import { listCell, withMark } from './csv.ts';
import { members, secretMembers, type Member } from './members.ts';

export type ExportFormat = 'csv' | 'jsonl';

export interface ExportDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly authenticators: Pick<Authenticators, 'of'>;
  /** Host name of the issuer, which apps show beside the account. */
  readonly issuer: string;
}

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Includes password hashes and seeds. Anyone who has them can compute codes and guess passwords offline. */
  readonly withSecrets: boolean;
  /** Called for an account if some of its methods cannot be decrypted, for example without the sealing key. They are left out. */
  readonly onUnreadable: (user: User) => void;
}

type Values = Readonly<Partial<Record<Member, unknown>>>;

/** Lines of the file, with their line ends, in the order in which the people were added. */
export async function* exportPeople(deps: ExportDeps, options: ExportOptions): AsyncGenerator<string> {
  const columns = members.filter(member => options.withSecrets || !secretMembers.has(member));
  if (options.format === 'csv') yield csvLine(columns);
  for await (const user of eachOf(page => deps.users.find({}, page))) {
    const stored = await deps.authenticators.of(user);
    if (stored.length < countingIds(user).length) options.onUnreadable(user);
    const values = valuesOf(user, stored, deps.issuer);
    const kept: Values = Object.fromEntries(columns.flatMap(each => (each in values ? [[each, values[each]]] : [])));
    yield options.format === 'csv'
      ? csvLine(columns.map(each => cellOf(each, kept[each])))
      : `${JSON.stringify(kept)}\n`;
  }
}

const valuesOf = (user: User, stored: readonly Authenticator[], issuer: string): Values => {
  const phones = stored.filter(isPhone).map(({ label, data }) => phoneValue(label, data));
  const seeds = stored.filter(isTotp).map(({ data }) => otpauthOf(data, { issuer, name: user.name }));
  return {
    name: user.name,
    display_name: user.displayName,
    ...(user.email !== undefined && { email: user.email, email_verified: user.emailVerified ?? false }),
    ...(user.language !== undefined && { language: user.language }),
    ...(user.zoneinfo !== undefined && { zoneinfo: user.zoneinfo }),
    ...(user.groups !== undefined && { groups: user.groups }),
    ...(user.lockedAt !== undefined && { locked: true }),
    ...(phones.length > 0 && { phones }),
    ...(user.passwordHash !== undefined && { password_hash: user.passwordHash }),
    ...(seeds.length > 0 && { totp: seeds }),
  };
};

const isTotp = (each: Authenticator): each is Authenticator<TotpSeed> => each.type === totpType;

/** `office: +12025550150 x421`, or an object if dialling options are set. */
const phoneValue = (label: string, { number, extension, dialling }: Phone): unknown => {
  const typed = extension === undefined ? number : `${number} x${extension}`;
  if (dialling === undefined) return `${label}: ${typed}`;
  const { wait, confirmKey } = dialling;
  return {
    label,
    number: typed,
    ...(wait !== undefined && { wait: wait / 1000 }),
    ...(confirmKey === true && { confirm_key: true }),
  };
};

const cellOf = (member: Member, value: unknown): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  const isText = value.every((each): each is string => typeof each === 'string');
  // The label of a seed may contain a semicolon, so several seeds are written as JSON.
  if (member === 'totp' && isText) return value.length === 1 ? (value[0] ?? '') : JSON.stringify(value);
  return isText ? listCell(value) : JSON.stringify(value);
};

const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

/** RFC 4180 §2. White space at the ends is quoted too: some programs remove it. */
const quoted = (cell: string): string => {
  const marked = withMark(cell);
  return /[",\r\n]|^\s|\s$/.test(marked) ? `"${marked.replaceAll('"', '""')}"` : marked;
};
