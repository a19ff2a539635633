/** The first step: is this the password of that account? The same work, and the same answer, whether or not there is one. */
import type { Audit } from '../audit.ts';
import { isProblem } from '../errors.ts';
import { activeAccount } from '../locked-account.ts';
import type { Log } from '../log.ts';
import { mint, type Proof } from '../mfa/proof.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { KnownDevice } from './known-device.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { decoyHash, needsRehash, type HashCost } from './password-hash.ts';
import type { PasswordAdmission, PasswordLimits, Units } from './password-limits.ts';
import type { Users } from './users.ts';

/** Bytes of UTF-8. A longer one is refused before any work is spent on it. */
export const longestPassword = 4096;

/** Where a try comes from: the reference of its sign-in, the address as `proxyHops` tells it, what the browser's cookie says. */
export interface Attempt extends Source {
  readonly device?: KnownDevice;
}
/** What of it is recorded. */
interface Source {
  readonly reference: string;
  readonly address?: string;
}

/**
 * ok: whose password it was. wait: nothing was compared, and nothing will be before `until`. Neither tells anything that an
 * account's existence could be read from.
 */
export type PasswordOutcome =
  | { readonly ok: true; readonly user: User; readonly proof: Proof }
  | { readonly ok: false; readonly reason: 'refused' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

export class Passwords {
  readonly #users: Users;
  readonly #hasher: PasswordHasher;
  readonly #passwordLimits: PasswordLimits;
  readonly #cost: HashCost;
  readonly #decoy: string;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(deps: {
    readonly users: Users;
    readonly hasher: PasswordHasher;
    readonly passwordLimits: PasswordLimits;
    readonly cost: HashCost;
    readonly audit: Audit;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#users = deps.users;
    this.#hasher = deps.hasher;
    this.#passwordLimits = deps.passwordLimits;
    this.#cost = deps.cost;
    this.#decoy = decoyHash(deps.cost);
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  /** @throws Problem 'overloaded' or 'unavailable' when the password could not be counted or checked now. */
  async verify(name: string, password: string, { device, ...from }: Attempt): Promise<PasswordOutcome> {
    // What is proven is proven of the account as it is read here: what changes it while the password waits to be checked came later.
    const at = this.#clock();
    const user = await this.#users.find(name);
    const { address } = from;
    const admission = await this.#passwordLimits.admit({
      name,
      ...(user !== undefined && { user }),
      ...(device !== undefined && { device }),
      ...(address !== undefined && { address }),
    });
    if (!admission.ok) return this.#wait(user, admission, from);
    if (!isUsable(password)) return this.#refuse(user, 'form', from);
    const right = await this.#compare(password, user?.passwordHash ?? this.#decoy, admission.units);
    if (user?.passwordHash === undefined) return this.#refuse(user, user ? 'no-password' : 'unknown', from);
    if (!right) return this.#refuse(user, 'wrong', from);
    if (activeAccount(user) === undefined) return this.#refuse(user, 'locked', from);
    await this.#passwordLimits.refund(admission.units);
    await this.#renew(user, user.passwordHash, password);
    await this.#audit({
      event: 'password.accepted',
      actor: 'browser',
      subject: user.id,
      outcome: 'success',
      ...from,
    });
    const proof = mint({ userId: user.id, factor: 'password', amr: ['pwd'], acr: 'sfa', at });
    return { ok: true, user, proof };
  }

  /** Hashes a new password for `Users.add` or `setPassword`; undefined for one that cannot be used. */
  async hash(password: string): Promise<string | undefined> {
    return isUsable(password) ? this.#hasher.hash(password) : undefined;
  }

  async #compare(password: string, hash: string, units: Units): Promise<boolean> {
    try {
      return await this.#hasher.verify(password, hash);
    } catch (error) {
      // Nobody looked at it: it was no guess, and whoever asks again must not be told to wait for it.
      if (isProblem(error, 'overloaded')) await this.#passwordLimits.refund(units);
      throw error;
    }
  }

  async #refuse(user: User | undefined, reason: string, from: Source): Promise<PasswordOutcome> {
    await this.#recordRefused(user, { reason }, from);
    return { ok: false, reason: 'refused' };
  }

  /** Recorded once in each window: a storm does not fill the audit. About an account only where that is what was attacked. */
  async #wait(
    user: User | undefined,
    { limit, until, isFirst }: Exclude<PasswordAdmission, { ok: true }>,
    from: Source,
  ): Promise<PasswordOutcome> {
    const subject = limit === 'account' || limit === 'device' ? user : undefined;
    if (isFirst) await this.#recordRefused(subject, { reason: 'throttled', until }, from);
    return { ok: false, reason: 'wait', until };
  }

  async #recordRefused(
    user: User | undefined,
    facts: { readonly reason: string; readonly until?: EpochMillis },
    from: Source,
  ): Promise<void> {
    // the typed name is not written down: it may be a password in the wrong field
    await this.#audit({
      event: 'password.refused',
      actor: 'browser',
      ...(user !== undefined && { subject: user.id }),
      outcome: facts.until === undefined ? 'failure' : 'refused',
      ...facts,
      ...from,
    });
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
