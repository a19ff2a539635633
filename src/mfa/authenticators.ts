/**
 * Finds and adds the authenticators of a person: open for their factor, sealed in the store. Only those that the user record lists
 * count (`listed-authenticators.ts`), so that adding and removing one is a single write of that record.
 *
 *   authenticators.ts          finds them, adds one, makes one the default     authenticator-removal.ts   removes one or all
 *   authenticator-data.ts      burns an answer, changes a label                sealed-authenticators.ts   seals and opens a record
 */
import { changeAccount } from '../change-account.ts';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { newId } from '../new-id.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection } from '../ports/stores.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import type { Authenticator, MadeAuthenticator } from './factor.ts';
import { accountWithout, removalReadings } from './account-after-removal.ts';
import { reachesMinAcr, withMinAcr } from './chosen-min-acr.ts';
import { mayBeDefault } from './independence.ts';
import { countingIds, withMethod, withRecovery } from './listed-authenticators.ts';
import { isMethod } from './recovery-types.ts';
import { countingIn, openRecord, sealRecord, type StoredAuthenticator } from './sealed-authenticators.ts';

interface BindOptions {
  /** Ids of those that it replaces. Recovery codes and a pass always replace all of their type, so that of two new sets one counts. */
  readonly instead?: readonly string[];
  /** The factor that proved it. A first method is asked for in that way from then on: who answered a call expects a call. */
  readonly provenBy?: string;
  /** Methods of its type that one person may have. */
  readonly most?: number;
  /** Others that count from the same write on, and end with this one. */
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

  /** Adds one that does not count until `activate`. False: another record has its handle. */
  async addInactive(userId: string, made: MadeAuthenticator & { readonly handle: string }): Promise<boolean> {
    return insertIfAbsent(this.#deps.authenticators, this.sealedRecord(userId, made));
  }

  /** Those of this person that do not count yet. One that cannot be opened is left out. */
  async inactiveOf(user: User): Promise<readonly StoredAuthenticator[]> {
    const counting = countingIds(user);
    const records = await this.#deps.authenticators.find({ userId: user.id });
    return records
      .filter(({ id, handle }) => handle !== undefined && !counting.includes(id))
      .flatMap(record => openRecord(this.#deps.sealer, record) ?? []);
  }

  /** The owner of the authenticator with this handle, whether it counts or is inactive. */
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

  /** Makes an inactive one count: first its new data, then the list of its owner. False: another request changed it meanwhile. */
  async activate(token: StoredAuthenticator): Promise<boolean> {
    const { rev, ...rest } = token;
    const now = this.#deps.clock();
    // It is bound from now on: a session from before it must not count as proven by it.
    const record = this.#seal({ ...rest, createdAt: now }, rev);
    if ((await this.#deps.authenticators.replace(record)) === undefined) return false;
    await changeAccount(this.#deps.users, token.userId, user => withMethod(user, record));
    return true;
  }

  /**
   * Binds a new one: first its record, then the user's list, which alone makes it count. A crash between the two leaves the
   * person with exactly the methods they had.
   * @throws Problem 'conflict' for a handle that is bound already, and for one more than `most`; 'not-found' when the account is gone.
   */
  async bind(
    userId: string,
    made: MadeAuthenticator,
    { instead = [], provenBy, most = Infinity, also = [] }: BindOptions = {},
  ): Promise<Authenticator> {
    const { sealer, clock } = this.#deps;
    const createdAt = clock();
    const authenticator = { ...made, id: newId(), userId, createdAt };
    const others = also.map(each => ({ ...each, id: newId(), userId, createdAt, boundWith: authenticator.id }));
    await this.#deps.authenticators.insert(this.#seal(authenticator, 1));
    for (const each of others) await this.#deps.authenticators.insert(this.#seal(each, 1));
    const records = instead.length === 0 ? [] : await this.#deps.authenticators.find({ userId });
    const readings = removalReadings({ sealer, now: createdAt }, records, reachesMinAcr);
    let replaced = instead;
    await changeAccount(this.#deps.users, userId, async user => {
      if (!isMethod(made)) {
        // Read in each attempt: a concurrent set may have been listed since.
        replaced = await this.#listedOfType(user, made.type);
        return withRecovery(user, authenticator, replaced);
      }
      const rest = instead.reduce((left, id) => accountWithout(left, id, readings), user);
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
    await changeAccount(this.#deps.users, userId, async user => {
      const all = user.authenticators.includes(authenticator) ? await this.of(user) : [];
      const own = all.find(({ id }) => id === authenticator);
      listed = user.authenticators.includes(authenticator) && (own === undefined || mayBeDefault(own, all));
      return listed ? { ...user, defaultMethod: { factor, authenticator } } : user;
    });
    return listed;
  }

  /** Ids of those that were bound with this one, and end with it. */
  async boundWith(userId: string, id: string): Promise<readonly string[]> {
    const records = await this.#deps.authenticators.find({ userId });
    return records.filter(each => each.boundWith === id).map(each => each.id);
  }

  /**
   * Sets the lowest level of this person's sign-ins; undefined: none. False, and unchanged: none of the authenticators that the
   * account has when it is written reaches it.
   */
  async chooseMinAcr(userId: string, minAcr: User['minAcr']): Promise<boolean> {
    let isMet = false;
    await changeAccount(this.#deps.users, userId, async user => {
      isMet = minAcr === undefined || (await this.of(user)).some(reachesMinAcr);
      return isMet ? withMinAcr(user, minAcr) : user;
    });
    return isMet;
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

  #seal(stored: Omit<StoredAuthenticator, 'rev'>, rev: number): AuthenticatorRecord {
    return sealRecord(this.#deps.sealer, stored, rev);
  }
}
