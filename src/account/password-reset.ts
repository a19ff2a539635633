/**
 * Resets a forgotten password by a mailed link. The link changes the password alone: the second step is still asked for, and methods
 * stay as they are.
 *
 *     request ─→ outbox (kind `password-reset`) ─deliver→ account keeps the hash of a token ─→ mail with the link
 *     link ─→ page (only reads) ─reset→ new password; sessions, tokens and the link end, in one write of the account
 *
 * A request does the same for every name: it counts, and puts the name into the outbox. Only `deliver`, outside of the request, looks
 * for the account. So neither the answer nor its time tells whether the name has an account, or one with an address.
 */
import type { Audit } from '../audit.ts';
import type { CountedAudit } from '../counted-audit.ts';
import { newId } from '../new-id.ts';
import { wording } from '../locales/wording.ts';
import { activeAccount } from '../locked-account.ts';
import type { Mail } from '../mail/mail.ts';
import type { Send } from '../outbox/deliveries.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { PasswordFault } from '../password-fault.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { User } from '../records.ts';
import { changeAccount } from '../change-account.ts';
import { accountIn, isOpen, issued, newToken, tokenLifetime } from '../users/mailed-tokens.ts';
import type { Passwords } from '../users/passwords/password.ts';
import type { ResetLimits, ResetRefusal } from '../users/limits/reset-limits.ts';
import type { Users } from '../users/users.ts';
import { linkMail } from './link-mail.ts';

/** Kind of the requests in the outbox. */
export const resetKind = 'password-reset';

/** Recipient of all of them: one is answered at a time, and at most 1000 wait. */
const recipient = 'password-resets';

/** Where a request came from, for audit and notices. */
export interface ResetSource {
  readonly reference: string;
  readonly address: string;
  /** As `browserText` names it. */
  readonly browser?: string | undefined;
}

/** off: no mail server is configured. full: too many requests wait. */
export type ResetRequested =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'off' | 'full' }
  | ResetRefusal;

/** link: it was used, is too old, or a newer one was sent. */
export type ResetResult =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: 'link' }
  | { readonly ok: false; readonly reason: 'fault'; readonly user: User; readonly fault: PasswordFault };

/** A request as the outbox keeps it. A type, so that it can be stored as JSON. */
type StoredRequest = {
  readonly id: string;
  readonly name: string;
  /** Language of the page on which it was asked for. */
  readonly language: string;
  readonly reference: string;
  readonly address: string;
};

export interface PasswordResetsDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly accounts: Pick<Users, 'find' | 'replacePassword'>;
  readonly passwords: Pick<Passwords, 'hashNew'>;
  readonly limits: ResetLimits;
  readonly mail: Pick<Mail, 'isOn' | 'queue'>;
  readonly outbox: Pick<Outbox, 'add'>;
  /** The page that a link opens; the link adds its token. */
  readonly page: URL;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
}

/** Resets passwords. */
export class PasswordResets {
  readonly #deps: PasswordResetsDeps;

  constructor(deps: PasswordResetsDeps) {
    this.#deps = deps;
  }

  /** False: resets are off, because no mail server is configured. */
  get isOn(): boolean {
    return this.#deps.mail.isOn;
  }

  /**
   * Asks for a link for the account with this name or address, if there is one that can get it. The result does not depend on it.
   * @throws the error of the store
   */
  async request(name: string, language: string, { reference, address }: ResetSource): Promise<ResetRequested> {
    if (!this.isOn) return { ok: false, reason: 'off' };
    const admission = await this.#deps.limits.admit(address);
    if (!admission.ok) return admission;
    const data: StoredRequest = { id: newId(), name, language, reference, address };
    const added = await this.#deps.outbox.add({ kind: resetKind, recipient, data });
    return added === 'full' ? { ok: false, reason: 'full' } : { ok: true };
  }

  /** Sender of the requests in the outbox: mails the link where the account has a verified address. */
  readonly deliver: Send = async data => {
    const request = fromJson(data);
    const { reference, address } = request;
    const user = await this.#deps.accounts.find(request.name);
    const refuse = (reason: string): 'dropped' => {
      const subject = user !== undefined && { subject: user.id };
      const facts = { actor: 'browser', outcome: 'refused', reason, address, ...subject } as const;
      this.#deps.countedAudit.count({ event: 'password-reset.refused', ...facts });
      return 'dropped';
    };
    const to = addressOf(user);
    if (!to.ok) return refuse(to.reason);
    const token = newToken(to.user.id);
    const { refused, kept } = await this.#issue(to, token, request.id);
    if (refused !== undefined) return refuse(refused);
    const language = to.user.language ?? request.language;
    const queued = await this.#deps.mail.queue({
      to: to.email,
      userId: to.user.id,
      language,
      message: linkMail(wording(language).passwords.mail, { name: to.user.name, page: this.#deps.page, token }),
      until: kept,
    });
    if (queued !== 'queued') return refuse(queued);
    await this.#deps.audit({
      event: 'password-reset.requested',
      actor: 'browser',
      subject: to.user.id,
      outcome: 'info',
      reference,
      address,
    });
    return 'sent';
  };

  /** The account of an open link. Only reads. */
  async find(token: string): Promise<User | undefined> {
    const id = accountIn(token);
    const user = id === undefined ? undefined : activeAccount(await this.#deps.users.get(id));
    return user !== undefined && isOpen(user.passwordReset, token, this.#deps.clock()) ? user : undefined;
  }

  /**
   * Sets the new password, and uses the link up: one of many concurrent callers does. A refused password keeps the link.
   * @throws Problem 'overloaded' or 'unavailable' where it could not be hashed; the error of the store
   */
  async reset(token: string, password: string, source: ResetSource): Promise<ResetResult> {
    const found = await this.find(token);
    if (found === undefined) return { ok: false, reason: 'link' };
    const hashed = await this.#deps.passwords.hashNew(password, found, { replaces: found.passwordHash });
    if (!hashed.ok) return { ok: false, reason: 'fault', user: found, fault: hashed.fault };
    const isAllowed = (stored: User): boolean =>
      activeAccount(stored) !== undefined && isOpen(stored.passwordReset, token, this.#deps.clock());
    const replacement = { isAllowed, next: hashed.hash, reason: 'mailed-link' } as const;
    const by = { ...source, actor: `user:${found.id}` };
    const user = await this.#deps.accounts.replacePassword(found.id, replacement, by);
    if (user === undefined) return { ok: false, reason: 'link' };
    return { ok: true, user };
  }

  /** Keeps the hash of the token, unless too many were sent or the address has changed. `kept`: when the token ends. */
  async #issue({ user: { id }, email }: Extract<Reachable, { readonly ok: true }>, token: string, request: string) {
    let refused: 'limit' | 'changed' | undefined;
    const user = await changeAccount(this.#deps.users, id, was => {
      const passwordReset = issued(was.passwordReset, { token, request }, this.#deps.clock());
      refused = was.email === email ? (passwordReset === undefined ? 'limit' : undefined) : 'changed';
      return refused !== undefined || passwordReset === undefined ? was : { ...was, passwordReset };
    });
    return { refused, kept: user.passwordReset?.until ?? this.#deps.clock() + tokenLifetime };
  }
}

type Reachable =
  | { readonly ok: true; readonly user: User; readonly email: string }
  | { readonly ok: false; readonly reason: string };

/**
 * The address that a link may go to. An unverified one may be somebody else's, who would get the account. An account without a
 * password signs in otherwise, as its operator decided: a link must not give it one.
 */
const addressOf = (user: User | undefined): Reachable => {
  if (user === undefined) return { ok: false, reason: 'unknown' };
  if (activeAccount(user) === undefined) return { ok: false, reason: 'locked' };
  if (user.passwordHash === undefined) return { ok: false, reason: 'no-password' };
  if (user.email === undefined || user.emailVerified !== true) return { ok: false, reason: 'no-verified-address' };
  return { ok: true, user, email: user.email };
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this installation, so only `request` can have written it
const fromJson = (data: Json): StoredRequest => data as unknown as StoredRequest;
