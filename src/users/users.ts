/** People's accounts: add, find by any spelling of the name, lock and unlock. */
import { randomUUIDv7 } from 'node:crypto';
import type { Audit, AuditEvent } from '../audit.ts';
import { Problem } from '../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';
import { canonicalName } from './usernames.ts';

export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly email?: string;
  /** PHC string; absent: this account cannot use a password. */
  readonly passwordHash?: string;
  /** BCP 47: what calls, texts and pages speak where neither browser nor client asks for another. */
  readonly language?: string;
}

/** `name`: it cannot be anyone's name (`names.ts`); `taken`: another account has it, in this spelling or another. */
export type Added =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: 'name' | 'taken' };

export class Users {
  readonly #users: Collection<User, 'canonical'>;
  readonly #audit: Audit;
  readonly #clock: Clock;

  constructor(deps: { readonly users: Collection<User, 'canonical'>; readonly audit: Audit; readonly clock: Clock }) {
    this.#users = deps.users;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
  }

  /** `actor` as the audit names it: `cli`, `user:ID`. */
  async add(made: NewUser, actor: string): Promise<Added> {
    const canonical = canonicalName(made.name);
    if (canonical === undefined) return { ok: false, reason: 'name' };
    const user: User = {
      ...made,
      // Shown in plain letters: ſ is compared as s, and must not be read as f.
      name: made.name.normalize('NFKC').trim(),
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

  /** The account that this spelling names. */
  async find(typed: string): Promise<User | undefined> {
    const canonical = canonicalName(typed);
    if (canonical === undefined) return undefined;
    const [user] = await this.#users.find({ canonical }, { limit: 1 });
    return user;
  }

  /** In the order in which they were added, after the id `after`. */
  async list(page: { readonly after?: string; readonly limit?: number } = {}): Promise<readonly User[]> {
    return this.#users.find({}, page);
  }

  /** Also ends what was signed in with the one before, wherever that was. */
  async setPassword(id: string, passwordHash: string, actor: string): Promise<User> {
    const user = await this.#change(id, was => ({ ...was, passwordHash, signedOutAt: this.#clock() }));
    await this.#record('user.password-set', id, actor);
    return user;
  }

  /** The same password under today's cost: only while `was` is still its hash, and nothing that anyone need hear of. */
  async rehash(id: string, was: string, passwordHash: string): Promise<void> {
    await this.#change(id, user => (user.passwordHash === was ? { ...user, passwordHash } : user));
  }

  /** Nothing of it is back when the account is unlocked: sessions and tokens of before the lock stay ended. */
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
        if (user === undefined) throw new Problem('not-found', `no account ${id}`);
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
