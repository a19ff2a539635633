/** Compares a person of a file with the stored accounts. */
import type { Authenticators } from '../mfa/authenticators.ts';
import { isPhone } from '../mfa/factors/phone.ts';
import { totpType } from '../mfa/factors/totp.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { User } from '../records.ts';
import type { Member, RowMistake } from './members.ts';
import type { FilePerson } from './row.ts';

export interface CompareDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly authenticators: Pick<Authenticators, 'of'>;
}

/** The account that a person of the file already has, or the member that belongs to another account. */
export type Finding = { readonly differences: readonly Member[] } | Pick<RowMistake, 'member' | 'message'>;

/** Looks for the person of the file; undefined: no account has the name or the address. */
export const findStored = async (deps: CompareDeps, person: FilePerson): Promise<Finding | undefined> => {
  const [canonical, address] = person.account.signInNames;
  const [user, other] = await Promise.all([
    holder(deps, canonical),
    address === undefined ? undefined : holder(deps, address),
  ]);
  // Where another process adds the account between the two reads, only the second one finds it.
  const same = [user, other].find(each => each?.signInNames[0] === canonical);
  if (same !== undefined) return { differences: await differences(deps, person, same) };
  if (user !== undefined) return { member: 'name', message: 'got the address of another account' };
  if (other !== undefined) return { member: 'email', message: 'got the one of another account' };
  return undefined;
};

/** The account that has this name or address. */
const holder = async ({ users }: CompareDeps, text: string): Promise<User | undefined> => {
  const [user] = await users.find({ signInNames: text }, { limit: 1 });
  return user;
};

/**
 * Members whose stored value differs from the file. Of a password only its presence is compared, because the hash is replaced at
 * the first sign-in. Methods that the person has added later are no difference.
 */
const differences = async (
  { authenticators }: CompareDeps,
  { given, account, locked, phones, seeds }: FilePerson,
  user: User,
): Promise<readonly Member[]> => {
  const stored = given.has('phones') || given.has('totp') ? await authenticators.of(user) : [];
  const numbers = new Set(stored.flatMap(each => (isPhone(each) ? [numberOf(each.data)] : [])));
  const secrets = new Set(stored.flatMap(each => (each.type === totpType ? [secretOf(each.data)] : [])));
  const isSame: Readonly<Record<Member, boolean>> = {
    name: account.name === user.name,
    display_name: account.displayName === user.displayName,
    email: account.email === user.email,
    email_verified: account.emailVerified === (user.emailVerified ?? false),
    language: account.language === user.language,
    zoneinfo: account.zoneinfo === user.zoneinfo,
    groups: JSON.stringify(account.groups ?? []) === JSON.stringify(user.groups ?? []),
    locked: locked === (user.lockedAt !== undefined),
    phones: phones.every(({ phone }) => numbers.has(numberOf(phone))),
    password_hash: user.passwordHash !== undefined,
    totp: seeds.every(({ secret }) => secrets.has(secret)),
  };
  return [...given].filter(member => !isSame[member]);
};

const numberOf = ({ number, extension = '' }: { readonly number: string; readonly extension?: string }): string =>
  `${number} ${extension}`;
const secretOf = (data: Json): unknown =>
  typeof data === 'object' && data !== null && 'secret' in data ? data['secret'] : undefined;
