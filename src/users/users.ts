/** Adds accounts, finds them by any spelling of the name, locks and unlocks them. Each change is audited. */
import { randomUUIDv7 } from 'node:crypto';
import type { Audit, AuditEvent } from '../audit.ts';
import { Problem } from '../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';
import { canonicalName } from './usernames.ts';

/** An account to add. */
export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly email?: string;
  /** PHC string; absent: this account cannot use a password. */
  readonly passwordHash?: string;
  /** BCP 47: the language of calls, texts and pages where neither browser nor client asks for another. */
  readonly language?: string;
}

/** `name`: the text cannot be a name (`usernames.ts`). `taken`: another account has the name, possibly in another spelling. */
export type AddedUser =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: 'name' | 'taken' };

/** The accounts. */
export class Users {
  readonly #users: Collection<User, 'canonical'>;
  readonly #audit: Audit;
  readonly #clock: Clock;

  constructor(deps: { readonly users: Collection<User, 'canonical'>; readonly audit: Audit; readonly clock: Clock }) {
    this.#users = deps.users;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
  }

  /** `actor` as in the audit, here and below: `cli`, `user:ID`. */
  async add(newUser: NewUser, actor: string): Promise<AddedUser> {
    const canonical = canonicalName(newUser.name);
    if (canonical === undefined) return { ok: false, reason: 'name' };
    const user: User = {
      ...newUser,
      // Shown in normal form: ſ is compared as s, but would be read as f.
      name: newUser.name.normalize('NFKC').trim(),
      canonical,
      id: randomUUIDv7(),
      rev: 1,
      createdAt: this.#clock(),
      authenticators: [],
    };
    if (!(await insertIfAbsent(this.#users, user))) return { ok: false, reason: 'taken' };
    await this.#record('user.added', user.id, actor);
    return { ok: true, user };
  }

  async get(id: string): Promise<User | undefined> {
    return this.#users.get(id);
  }

  /** The account with this name, in any spelling. */
  async find(typed: string): Promise<User | undefined> {
    const canonical = canonicalName(typed);
    return canonical === undefined ? undefined : this.findCanonical(canonical);
  }

  /** `canonical`: as `canonicalName` gives it. */
  async findCanonical(canonical: string): Promise<User | undefined> {
    const [user] = await this.#users.find({ canonical }, { limit: 1 });
    return user;
  }

  /** One page of accounts, in the order in which they were added. */
  async list(page: { readonly after?: string; readonly limit?: number } = {}): Promise<readonly User[]> {
    return this.#users.find({}, page);
  }

  /** Also ends all sessions and tokens that were made with the old password. */
  async setPassword(id: string, passwordHash: string, actor: string): Promise<User> {
    const user = await this.#change(id, was => ({ ...was, passwordHash, signedOutAt: this.#clock() }));
    await this.#record('user.password-set', id, actor);
    return user;
  }

  /** Replaces the hash `was` by one of the same password with another cost, unless it was changed meanwhile. Not audited. */
  async rehash(id: string, was: string, passwordHash: string): Promise<void> {
    await this.#change(id, user => (user.passwordHash === was ? { ...user, passwordHash } : user));
  }

  /** Ends all sessions and tokens. They stay ended after the account is unlocked. */
  async lock(id: string, actor: string): Promise<User> {
    const now = this.#clock();
    const user = await this.#change(id, was => ({ ...was, lockedAt: was.lockedAt ?? now, signedOutAt: now }));
    await this.#record('user.locked', id, actor);
    return user;
  }

  async unlock(id: string, actor: string): Promise<User> {
    const user = await this.#change(id, ({ lockedAt: _lockedAt, ...was }) => was);
    await this.#record('user.unlocked', id, actor);
    return user;
  }

  #change(id: string, change: (user: User) => User): Promise<User> {
    return optimisticWrite(
      async () => {
        const user = await this.#users.get(id);
        if (user === undefined) throw new Problem('not-found', `got the id ${id}, expected that of an account`);
        const next = change(user);
        return next === user ? user : ((await this.#users.replace(next)) ?? conflict);
      },
      () => {
        throw new Problem('unavailable', `a concurrent writer won every time the account ${id} was written`);
      },
    );
  }

  async #record(event: AuditEvent['event'], subject: string, actor: string): Promise<void> {
    await this.#audit({ event, actor, subject, outcome: 'success' });
  }
}
