/**
 * The texts by which an account is found at sign-in: its name and its e-mail address. They are one namespace, compared in one
 * form: no two accounts share a text, also not one as its name and the other as its address.
 * Accounts that were stored before get their list at the next start.
 */
import { isProblem, Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { Upgrade, User } from '../records.ts';
import { emailAddress } from './email-address.ts';
import { canonicalName } from './usernames.ts';

/** `canonical`: form of the name. The address follows it, unless both are one text. An unusable address is left out. */
export const signInNames = (canonical: string, email: string | undefined): User['signInNames'] => {
  const address = email === undefined ? undefined : canonicalAddress(email);
  return address === undefined || address === canonical ? [canonical] : [canonical, address];
};

const canonicalAddress = (email: string): string | undefined => {
  const address = emailAddress(email);
  return address === undefined ? undefined : canonicalName(address);
};

/** An account, perhaps as it was stored when only its name was unique. */
type OldUser = Omit<User, 'signInNames'> & {
  readonly signInNames?: User['signInNames'];
  readonly canonical?: string;
};

/** Where accounts and finished upgrades are kept. */
export interface UpgradeDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly upgrades: Collection<Upgrade>;
  readonly log: Log;
}

const upgradeId = 'sign-in-names';

/**
 * Gives each stored account its list, once per installation. All names come before the first address, so that an address
 * never takes the name of another account. An address that several accounts have is given to none: each of them still signs in
 * by its name, and a line of the log names the accounts. Several processes may run it at the same time.
 */
export const listSignInNames = async ({ users, upgrades, log }: UpgradeDeps): Promise<void> => {
  if ((await upgrades.get(upgradeId)) !== undefined) return;
  const holders = new Map<string, readonly OldUser[]>();
  for await (const user of allOf(users)) {
    const named = await withName(users, user);
    const address = named.email === undefined ? undefined : canonicalAddress(named.email);
    if (address !== undefined) holders.set(address, [...(holders.get(address) ?? []), named]);
    else if (named.email !== undefined) log.warn('users.address-unusable', { account: named.name });
  }
  for (const [address, accounts] of holders) {
    const [only, ...others] = accounts;
    const isGiven = only !== undefined && others.length === 0 && (await withAddress(users, only.id, address));
    if (!isGiven) log.warn('users.address-shared', { address, accounts: accounts.map(({ name }) => name) });
  }
  await insertIfAbsent(upgrades, { id: upgradeId, rev: 1 });
};

async function* allOf(users: UpgradeDeps['users']): AsyncGenerator<OldUser> {
  let after = '';
  for (;;) {
    const page: readonly OldUser[] = await users.find({}, { after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** The account, which now has at least its name in its list. */
const withName = (users: UpgradeDeps['users'], old: OldUser): Promise<OldUser> =>
  changed(users, old.id, ({ canonical, ...user }) =>
    user.signInNames === undefined
      ? { ...user, signInNames: [canonicalName(user.name) ?? canonical ?? user.name] }
      : undefined,
  );

/** False: another account has the address as its name. */
const withAddress = async (users: UpgradeDeps['users'], id: string, address: string): Promise<boolean> => {
  try {
    await changed(users, id, ({ canonical: _canonical, signInNames: [name] = [address], ...user }) =>
      address === name ? undefined : { ...user, signInNames: [name, address] },
    );
    return true;
  } catch (error) {
    if (isProblem(error, 'conflict')) return false;
    throw error;
  }
};

/** Writes what `change` gives; undefined: the account stays as it is. */
const changed = (
  users: UpgradeDeps['users'],
  id: string,
  change: (user: OldUser) => User | undefined,
): Promise<OldUser> =>
  optimisticWrite(
    async () => {
      const user: OldUser | undefined = await users.get(id);
      if (user === undefined) throw new Problem('not-found', `got no account ${id}, expected the one that was listed`);
      const next = change(user);
      return next === undefined ? user : ((await users.replace(next)) ?? conflict);
    },
    () => {
      throw new Problem('unavailable', `a concurrent writer won every time the account ${id} was written`);
    },
  );
