/** The authenticators of a person: opened for their factor, sealed for the store. One that its owner does not list does not count. */
import { randomUUIDv7 } from 'node:crypto';
import { openJson, sealJson, type Sealer } from '../crypto.ts';
import { isProblem, Problem } from '../errors.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import { authenticatorOf, type Authenticator, type Factor } from './factor.ts';
import type { Method } from './assurance.ts';

/** An authenticator with the revision it was read at, its owner, and what names it in an answer. */
export type StoredAuthenticator = Authenticator & {
  readonly rev: number;
  readonly userId: string;
  readonly handle?: string;
};

const turns = 16;

interface AuthenticatorsDeps {
  readonly authenticators: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly users: Collection<User, 'canonical'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export class Authenticators {
  readonly #deps: AuthenticatorsDeps;

  constructor(deps: AuthenticatorsDeps) {
    this.#deps = deps;
  }

  /** All that count, oldest first. One whose data does not open is left out: the others go on working. */
  async of(user: User): Promise<readonly StoredAuthenticator[]> {
    if (user.authenticators.length === 0) return [];
    const records = await this.#deps.authenticators.find({ userId: user.id });
    return records.filter(record => user.authenticators.includes(record.id)).flatMap(record => this.#open(record));
  }

  /** Ids of all that somebody has of this type, also of those that do not open. */
  async idsOf(userId: string, type: string): Promise<readonly string[]> {
    const records = await this.#deps.authenticators.find({ userId });
    return records.filter(record => record.type === type).map(({ id }) => id);
  }

  /** Writes what an answer to this factor changed (last step, counter). The new state; undefined: someone was faster, or it is gone. */
  async use(stored: StoredAuthenticator, data: Json, factor: string): Promise<StoredAuthenticator | undefined> {
    const { rev, ...rest } = stored;
    const used = { ...rest, data, lastUsedAt: this.#deps.clock(), lastUsedBy: factor };
    const record = await this.#deps.authenticators.replace(this.#seal(used, rev));
    return record && { ...used, rev: record.rev };
  }

  /**
   * Binds a new one: the record first, then the owner's list, which alone makes it count. So a crash between the two
   * leaves the person with exactly the methods they had. `instead`: those whose place it takes.
   * @throws Problem 'conflict' for a handle that somebody has bound; 'not-found' when the account is gone.
   */
  async bind(
    userId: string,
    made: { readonly type: string; readonly label: string; readonly handle?: string; readonly data: Json },
    instead: readonly string[] = [],
  ): Promise<Authenticator> {
    const authenticator = { ...made, id: randomUUIDv7(), userId, createdAt: this.#deps.clock() };
    await this.#deps.authenticators.insert(this.#seal(authenticator, 1));
    const records = instead.length === 0 ? [] : await this.#deps.authenticators.find({ userId });
    await this.#change(userId, user => {
      const others = instead.reduce((rest, id) => without(rest, id, records), user);
      return {
        ...others,
        authenticators: [...others.authenticators, authenticator.id],
        firstMethodAt: others.firstMethodAt ?? authenticator.createdAt,
      };
    });
    for (const id of instead) await this.#deps.authenticators.remove(id);
    return authenticator;
  }

  /** What its owner is asked for first: this authenticator, by this factor. One that is not theirs changes nothing. */
  async prefer(userId: string, authenticator: string, factor: string): Promise<void> {
    await this.#change(userId, user =>
      user.authenticators.includes(authenticator) ? { ...user, defaultMethod: { factor, authenticator } } : user,
    );
  }

  /** Takes one away: out of the owner's list first, and from that moment it does not count. False: it was not theirs. */
  async remove(userId: string, id: string): Promise<boolean> {
    const records = await this.#deps.authenticators.find({ userId });
    let listed = false;
    await this.#change(userId, user => {
      listed = user.authenticators.includes(id);
      return listed ? without(user, id, records) : user;
    });
    await this.#deps.authenticators.remove(id);
    return listed;
  }

  async #change(userId: string, change: (user: User) => User): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      const user = await this.#deps.users.get(userId);
      if (user === undefined) throw new Problem('not-found', `no account ${userId}`);
      if (await this.#deps.users.replace(change(user))) return;
    }
    throw new Problem('unavailable', `the account ${userId} changed ${turns} times while its methods were written`);
  }

  #seal(stored: Omit<StoredAuthenticator, 'rev'>, rev: number): AuthenticatorRecord {
    const { data, ...rest } = stored;
    return { ...rest, rev, sealed: sealJson(this.#deps.sealer, data, sealedTo(stored)) };
  }

  #open(record: AuthenticatorRecord): StoredAuthenticator[] {
    const { sealed, ...rest } = record;
    try {
      return [{ ...rest, data: openJson(this.#deps.sealer, sealed, sealedTo(record)) }];
    } catch (error) {
      if (isProblem(error, 'unreadable')) return [];
      throw error;
    }
  }
}

/** The person without it. The oldest of the others is now the first, and what was proven before that one was bound is not enough. */
const without = (user: User, id: string, records: readonly AuthenticatorRecord[]): User => {
  const { defaultMethod, firstMethodAt, ...rest } = user;
  const left = user.authenticators.filter(each => each !== id);
  const first = left.length === 0 ? undefined : (records.find(each => each.id === left[0])?.createdAt ?? firstMethodAt);
  return {
    ...rest,
    authenticators: left,
    ...(first !== undefined && { firstMethodAt: first }),
    ...(defaultMethod !== undefined && defaultMethod.authenticator !== id && { defaultMethod }),
  };
};

const sealedTo = (of: { readonly id: string; readonly userId: string }): string =>
  `authenticator:${of.userId}:${of.id}`;

/** Those of these authenticators that this factor can ask for. */
export const servedBy = <Known extends Authenticator>(factor: Factor, stored: readonly Known[]): readonly Known[] =>
  stored.filter(each => each.type === authenticatorOf(factor) && factor.serves?.(each) !== false);

/** The ways of this person to take a second step, as their authenticators and the factors in use allow. */
export const methodsOf = (
  user: User,
  stored: readonly Authenticator[],
  factors: readonly Factor[],
): readonly Method[] =>
  factors.flatMap(factor => {
    const own = servedBy(factor, stored);
    const entries = factor.asksFor === 'one' ? own.map(each => [each]) : own.length > 0 ? [own] : [];
    return entries.flatMap(group => {
      const [first] = group;
      if (first === undefined) return [];
      const used = group.filter(each => each.lastUsedBy === factor.type).flatMap(each => each.lastUsedAt ?? []);
      const { defaultMethod } = user;
      const masked = factor.masked?.(first);
      return {
        factor: factor.type,
        reaches: factor.reaches,
        label: first.label,
        isDefault: defaultMethod?.factor === factor.type && group.some(each => each.id === defaultMethod.authenticator),
        ...(factor.asksFor === 'one' && { chosen: first.id }),
        ...(factor.via !== undefined && { via: factor.via }),
        ...(masked !== undefined && { masked }),
        ...(used.length > 0 && { lastUsedAt: Math.max(...used) }),
      };
    });
  });
