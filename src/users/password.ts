/** The first step: is this the password of that account? The same work, and the same answer, whether or not there is one. */
import type { Audit } from '../audit.ts';
import { isProblem } from '../errors.ts';
import type { Log } from '../log.ts';
import { mint, type Proof } from '../mfa/proof.ts';
import type { Clock } from '../ports.ts';
import type { User } from '../records.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { decoyHash, needsRehash, type HashCost } from './password-hash.ts';
import type { Users } from './users.ts';

/** Bytes of UTF-8. A longer one is refused before any work is spent on it. */
export const longestPassword = 4096;

/** Where a try comes from, for the audit: the reference of its sign-in, and the address as `proxyHops` tells it. */
export interface Try {
  readonly reference: string;
  readonly address?: string;
}

/** ok: whose password it was. Otherwise nothing is told that an account's existence could be read from. */
export type PasswordOutcome =
  | { readonly ok: true; readonly user: User; readonly proof: Proof }
  | { readonly ok: false };

export class Passwords {
  readonly #users: Users;
  readonly #hasher: PasswordHasher;
  readonly #cost: HashCost;
  readonly #decoy: string;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(parts: {
    readonly users: Users;
    readonly hasher: PasswordHasher;
    readonly cost: HashCost;
    readonly audit: Audit;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#users = parts.users;
    this.#hasher = parts.hasher;
    this.#cost = parts.cost;
    this.#decoy = decoyHash(parts.cost);
    this.#audit = parts.audit;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** @throws Problem 'overloaded' or 'unavailable' when the password could not be checked now. */
  async verify(name: string, password: string, from: Try): Promise<PasswordOutcome> {
    const user = await this.#users.find(name);
    if (!isUsable(password)) return this.#refuse(user, 'form', from);
    const right = await this.#hasher.verify(password, user?.passwordHash ?? this.#decoy);
    if (user?.passwordHash === undefined) return this.#refuse(user, user ? 'no-password' : 'unknown', from);
    if (!right) return this.#refuse(user, 'wrong', from);
    if (user.lockedAt !== undefined) return this.#refuse(user, 'locked', from);
    await this.#renew(user, user.passwordHash, password);
    await this.#audit({
      event: 'password.accepted',
      actor: 'browser',
      subject: user.id,
      outcome: 'success',
      ...from,
    });
    const proof = mint({ userId: user.id, factor: 'password', amr: ['pwd'], acr: 'sfa', at: this.#clock() });
    return { ok: true, user, proof };
  }

  /** Hashes a new password for `Users.add` or `setPassword`; undefined for one that cannot be used. */
  async hash(password: string): Promise<string | undefined> {
    return isUsable(password) ? this.#hasher.hash(password) : undefined;
  }

  async #refuse(user: User | undefined, reason: string, from: Try): Promise<PasswordOutcome> {
    // the typed name is not written down: it may be a password in the wrong field
    await this.#audit({
      event: 'password.refused',
      actor: 'browser',
      ...(user !== undefined && { subject: user.id }),
      outcome: 'failure',
      reason,
      ...from,
    });
    return { ok: false };
  }

  /** Brings an older hash to today's cost. The password was right: that this cannot be done now is no reason to refuse it. */
  async #renew(user: User, hash: string, password: string): Promise<void> {
    if (!needsRehash(hash, this.#cost)) return;
    try {
      await this.#users.rehash(user.id, hash, await this.#hasher.hash(password));
    } catch (error) {
      if (!isProblem(error)) throw error;
      this.#log.warn('password.not-rehashed', { subject: user.id, error });
    }
  }
}

/** Bytes as they are, never normalised. A lone surrogate has none: UTF-8 would make every one of them the same U+FFFD. */
const isUsable = (password: string): boolean =>
  password !== '' && password.isWellFormed() && Buffer.byteLength(password) <= longestPassword;
