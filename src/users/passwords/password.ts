/**
 * Verifies passwords. Takes the same time and gives the same answer whether or not the account exists: accounts cannot be found
 * by trying names.
 */
import type { Audit, AuditEvent } from '../../audit.ts';
import type { CountedAudit } from '../../counted-audit.ts';
import { isProblem } from '../../errors.ts';
import { activeAccount } from '../../locked-account.ts';
import type { Log } from '../../log.ts';
import { passwordStep } from '../../metrics.ts';
import { mint, type Proof } from '../../mfa/proof.ts';
import type { NoticeSource } from '../../notice.ts';
import type { PasswordFault } from '../../password-fault.ts';
import { noMetrics, type Metrics } from '../../ports/metrics.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Replacement } from '../account-password.ts';
import type { IsBreached } from './breached-passwords.ts';
import type { KnownBrowser } from '../known-browser.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { HashWorks, MostWork } from './hash-works.ts';
import { hasHash, matchingForm } from './password-comparison.ts';
import { comparesWhole, needsRehash, type HashCost } from './password-hash.ts';
import type { Counters, PasswordAdmission, PasswordLimits } from '../limits/password-limits.ts';
import { passwordFault, type PasswordOwner } from './password-rules.ts';
import { isHashable, normalizedPassword } from './password-text.ts';
import type { SprayingAlarm } from '../limits/spraying-alarm.ts';
import { canonicalName } from '../names/usernames.ts';
import type { Users } from '../users.ts';

/** Origin of an attempt. */
export interface Attempt extends Source {
  /** From the cookie of the browser. */
  readonly knownBrowser?: KnownBrowser;
}
/** The part of it that is audited: reference of the sign-in, client address, and what the owner of an account recognizes. */
interface Source {
  readonly reference: string;
  readonly address?: string;
  /** Id of the client. */
  readonly client?: string;
  /** As `browserText` gives it. */
  readonly browser?: string;
}

/**
 * refused: the account or the password is wrong. wait: the password was not compared, and cannot be before `until`.
 * Both are the same for existing and unknown accounts.
 */
export type PasswordResult = { readonly ok: true; readonly user: User; readonly proof: Proof } | RefusedPassword;

type RefusedPassword =
  | { readonly ok: false; readonly reason: 'refused' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

/** A right password, with the event that is not recorded yet; or as `PasswordResult`. */
export type CheckedPassword =
  | (Extract<PasswordResult, { ok: true }> & { readonly accepted: AuditEvent })
  | RefusedPassword;

/** A password that may be set, as PHC string; or the rule that it breaks. */
export type NewPassword =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly fault: PasswordFault };

/** For the audit. */
interface Reason {
  readonly reason: 'required' | 'changed';
}

/** changed: the account has another password meanwhile, or has lost it. */
export type ReplacedPassword =
  | { readonly ok: true; readonly user: User; readonly proof: Proof }
  | { readonly ok: false; readonly reason: 'fault'; readonly fault: PasswordFault }
  | { readonly ok: false; readonly reason: 'changed' };

const passwordProof = (userId: string, at: EpochMillis): Proof =>
  mint({ userId, factor: 'password', amr: ['pwd'], acr: 'sfa', at });

/** Dependencies of `Passwords`. */
export interface PasswordsDeps {
  readonly users: Users;
  readonly hasher: PasswordHasher;
  readonly hashWorks: Pick<HashWorks, 'most'>;
  readonly passwordLimits: PasswordLimits;
  /** Whether a password is in the operator's list of leaked ones. Absent: there is no list. */
  readonly isBreached?: IsBreached | undefined;
  readonly cost: HashCost;
  /** Host name of the issuer. */
  readonly service: string;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'countWithOneWrite'>;
  readonly metrics?: Metrics | undefined;
  readonly sprayingAlarm: Pick<SprayingAlarm, 'note'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Verifies and hashes passwords. */
export class Passwords {
  readonly #deps: PasswordsDeps;

  constructor(deps: PasswordsDeps) {
    this.#deps = deps;
  }

  /**
   * Verifies the password of the account with this name.
   * @throws Problem 'overloaded' or 'unavailable' where it could not be counted or checked.
   */
  async verify(name: string, password: string, attempt: Attempt): Promise<PasswordResult> {
    const result = await this.check(name, password, attempt);
    if (!result.ok) return result;
    const { accepted, ...verified } = result;
    await this.#deps.audit(accepted);
    return verified;
  }

  /** As `verify`. The caller records `accepted` before it does anything with the proof, together with what it records itself. */
  async check(name: string, password: string, attempt: Attempt): Promise<CheckedPassword> {
    const result = await this.#check(name, password, attempt);
    const outcome = result.ok ? 'passed' : result.reason === 'wait' ? 'waiting' : 'wrong';
    (this.#deps.metrics ?? noMetrics).count('sallyport_attempts_total', {
      purpose: 'sign-in',
      factor: passwordStep,
      outcome,
    });
    if (outcome !== 'waiting') this.#deps.sprayingAlarm.note(name, result.ok);
    return result;
  }

  async #check(name: string, password: string, { knownBrowser, ...from }: Attempt): Promise<CheckedPassword> {
    // Before the hash: a lock or a new password that is set meanwhile is then newer than this proof.
    const at = this.#deps.clock();
    const mostWork = await this.#deps.hashWorks.most();
    const canonical = canonicalName(name);
    const user = canonical === undefined ? undefined : await this.#deps.users.findCanonical(canonical);
    const { address } = from;
    const admission = await this.#deps.passwordLimits.admit({
      name,
      ...(canonical !== undefined && { canonical }),
      ...(user !== undefined && { user }),
      ...(knownBrowser !== undefined && { knownBrowser }),
      ...(address !== undefined && { address }),
    });
    if (!admission.ok) return this.#wait(user, admission, from);
    if (!isHashable(password)) return this.#refuse(user, 'form', from);
    const matched = await this.#compare(password, user, { mostWork, counters: admission.counters });
    if (user?.passwordHash === undefined) return this.#refuse(user, user ? 'no-password' : 'unknown', from);
    if (matched === undefined) return this.#refuse(user, 'wrong', from);
    if (activeAccount(user) === undefined) return this.#refuse(user, 'locked', from);
    await this.#deps.passwordLimits.refund(admission.counters);
    const normalized = normalizedPassword(password);
    const isOther = needsRehash(user.passwordHash, this.#deps.cost) || matched !== normalized;
    if (isOther && comparesWhole(user.passwordHash, matched)) await this.#rehash(user, user.passwordHash, normalized);
    const accepted: AuditEvent = {
      event: 'password.accepted',
      actor: 'browser',
      subject: user.id,
      outcome: 'success',
      ...from,
    };
    return { ok: true, user, proof: passwordProof(user.id, at), accepted };
  }

  /**
   * Judges and hashes a new password of this person. Every password that somebody chooses comes here.
   * `replaces`: hash of a password that the new one must differ from.
   * @throws Problem 'overloaded' or 'unavailable' where it could not be hashed.
   */
  async hashNew(
    password: string,
    owner: PasswordOwner,
    { replaces }: { readonly replaces?: string | undefined } = {},
  ): Promise<NewPassword> {
    const fault =
      (await passwordFault(password, owner, this.#deps.service)) ??
      (replaces !== undefined && (await hasHash(this.#deps.hasher, password, replaces)) ? 'same' : undefined) ??
      ((await this.#deps.isBreached?.(normalizedPassword(password))) === true ? 'breached' : undefined);
    return fault === undefined
      ? { ok: true, hash: await this.#deps.hasher.hash(normalizedPassword(password)) }
      : { ok: false, fault };
  }

  /**
   * Sets another password that this person chose. It must differ from theirs. All sessions and tokens but `keep` end; the proof is newer
   * than that, so that a sign-in under way can go on with it. @throws Problem as `hashNew`.
   */
  async replace(
    user: User,
    password: string,
    { reason, keep, ...by }: Omit<NoticeSource, 'actor'> & Pick<Replacement, 'keep'> & Reason,
  ): Promise<ReplacedPassword> {
    const was = user.passwordHash;
    if (was === undefined) return { ok: false, reason: 'changed' };
    const hashed = await this.hashNew(password, user, { replaces: was });
    if (!hashed.ok) return { ok: false, reason: 'fault', fault: hashed.fault };
    const isAllowed = (stored: User): boolean => stored.passwordHash === was;
    const replacement = { isAllowed, next: hashed.hash, reason, keep };
    const changed = await this.#deps.users.replacePassword(user.id, replacement, { ...by, actor: `user:${user.id}` });
    if (changed === undefined) return { ok: false, reason: 'changed' };
    return { ok: true, user: changed, proof: passwordProof(user.id, this.#deps.clock()) };
  }

  /** As `matchingForm`. */
  async #compare(
    password: string,
    user: User | undefined,
    { mostWork, counters }: { readonly mostWork: MostWork; readonly counters: Counters },
  ): Promise<string | undefined> {
    try {
      return await matchingForm(this.#deps.hasher, password, user, mostWork);
    } catch (error) {
      // The password was not compared, so it was not a guess, and must not make the person wait.
      if (isProblem(error, 'overloaded')) await this.#deps.passwordLimits.refund(counters);
      throw error;
    }
  }

  async #refuse(user: User | undefined, reason: string, from: Source): Promise<RefusedPassword> {
    await this.#recordRefused(user, { reason }, from);
    return { ok: false, reason: 'refused' };
  }

  /** Audited once per window, so that an attack does not fill the audit. Names the account only where its own limit refused. */
  async #wait(
    user: User | undefined,
    { limit, until, isFirst }: Exclude<PasswordAdmission, { ok: true }>,
    from: Source,
  ): Promise<RefusedPassword> {
    const subject = limit === 'account' || limit === 'device' ? user : undefined;
    if (isFirst) await this.#recordRefused(subject, { reason: 'throttled', until }, from);
    return { ok: false, reason: 'wait', until };
  }

  async #recordRefused(
    user: User | undefined,
    facts: { readonly reason: string; readonly until?: EpochMillis },
    from: Source,
  ): Promise<void> {
    // The typed name is not recorded: it may be a password in the wrong field.
    const event: AuditEvent = {
      event: 'password.refused',
      actor: 'browser',
      outcome: facts.until === undefined ? 'failure' : 'refused',
      ...facts,
      ...from,
    };
    // One write each: the work of a refusal must not tell whether the name has an account.
    if (user !== undefined) return this.#deps.audit({ ...event, subject: user.id });
    // Without what the sender chooses, by which one attack would become many records.
    const { client: _client, browser: _browser, ...counted } = event;
    await this.#deps.countedAudit.countWithOneWrite(counted);
  }

  /** Replaces a hash of another cost. The password was right, so a failure here does not refuse it. */
  async #rehash(user: User, hash: string, password: string): Promise<void> {
    try {
      await this.#deps.users.rehash(user.id, hash, await this.#deps.hasher.hash(password));
    } catch (error) {
      if (!isProblem(error)) throw error;
      this.#deps.log.warn('password.not-rehashed', { subject: user.id, error });
    }
  }
}
