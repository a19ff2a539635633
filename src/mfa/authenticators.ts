/**
 * Stores the authenticators of a person: open for their factor, sealed in the store. Only those that the user record lists
 * count (`listed-authenticators.ts`), so that adding and removing one is a single write of that record.
 */
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { requireUnfrozen } from '../frozen-account.ts';
import { newId } from '../new-id.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Clock } from '../ports/time.ts';
import { replacing, type Collection, type Json, type Write } from '../ports/stores.ts';
import { authenticatorKind, type AuthenticatorRecord, type User } from '../records.ts';
import type { Authenticator, MadeAuthenticator } from './factor.ts';
import { accountWithout, isOrWith, withLastingDefault, type RemovalReadings } from './account-after-removal.ts';
import { reachesMinAcr, withMinAcr } from './chosen-min-acr.ts';
import { mayBeDefault } from './independence.ts';
import { countingIds, withMethod, withoutAuthenticators, withRecovery } from './listed-authenticators.ts';
import { isMethod } from './recovery-types.ts';
import { countingIn, openRecord, sealRecord, type StoredAuthenticator } from './sealed-authenticators.ts';

interface BindOptions {
  readonly instead?: readonly string[];
  readonly provenBy?: string;
  readonly most?: number;
  readonly also?: readonly MadeAuthenticator[];
}

interface AuthenticatorsDeps {
  readonly authenticators: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export class Authenticators {
  readonly #deps: AuthenticatorsDeps;

  constructor(deps: AuthenticatorsDeps) {
    this.#deps = deps;
  }

  /** All that count, oldest first. One that cannot be opened is left out, and the others go on working. */
  async of(user: User): Promise<readonly StoredAuthenticator[]> {
    if (countingIds(user).length === 0) return [];
    return this.#counting(user, await this.#deps.authenticators.find({ userId: user.id }));
  }

  #counting(user: User, records: readonly AuthenticatorRecord[]): readonly StoredAuthenticator[] {
    const { sealer, clock } = this.#deps;
    return countingIn(sealer, user, records, clock());
  }

  /** Ids of all authenticators of this type, also of those that cannot be opened. */
  async idsOf(userId: string, type: string): Promise<readonly string[]> {
    const { authenticators, users } = this.#deps;
    const [records, user] = await Promise.all([authenticators.find({ userId }), users.get(userId)]);
    const counting = user === undefined ? [] : countingIds(user);
    return records.filter(record => record.type === type && counting.includes(record.id)).map(({ id }) => id);
  }

  /** Handles of the authenticators of this type that count, also of those whose record cannot be decrypted. */
  async handlesOf(userId: string, type: string): Promise<readonly string[]> {
    const { authenticators, users } = this.#deps;
    const [records, user] = await Promise.all([authenticators.find({ userId }), users.get(userId)]);
    const counting = user === undefined ? [] : countingIds(user);
    return records.flatMap(({ id, type: of, handle }) => (of === type && counting.includes(id) ? (handle ?? []) : []));
  }

  /**
   * Keeps one that does not count until `activate`. False: another record has its handle.
   */
  async keep(userId: string, made: MadeAuthenticator & { readonly handle: string }): Promise<boolean> {
    return insertIfAbsent(this.#deps.authenticators, this.sealedRecord(userId, made));
  }

  /** Those of this person that are kept and do not count yet. One that cannot be opened is left out. */
  async kept(user: User): Promise<readonly StoredAuthenticator[]> {
    const counting = countingIds(user);
    const records = await this.#deps.authenticators.find({ userId: user.id });
    return records
      .filter(({ id, handle }) => handle !== undefined && !counting.includes(id))
      .flatMap(record => openRecord(this.#deps.sealer, record) ?? []);
  }

  /** The owner of the authenticator with this handle, kept or counting. */
  async ownerOf(handle: string): Promise<string | undefined> {
    const [record] = await this.#deps.authenticators.find({ handle }, { limit: 1 });
    return record?.userId;
  }

  /** The one with this handle, where it counts; undefined also where it cannot be opened. */
  async withHandle(handle: string): Promise<StoredAuthenticator | undefined> {
    const { authenticators, users } = this.#deps;
    const [record] = await authenticators.find({ handle }, { limit: 1 });
    const user = record && (await users.get(record.userId));
    if (record === undefined || user === undefined) return undefined;
    return this.#counting(user, [record])[0];
  }

  /** Makes a kept one count: first its new data, then the list of its owner. False: another request changed it meanwhile. */
  async activate(token: StoredAuthenticator): Promise<boolean> {
    const { rev, ...rest } = token;
    const now = this.#deps.clock();
    // It is bound from now on: a session from before it must not count as proven by it.
    const record = this.#seal({ ...rest, createdAt: now }, rev);
    if ((await this.#deps.authenticators.replace(record)) === undefined) return false;
    await this.#change(token.userId, user => withMethod(user, record));
    return true;
  }

  /**
   * Burns an answer: writes the new data of the authenticator that gave it (last step, counter). False: another answer was
   * faster, or the authenticator is gone.
   */
  async use(
    candidates: readonly StoredAuthenticator[],
    used: Pick<Authenticator, 'id' | 'data'>,
    factor: string,
  ): Promise<boolean> {
    const next = this.#used(candidates, used, factor);
    return next !== undefined && (await this.#deps.authenticators.replace(next)) !== undefined;
  }

  /** The same for the answer to a challenge, as one write of a batch. undefined: it is of none of these authenticators. */
  using(
    candidates: readonly StoredAuthenticator[],
    used: Pick<Authenticator, 'id' | 'data'>,
    factor: string,
  ): Write | undefined {
    const next = this.#used(candidates, used, factor);
    return next && replacing(authenticatorKind, next);
  }

  #used(
    candidates: readonly StoredAuthenticator[],
    used: Pick<Authenticator, 'id' | 'data'>,
    factor: string,
  ): AuthenticatorRecord | undefined {
    const stored = candidates.find(each => each.id === used.id);
    if (stored === undefined) return undefined;
    const { rev, ...rest } = stored;
    const now = this.#deps.clock();
    const firstUsedAt = stored.firstUsedAt ?? stored.lastUsedAt ?? now;
    return this.#seal({ ...rest, data: used.data, firstUsedAt, lastUsedAt: now, lastUsedBy: factor }, rev);
  }

  /**
   * Binds a new one: first its record, then the user's list, which alone makes it count. A crash between the two leaves the
   * person with exactly the methods they had. `instead`: ids of those that it replaces. Recovery codes and a pass replace
   * all of their type in that one write, so that of two new sets one counts. `provenBy`: the factor that proved it. The first
   * method is asked for in that way from then on: who answered a call expects a call.
   * `most`: methods of its type that one person may have. `also`: others that count from the same write on, and end with this one.
   * @throws Problem 'conflict' for a handle that is bound already, and for one more than `most`; 'not-found' when the account is gone.
   */
  async bind(
    userId: string,
    made: MadeAuthenticator,
    { instead = [], provenBy, most = Infinity, also = [] }: BindOptions = {},
  ): Promise<Authenticator> {
    const createdAt = this.#deps.clock();
    const authenticator = { ...made, id: newId(), userId, createdAt };
    const others = also.map(each => ({ ...each, id: newId(), userId, createdAt, boundWith: authenticator.id }));
    await this.#deps.authenticators.insert(this.#seal(authenticator, 1));
    for (const each of others) await this.#deps.authenticators.insert(this.#seal(each, 1));
    const records = instead.length === 0 ? [] : await this.#deps.authenticators.find({ userId });
    let replaced = instead;
    await this.#change(userId, async user => {
      if (!isMethod(made)) {
        // Read in each attempt: a concurrent set may have been listed since.
        replaced = await this.#listedOfType(user, made.type);
        return withRecovery(user, authenticator, replaced);
      }
      const rest = instead.reduce((left, id) => accountWithout(left, id, this.#readingsOf(records)), user);
      // Counted again in the write: concurrent enrollments all began below the limit.
      if (most < Infinity && (await this.#countOfType(rest, made.type)) >= most) {
        for (const { id } of [authenticator, ...others]) await this.#deps.authenticators.remove(id);
        throw new Problem('conflict', `expected at most ${most} authenticators of the type ${made.type}`);
      }
      const next = others.reduce(withMethod, withMethod(rest, authenticator));
      const isFirst = rest.authenticators.length === 0;
      if (!isFirst || provenBy === undefined || !mayBeDefault(authenticator, [authenticator, ...others])) return next;
      return { ...next, defaultMethod: { factor: provenBy, authenticator: authenticator.id } };
    });
    const gone = new Set([
      ...replaced,
      ...records.filter(each => replaced.includes(each.boundWith ?? '')).map(({ id }) => id),
    ]);
    for (const id of gone) await this.#deps.authenticators.remove(id);
    return authenticator;
  }

  /** Record of a new authenticator, for bulk inserts. It has no effect until its owner's record lists its id. */
  sealedRecord(userId: string, made: MadeAuthenticator): AuthenticatorRecord {
    return this.#seal({ ...made, id: newId(), userId, createdAt: this.#deps.clock() }, 1);
  }

  /**
   * Makes this authenticator, with this factor, the one that its owner is asked for first. False: it is not theirs, or may not be
   * the default (`mayBeDefault`).
   */
  async prefer(userId: string, authenticator: string, factor: string): Promise<boolean> {
    let listed = false;
    await this.#change(userId, async user => {
      const all = user.authenticators.includes(authenticator) ? await this.of(user) : [];
      const own = all.find(({ id }) => id === authenticator);
      listed = user.authenticators.includes(authenticator) && (own === undefined || mayBeDefault(own, all));
      return listed ? { ...user, defaultMethod: { factor, authenticator } } : user;
    });
    return listed;
  }

  /**
   * Gives one another label. False: it is not this person's, or does not count.
   * @throws Problem 'changes-frozen' while changes of this account are stopped
   */
  async rename(user: User, id: string, label: string): Promise<boolean> {
    const { authenticators, clock } = this.#deps;
    // The label is in a record of its own, which `guardFrozenAccounts` does not see.
    requireUnfrozen(user, clock());
    return optimisticWrite<boolean>(
      async () => {
        const record = await authenticators.get(id);
        if (record?.userId !== user.id || !user.authenticators.includes(id)) return false;
        return (await authenticators.replace({ ...record, label })) === undefined ? conflict : true;
      },
      () => {
        throw new Problem('unavailable', `the authenticator ${id} kept changing while it was renamed`);
      },
    );
  }

  /** Ids of those that were bound with this one, and end with it. */
  async boundWith(userId: string, id: string): Promise<readonly string[]> {
    const records = await this.#deps.authenticators.find({ userId });
    return records.filter(each => each.boundWith === id).map(each => each.id);
  }

  /**
   * Changes the data of one, whatever else writes it at the same time. `change` gives undefined where nothing is to be changed. False:
   * it is not this person's, or cannot be opened.
   */
  async changeData(
    userId: string,
    id: string,
    change: (authenticator: StoredAuthenticator) => Json | undefined,
  ): Promise<boolean> {
    const { authenticators } = this.#deps;
    return optimisticWrite<boolean>(
      async () => {
        const record = await authenticators.get(id);
        const stored = record?.userId === userId ? openRecord(this.#deps.sealer, record) : undefined;
        if (stored === undefined) return false;
        const data = change(stored);
        if (data === undefined) return true;
        const { rev, ...rest } = stored;
        return (await authenticators.replace(this.#seal({ ...rest, data }, rev))) === undefined ? conflict : true;
      },
      () => {
        throw new Problem('unavailable', `the authenticator ${id} kept changing while its data was written`);
      },
    );
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
    await this.#change(userId, user => {
      listed = countingIds(user).includes(id);
      return listed ? accountWithout(user, id, this.#readingsOf(records, serves)) : user;
    });
    // Also where a crash left a record that no list names; never another person's.
    for (const each of records.filter(isOrWith(id))) await this.#deps.authenticators.remove(each.id);
    return listed;
  }

  /**
   * Removes one as `remove`, unless `refuse` gives a reason. It is asked with the account as it is written, so that of two removals
   * at once the second sees what the first left. `first`: what its owner is asked for first afterwards. `serves`: whether an
   * authenticator is accepted now. unknown: it was not theirs.
   */
  async removeUnless<Refusal>(
    userId: string,
    id: string,
    refuse: (user: User, stored: readonly StoredAuthenticator[]) => Refusal | undefined,
    {
      first,
      serves = () => true,
    }: {
      readonly first?: NonNullable<User['defaultMethod']> | undefined;
      readonly serves?: (authenticator: Authenticator) => boolean;
    } = {},
  ): Promise<'removed' | 'unknown' | { readonly refused: Refusal }> {
    const { users, authenticators } = this.#deps;
    let records: readonly AuthenticatorRecord[] = [];
    const outcome = await optimisticWrite<'removed' | 'unknown' | { readonly refused: Refusal }>(
      async () => {
        const user = await users.get(userId);
        if (user?.authenticators.includes(id) !== true) return 'unknown';
        records = await authenticators.find({ userId });
        const refused = refuse(user, this.#counting(user, records));
        if (refused !== undefined) return { refused };
        const readings = this.#readingsOf(records, serves);
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
    if (pass !== undefined) await this.#deps.authenticators.insert(this.#seal(pass, 1));
    let removed: readonly string[] = [];
    await this.#change(userId, user => {
      removed = countingIds(user);
      return withoutAuthenticators(user, this.#deps.clock(), pass?.id);
    });
    // Not every record of this person: one that is just being bound is not listed yet.
    for (const id of removed) await this.#deps.authenticators.remove(id);
    return removed;
  }

  /**
   * Sets the lowest level of this person's sign-ins; undefined: none. False, and unchanged: none of the authenticators that the
   * account has when it is written reaches it.
   */
  async chooseMinAcr(userId: string, minAcr: User['minAcr']): Promise<boolean> {
    let isMet = false;
    await this.#change(userId, async user => {
      isMet = minAcr === undefined || (await this.of(user)).some(reachesMinAcr);
      return isMet ? withMinAcr(user, minAcr) : user;
    });
    return isMet;
  }

  #readingsOf(
    records: readonly AuthenticatorRecord[],
    serves: (authenticator: Authenticator) => boolean = () => true,
  ): RemovalReadings {
    const { sealer } = this.#deps;
    return {
      records,
      open: record => openRecord(sealer, record),
      counting: user => this.#counting(user, records),
      meetsChoice: each => reachesMinAcr(each) && serves(each),
    };
  }

  async #countOfType({ id: userId, authenticators }: User, type: string): Promise<number> {
    const records = await this.#deps.authenticators.find({ userId });
    return records.filter(each => each.type === type && authenticators.includes(each.id)).length;
  }

  async #listedOfType({ id: userId, recoveryAuthenticators = [] }: User, type: string): Promise<readonly string[]> {
    if (recoveryAuthenticators.length === 0) return [];
    const records = await this.#deps.authenticators.find({ userId });
    return recoveryAuthenticators.filter(id => records.some(each => each.id === id && each.type === type));
  }

  async #change(userId: string, change: (user: User) => User | Promise<User>): Promise<void> {
    const { users } = this.#deps;
    await optimisticWrite<undefined>(
      async () => {
        const user = await users.get(userId);
        if (user === undefined) throw new Problem('not-found', `no account ${userId}`);
        return (await users.replace(await change(user))) === undefined ? conflict : undefined;
      },
      () => {
        throw new Problem('unavailable', `the account ${userId} kept changing while its methods were written`);
      },
    );
  }

  #seal(stored: Omit<StoredAuthenticator, 'rev'>, rev: number): AuthenticatorRecord {
    return sealRecord(this.#deps.sealer, stored, rev);
  }
}
