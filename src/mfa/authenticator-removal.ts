/**
 * Removes authenticators: first from the account of their owner, so that they do not count any more, then their records.
 * `account-after-removal.ts` says what else of the account changes.
 */
import { changeAccount } from '../change-account.ts';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { newId } from '../new-id.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import {
  accountWithout,
  isOrWith,
  removalReadings,
  withLastingDefault,
  type RemovalReadings,
} from './account-after-removal.ts';
import { reachesMinAcr } from './chosen-min-acr.ts';
import type { Authenticator, MadeAuthenticator } from './factor.ts';
import { countingIds, withoutAuthenticators } from './listed-authenticators.ts';
import { sealRecord, type StoredAuthenticator } from './sealed-authenticators.ts';

interface AuthenticatorRemovalDeps {
  readonly authenticators: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

interface RemovalOptions {
  /** What its owner is asked for first afterwards; undefined: as `account-after-removal.ts` finds. */
  readonly first: NonNullable<User['defaultMethod']> | undefined;
  /** Whether an authenticator is accepted now. */
  readonly serves: (authenticator: Authenticator) => boolean;
}

export class AuthenticatorRemoval {
  readonly #deps: AuthenticatorRemovalDeps;

  constructor(deps: AuthenticatorRemovalDeps) {
    this.#deps = deps;
  }

  /**
   * Removes one: first from the user's list, and from that moment it does not count. `serves`: whether an authenticator is accepted
   * now. False: it was not theirs.
   */
  async remove(
    userId: string,
    id: string,
    serves: (authenticator: Authenticator) => boolean = () => true,
  ): Promise<boolean> {
    const records = await this.#deps.authenticators.find({ userId });
    let listed = false;
    await changeAccount(this.#deps.users, userId, user => {
      listed = countingIds(user).includes(id);
      return listed ? accountWithout(user, id, this.#readings(records, serves)) : user;
    });
    // Also where a crash left a record that no list names; never another person's.
    for (const each of records.filter(isOrWith(id))) await this.#deps.authenticators.remove(each.id);
    return listed;
  }

  /**
   * Removes one as `remove`, unless `refuse` gives a reason. It is asked with the account as it is written, so that of two removals
   * at once the second sees what the first left. unknown: it was not theirs.
   */
  async removeUnless<Refusal>(
    userId: string,
    id: string,
    refuse: (user: User, stored: readonly StoredAuthenticator[]) => Refusal | undefined,
    { first, serves }: RemovalOptions,
  ): Promise<'removed' | 'unknown' | { readonly refused: Refusal }> {
    const { users, authenticators } = this.#deps;
    let records: readonly AuthenticatorRecord[] = [];
    const outcome = await optimisticWrite<'removed' | 'unknown' | { readonly refused: Refusal }>(
      async () => {
        const user = await users.get(userId);
        if (user?.authenticators.includes(id) !== true) return 'unknown';
        records = await authenticators.find({ userId });
        const readings = this.#readings(records, serves);
        const refused = refuse(user, readings.counting(user));
        if (refused !== undefined) return { refused };
        const left = accountWithout(user, id, readings);
        const isTheirs = first !== undefined && left.authenticators.includes(first.authenticator);
        const next = isTheirs ? withLastingDefault({ ...left, defaultMethod: first }, readings) : left;
        return (await users.replace(next)) === undefined ? conflict : 'removed';
      },
      () => {
        throw new Problem('unavailable', `the account ${userId} kept changing while a method was removed`);
      },
    );
    if (outcome === 'removed') for (const each of records.filter(isOrWith(id))) await authenticators.remove(each.id);
    return outcome;
  }

  /**
   * Removes all, recovery codes and a pass too, and ends all sessions, in one write: for an administrator's reset, never for the
   * person. `instead`: a pass that counts from the same write on. Without one it also forgets that there ever was a method: the
   * password alone may then bind a first one again. Gives the ids of the removed.
   */
  async reset(userId: string, instead?: MadeAuthenticator): Promise<readonly string[]> {
    const pass = instead && { ...instead, id: newId(), userId, createdAt: this.#deps.clock() };
    if (pass !== undefined) await this.#deps.authenticators.insert(sealRecord(this.#deps.sealer, pass, 1));
    let removed: readonly string[] = [];
    await changeAccount(this.#deps.users, userId, user => {
      removed = countingIds(user);
      return withoutAuthenticators(user, this.#deps.clock(), pass?.id);
    });
    // Not every record of this person: one that is just being bound is not listed yet.
    for (const id of removed) await this.#deps.authenticators.remove(id);
    return removed;
  }

  #readings(records: readonly AuthenticatorRecord[], serves: RemovalOptions['serves']): RemovalReadings {
    const { sealer, clock } = this.#deps;
    return removalReadings({ sealer, now: clock() }, records, each => reachesMinAcr(each) && serves(each));
  }
}
