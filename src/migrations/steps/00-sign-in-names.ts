/** Step 0: gives each account `signInNames`, the list of its name and its address. Early accounts had a unique name alone. */
import { isProblem, Problem } from '../../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Collection } from '../../ports/stores.ts';
import { upgradeKind, userKind, type User } from '../../records.ts';
import { canonicalAddress } from '../../users/names/sign-in-names.ts';
import { canonicalName } from '../../users/names/usernames.ts';
import type { MigratedPage, Migration, MigrationContext } from '../migration.ts';

/** An account, perhaps as it was stored when only its name was unique. */
type OldUser = Omit<User, 'signInNames'> & {
  readonly signInNames?: User['signInNames'];
  readonly canonical?: string;
};
type Users = Collection<User, 'signInNames'>;

/** Releases without schema numbers wrote this document after the same change, and look for it at each start. */
const upgradeId = 'sign-in-names';

/**
 * Adds all names before the first address, so that an address never takes the name of another account. An address that several
 * accounts have is added to none of them. They still sign in by name, and the log names them. All accounts are one page, because
 * addresses can be compared only after all accounts were read.
 */
const listSignInNames = async ({ durable, log }: MigrationContext): Promise<MigratedPage> => {
  const upgrades = durable.collection(upgradeKind);
  if ((await upgrades.get(upgradeId)) !== undefined) return { seen: 0, changed: 0 };
  const users: Users = durable.collection(userKind);
  const changed = new Set<string>();
  let seen = 0;
  const holders = new Map<string, readonly OldUser[]>();
  for await (const user of allOf(users)) {
    seen += 1;
    const named = await withName(users, user);
    if (named.rev !== user.rev) changed.add(user.id);
    const address = named.email === undefined ? undefined : canonicalAddress(named.email);
    if (address !== undefined) holders.set(address, [...(holders.get(address) ?? []), named]);
    else if (named.email !== undefined) log.warn('users.address-unusable', { account: named.name });
  }
  for (const [address, accounts] of holders) {
    const [only, ...others] = accounts;
    const given = only === undefined || others.length > 0 ? undefined : await withAddress(users, only, address);
    if (given === undefined) log.warn('users.address-shared', { address, accounts: accounts.map(({ name }) => name) });
    else if (given.rev !== only?.rev) changed.add(given.id);
  }
  await insertIfAbsent(upgrades, { id: upgradeId, rev: 1 });
  return { seen, changed: changed.size };
};

/** The step. */
export const signInNamesStep: Migration = { number: 0, name: 'sign-in-names', phase: 'migrate', run: listSignInNames };

async function* allOf(users: Users): AsyncGenerator<OldUser> {
  let after = '';
  for (;;) {
    const page: readonly OldUser[] = await users.find({}, { after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Adds the name to the list of an account that has no list, and returns the account. */
const withName = (users: Users, old: OldUser): Promise<OldUser> =>
  changed(users, old, ({ canonical, ...user }) =>
    user.signInNames === undefined
      ? { ...user, signInNames: [canonicalName(user.name) ?? canonical ?? user.name] }
      : undefined,
  );

/** Adds the address to the list of an account, and returns the account. undefined: the address is the name of another account. */
const withAddress = async (users: Users, old: OldUser, address: string): Promise<OldUser | undefined> => {
  try {
    return await changed(users, old, ({ canonical: _canonical, ...user }) => {
      const [name, listed] = user.signInNames ?? [address];
      return address === name || address === listed ? undefined : { ...user, signInNames: [name, address] };
    });
  } catch (error) {
    if (isProblem(error, 'conflict')) return undefined;
    throw error;
  }
};

/** Stores the result of `change`; undefined: the account stays as it is. Returns a removed account as it was listed. */
const changed = (users: Users, listed: OldUser, change: (user: OldUser) => User | undefined): Promise<OldUser> =>
  optimisticWrite(
    async () => {
      const user: OldUser | undefined = await users.get(listed.id);
      if (user === undefined) return listed;
      const next = change(user);
      return next === undefined ? user : ((await users.replace(next)) ?? conflict);
    },
    () => {
      throw new Problem('unavailable', `a concurrent writer won every time the account ${listed.id} was written`);
    },
  );
