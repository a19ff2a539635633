/**
 * Adds accounts, finds them by any spelling of their name or e-mail address, locks and unlocks them. Each change is audited, and its
 * owner is told of it.
 *
 * | folder       | what it decides                                                        |
 * | ------------ | ---------------------------------------------------------------------- |
 * | `names/`     | which names and addresses there may be, and which of them are the same |
 * | `passwords/` | which passwords may be set, how they are hashed and compared           |
 * | `limits/`    | how often strangers may try                                            |
 *
 * Files beside this one say what follows from a change of an account, and which browsers its owner has used.
 */
import type { Audit, AuditEvent } from '../audit.ts';
import { isProblem } from '../errors.ts';
import { noteOf, sourceOf, type ChangedBy, type NoticeKind, type NoticeSource, type Notices } from '../notice.ts';
import { isFrozen } from '../frozen-account.ts';
import { newId } from '../new-id.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';
import { withAddress, withProvenAddress } from './account-address.ts';
import { withConfirmedReset, withNewPassword, withReplacement, type Replacement } from './account-password.ts';
import { changeAccount } from '../change-account.ts';
import { emailAddress } from './names/email-address.ts';
import { newUserDocument, type NewUser, type NewUserMistake } from './new-user.ts';
import { checkProfile, type ProfileChanges, type ProfileMistake } from './profile.ts';
import { canonicalName } from './names/usernames.ts';

/** `taken`: another account has this name or address, possibly in another spelling, as its name or its address. */
export type AddedUser =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: NewUserMistake | 'taken' };

/** Members of a profile that an account can be without. */
const removable = ['language', 'zoneinfo', 'groups'] as const;

interface UsersDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly notices: Pick<Notices, 'changeAndTell'>;
  /** Called once all sessions of an account but `keep` have ended. Where it throws, the change fails too, and can be repeated. */
  readonly onSignedOut: (id: string, keep?: string) => Promise<void>;
}

/** The accounts. */
export class Users {
  readonly #deps: UsersDeps;

  constructor(deps: UsersDeps) {
    this.#deps = deps;
  }

  /** `actor` as in the audit, here and below: `cli`, `user:ID`. */
  async add(newUser: NewUser, actor: string): Promise<AddedUser> {
    const made = newUserDocument(newUser, { id: newId(), now: this.#deps.clock() });
    if (!made.ok) return made;
    const { user } = made;
    if (!(await insertIfAbsent(this.#deps.users, user))) return { ok: false, reason: 'taken' };
    await this.#record('user.added', user.id, actor);
    return { ok: true, user };
  }

  async get(id: string): Promise<User | undefined> {
    return this.#deps.users.get(id);
  }

  /** The account with this name or e-mail address, in any spelling. */
  async find(typed: string): Promise<User | undefined> {
    const canonical = canonicalName(typed);
    return canonical === undefined ? undefined : this.findCanonical(canonical);
  }

  /** `canonical`: as `canonicalName` gives it, of a name or an address. */
  async findCanonical(canonical: string): Promise<User | undefined> {
    const [user] = await this.#deps.users.find({ signInNames: canonical }, { limit: 1 });
    return user;
  }

  /** One page of accounts, in the order in which they were added. */
  async list(page: { readonly after?: string; readonly limit?: number } = {}): Promise<readonly User[]> {
    return this.#deps.users.find({}, page);
  }

  /**
   * Replaces the e-mail address; undefined: removes it. The old one no longer signs in, and another account may have it.
   * `verified`: the new address is known to be this person's; default false, because verification of the old address does not apply to it.
   * `email`: the text is no address. `taken`: it finds another account.
   */
  async setEmail(
    id: string,
    typed: string | undefined,
    by: ChangedBy,
    { verified = false }: { readonly verified?: boolean } = {},
  ): Promise<'set' | 'email' | 'taken'> {
    const email = typed === undefined ? undefined : emailAddress(typed);
    if (typed !== undefined && email === undefined) return 'email';
    try {
      await this.#changeAndTell(id, 'email-changed', by, was =>
        withAddress(was, { email, verified, now: this.#deps.clock() }),
      );
    } catch (error) {
      if (isProblem(error, 'conflict')) return 'taken';
      throw error;
    }
    await this.#record('user.email-set', id, sourceOf(by).actor);
    return 'set';
  }

  /**
   * Makes this the verified address of the account, where `isAllowed` finds that the account, as it is stored then, permits it. The
   * old address is told. link: it was not allowed. taken: another account has it.
   */
  async proveAddress(
    id: string,
    { address, isAllowed }: { readonly address: string; readonly isAllowed: (user: User) => boolean },
    by: NoticeSource,
  ): Promise<User | 'link' | 'taken'> {
    let [isProven, isOther] = [false, false];
    const change = (was: User): User => {
      isProven = isAllowed(was);
      if (!isProven) return was;
      isOther = was.email !== address;
      return withProvenAddress(was, address, this.#deps.clock());
    };
    try {
      const user = await this.#changeAndTell(id, 'email-changed', by, change, () => isProven && isOther);
      if (!isProven) return 'link';
      await this.#record('user.email-set', id, by.actor, { reason: 'mailed-link' });
      return user;
    } catch (error) {
      if (isProblem(error, 'conflict')) return 'taken';
      throw error;
    }
  }

  /** Changes the members that are present; one that is present and undefined is removed. */
  async setProfile(id: string, changes: ProfileChanges, actor: string): Promise<'set' | ProfileMistake> {
    const checked = checkProfile(changes);
    if (!checked.ok) return checked.mistake;
    const removed = removable.filter(member => member in changes && changes[member] === undefined);
    await this.#change(id, was => {
      const next = { ...was, ...checked.profile, updatedAt: this.#deps.clock() };
      for (const member of removed) Reflect.deleteProperty(next, member);
      return next;
    });
    await this.#record('user.profile-set', id, actor);
    return 'set';
  }

  /**
   * Adds and removes groups, all in one write: a concurrent change of other groups is kept. `groups`: more than an account can
   * have, or a text that is no name of a group.
   */
  async changeGroups(
    id: string,
    { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
    actor: string,
  ): Promise<'set' | 'groups'> {
    const gone = checkProfile({ groups: remove });
    if (!gone.ok) return 'groups';
    const removed = new Set(gone.profile.groups);
    let outcome: 'set' | 'groups' = 'set';
    await this.#change(id, was => {
      const checked = checkProfile({ groups: [...(was.groups ?? []).filter(name => !removed.has(name)), ...add] });
      outcome = checked.ok ? 'set' : 'groups';
      const { groups: _was, ...rest } = was;
      const { groups = [] } = checked.ok ? checked.profile : {};
      return checked.ok ? { ...rest, ...(groups.length > 0 && { groups }), updatedAt: this.#deps.clock() } : was;
    });
    if (outcome === 'set') await this.#record('user.profile-set', id, actor);
    return outcome;
  }

  /** Says whether the address that the account has is known to be this person's. `none`: it has no address. */
  async setEmailVerified(id: string, emailVerified: boolean, actor: string): Promise<'set' | 'none'> {
    const { email } = await this.#change(id, was =>
      was.email === undefined ? was : { ...was, emailVerified, updatedAt: this.#deps.clock() },
    );
    if (email === undefined) return 'none';
    await this.#record('user.email-set', id, actor);
    return 'set';
  }

  /**
   * Also ends all sessions and tokens that were made with the old password. `temporary`: the person must choose another one in the
   * next sign-in.
   */
  async setPassword(
    id: string,
    passwordHash: string,
    by: ChangedBy,
    { temporary = false }: { readonly temporary?: boolean } = {},
  ): Promise<User> {
    const now = this.#deps.clock();
    const user = await this.#changeAndTell(id, 'password-set', by, was => ({
      ...withNewPassword(was, passwordHash, now),
      ...(temporary && { passwordChangeRequiredAt: now }),
    }));
    await this.#record('user.password-set', id, sourceOf(by).actor);
    await this.#deps.onSignedOut(id);
    return user;
  }

  /** The person must choose a new password in the next sign-in. Sessions stay. False: the account has no password. */
  async requirePasswordChange(id: string, by: ChangedBy): Promise<boolean> {
    const { passwordHash } = await this.#change(id, was =>
      was.passwordHash === undefined ? was : { ...was, passwordChangeRequiredAt: this.#deps.clock() },
    );
    if (passwordHash === undefined) return false;
    await this.#record('user.password-change-required', id, sourceOf(by).actor, noteOf(by));
    return true;
  }

  /**
   * Sets a password that the person chose, where `isAllowed` finds that the account, as it is stored then, still permits it. Of
   * concurrent callers with one permission one sets it; undefined: another one did. Ends sessions and tokens as `setPassword` does.
   */
  async replacePassword(id: string, replacement: Replacement, by: NoticeSource): Promise<User | undefined> {
    const { isAllowed, next, reason, keep } = replacement;
    const user = await this.#changeAndTell(
      id,
      reason === 'mailed-link' ? 'password-reset' : 'password-changed',
      by,
      stored => (isAllowed(stored) ? withReplacement(stored, replacement, this.#deps.clock()) : stored),
      ({ passwordHash }) => passwordHash === next,
    );
    if (user.passwordHash !== next) return undefined;
    const { actor, reference, address } = by;
    await this.#record('user.password-set', id, actor, {
      reason,
      ...(reference !== undefined && { reference }),
      ...(address !== undefined && { address }),
    });
    await this.#deps.onSignedOut(id, keep);
    return user;
  }

  /**
   * Notes that a second step was taken with the password that was reset by mail. Its mailbox may be a second step again: the person of
   * the password has shown to be the person of another method, too.
   */
  async confirmReset(id: string): Promise<void> {
    await this.#change(id, withConfirmedReset);
  }

  /** Replaces the hash `was` by one of the same password with another cost, unless it was changed meanwhile. Not audited. */
  async rehash(id: string, was: string, passwordHash: string): Promise<void> {
    const now = this.#deps.clock();
    // It is no change for its owner, and can wait until changes are possible again.
    await this.#change(id, user =>
      user.passwordHash === was && !isFrozen(user, now) ? { ...user, passwordHash } : user,
    );
  }

  /** Ends all sessions and tokens. They stay ended after the account is unlocked. */
  async lock(id: string, by: ChangedBy): Promise<User> {
    const now = this.#deps.clock();
    const source = sourceOf(by);
    // Audited before it is told, so that a lock which took effect is on record where the notice cannot be stored.
    const user = await this.#deps.notices.changeAndTell(id, { kind: 'account-locked' }, source, async () => {
      const locked = await this.#change(id, was => ({ ...was, lockedAt: was.lockedAt ?? now, signedOutAt: now }));
      await this.#record('user.locked', id, source.actor);
      return locked;
    });
    await this.#deps.onSignedOut(id);
    return user;
  }

  /**
   * Ends the sessions and tokens from before `before`; a later end stays as it is. For a sign-in that goes on, which must not end with
   * them. `AccountSessions.endAll` ends every session, and tells the person. `reason`: as in the audit.
   */
  async endEarlierSessions(
    id: string,
    by: ChangedBy,
    { before, reason }: { readonly before: EpochMillis; readonly reason: string },
  ): Promise<void> {
    const { actor, reference } = sourceOf(by);
    await changeAccount(this.#deps.users, id, was =>
      (was.signedOutAt ?? 0) >= before ? was : { ...was, signedOutAt: before },
    );
    const facts = { reason, ...(reference !== undefined && { reference }) };
    await this.#deps.audit({ event: 'session.ended', actor, subject: id, outcome: 'success', ...facts });
    await this.#deps.onSignedOut(id);
  }

  /** Also ends a pause of calls and pushes. */
  async unlock(id: string, by: ChangedBy): Promise<User> {
    const user = await this.#changeAndTell(
      id,
      'account-unlocked',
      by,
      ({ lockedAt: _lockedAt, pausedUntil: _pausedUntil, ...was }) => was,
    );
    await this.#record('user.unlocked', id, sourceOf(by).actor, noteOf(by));
    return user;
  }

  /** Makes a change that the owner of the account is told of, where `isMade` finds it in the account afterwards. */
  async #changeAndTell(
    id: string,
    kind: NoticeKind,
    by: ChangedBy,
    change: (user: User) => User,
    isMade?: (user: User) => boolean,
  ): Promise<User> {
    return this.#deps.notices.changeAndTell(id, { kind }, sourceOf(by), async () => this.#change(id, change), isMade);
  }

  #change(id: string, change: (user: User) => User): Promise<User> {
    return changeAccount(this.#deps.users, id, change);
  }

  async #record(
    event: AuditEvent['event'],
    subject: string,
    actor: string,
    facts: Partial<AuditEvent> = {},
  ): Promise<void> {
    await this.#deps.audit({ event, actor, subject, outcome: 'success', ...facts });
  }
}
