/**
 * Tells people and administrators of changes, outside of the request that makes them.
 *
 *     ../notice.ts    the closed list of kinds, which the rules know
 *     notices.ts      puts a notice into the outbox, for the addresses that the person has now
 *     recipients.ts   finds these addresses
 *     notice-throttle.ts  keeps kinds that others can cause again and again to one an hour
 *     content.ts      words a notice as a mail
 *     message.ts      words it as a text
 *     deliver.ts      sends it from the outbox
 *     not-me.ts       makes its link, and answers the page behind it
 *     new-browser.ts  tells of sign-ins from new browsers
 *
 *     tell ─→ outbox (kind `notice`) ─┬→ outbox (kind `mail`) ─→ mail server
 *                                     └→ outbox (kind `notice-text`), one for each number ─→ carrier
 *
 * A notice of a change is in the outbox before the change is made, and held there. Where the process ends before it is released, it is
 * due a minute later, and sent if the account was changed since.
 */
import type { Audit, AuditFacts } from '../audit.ts';
import { isProblem } from '../errors.ts';
import type { Log } from '../log.ts';
import { traitsOf, type Notice, type Notices, type NoticeSource } from '../notice.ts';
import type { Mail } from '../mail/mail.ts';
import type { NewMessage, Outbox } from '../outbox/outbox.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { administratorMail } from './content.ts';
import { recipientsOf, type Recipients, type RecipientsDeps } from './recipients.ts';
import { NoticeThrottle } from './notice-throttle.ts';

/** Kind of the outbox messages that hold a notice. */
const noticeKind = 'notice';

/** The data of such a message. A type, so that it can be stored as JSON. */
export type StoredNotice = {
  readonly userId: string;
  readonly at: EpochMillis;
  readonly notice: Notice;
  readonly source: NoticeSource;
  readonly recipients: Recipients;
  /** Revision of the account before the change that the notice is about. Present until the change was made. */
  readonly heldAt?: number;
};

interface Prepared {
  readonly stored: StoredNotice;
  readonly via: 'mail' | 'sms' | 'none';
  /** Revision of the account. */
  readonly rev: number;
}

const viaOf = ({ mail, texts }: Recipients): Prepared['via'] => {
  if (mail !== undefined) return 'mail';
  return texts.length > 0 ? 'sms' : 'none';
};

export interface QueuedNoticesDeps extends RecipientsDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly mail: Pick<Mail, 'isOn' | 'queue'>;
  /** Addresses of administrators; empty: the log is the only alarm. */
  readonly administrators: readonly string[];
  readonly outbox: Pick<Outbox, 'add' | 'hold' | 'release' | 'withdraw'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly log: Log;
}

/** Keeps notices in the outbox until they are sent. */
export class QueuedNotices implements Notices {
  readonly #deps: QueuedNoticesDeps;
  readonly #throttle: NoticeThrottle;

  constructor(deps: QueuedNoticesDeps) {
    this.#deps = deps;
    this.#throttle = new NoticeThrottle(deps.clock);
  }

  /** A person without an address is not told; the audit says so. */
  async tell(userId: string, notice: Notice, source: NoticeSource): Promise<void> {
    const { outbox } = this.#deps;
    if (traitsOf(notice.kind).isThrottled === true && !this.#throttle.admit(userId, notice.kind)) return;
    const told = await this.#prepare(userId, notice, source);
    if (told !== undefined && told.via !== 'none') await outbox.add(asMessage(told.stored));
    await this.#finish(told, userId, notice, source);
  }

  /** By mail where administrators have an address, else by a line of the log. */
  async tellAdministrators(notice: Notice, source: NoticeSource, userId?: string): Promise<void> {
    const { administrators, mail, users, clock, log } = this.#deps;
    const { reference, address } = source;
    const sent = administrators.length > 0 && mail.isOn;
    if (sent) {
      const account = userId === undefined ? undefined : (await users.get(userId))?.name;
      const message = administratorMail({ notice, source, at: clock(), account });
      for (const to of administrators) await mail.queue({ to, audience: 'administrators', message });
    } else log.error('alarm', { ...noticeFacts(notice), subject: userId, reference, address, app: notice.app });
    await this.#record(notice, source, { audience: 'administrators', via: sent ? 'mail' : 'log', subject: userId });
  }

  async changeAndTell<T>(
    userId: string,
    notice: Notice,
    source: NoticeSource,
    change: () => Promise<T>,
    isMade: (result: T) => boolean = () => true,
  ): Promise<T> {
    const { outbox } = this.#deps;
    const told = await this.#prepare(userId, notice, source);
    const { audience } = traitsOf(notice.kind);
    const isHeld = told !== undefined && (told.via !== 'none' || audience === 'both');
    const id = isHeld ? await this.#hold({ ...told.stored, heldAt: told.rev }) : undefined;
    const withdraw = async (): Promise<void> => (id === undefined ? undefined : outbox.withdraw(id));
    let result: T;
    try {
      result = await change();
    } catch (error) {
      // After an outage the change may have been made: then the account says so when the held message is due.
      if (isProblem(error) && !error.retryable) await withdraw();
      throw error;
    }
    if (!isMade(result)) {
      await withdraw();
      return result;
    }
    await this.#finish(told, userId, notice, source);
    if (id !== undefined) await outbox.release(id, asJson(told?.stored));
    else if (isHeld) await outbox.add(asMessage(told.stored));
    return result;
  }

  /**
   * Holds a notice. undefined: it could not be stored, and the change protects the account, so it is made all the same.
   * @throws the error of the store for every other kind
   */
  async #hold(stored: StoredNotice): Promise<string | undefined> {
    try {
      return await this.#deps.outbox.hold(asMessage(stored));
    } catch (error) {
      if (traitsOf(stored.notice.kind).protects !== true) throw error;
      this.#deps.log.error('notice.not-held', { kind: stored.notice.kind, error });
      return undefined;
    }
  }

  /** Audits a held notice whose process ended, and tells administrators where it is for them. */
  async finishHeld({ userId, notice, source, recipients }: StoredNotice): Promise<void> {
    await this.#finish({ via: viaOf(recipients) }, userId, notice, source);
  }

  /** The notice to the person; undefined: it is not for them, or they are gone. */
  async #prepare(userId: string, notice: Notice, source: NoticeSource): Promise<Prepared | undefined> {
    const { users, clock } = this.#deps;
    const user = traitsOf(notice.kind).audience === 'administrators' ? undefined : await users.get(userId);
    if (user === undefined) return undefined;
    const recipients = await recipientsOf(this.#deps, user, notice.kind, source);
    return { stored: { userId, at: clock(), notice, source, recipients }, via: viaOf(recipients), rev: user.rev };
  }

  /** Audits the notice to the person, and tells administrators where the kind is for them. */
  async #finish(
    told: Pick<Prepared, 'via'> | undefined,
    userId: string,
    notice: Notice,
    source: NoticeSource,
  ): Promise<void> {
    if (told !== undefined) await this.#record(notice, source, { audience: 'person', via: told.via, subject: userId });
    if (traitsOf(notice.kind).audience !== 'person') await this.tellAdministrators(notice, source, userId);
  }

  async #record(
    notice: Notice,
    { actor, reference, address, reason }: NoticeSource,
    { subject, ...facts }: { readonly audience: string; readonly via: string; readonly subject: string | undefined },
  ): Promise<void> {
    await this.#deps.audit({
      event: 'notice.sent',
      outcome: 'info',
      actor,
      ...(subject !== undefined && { subject }),
      ...(reference !== undefined && { reference }),
      ...(address !== undefined && { address }),
      ...(notice.app !== undefined && { client: notice.app }),
      ...(reason !== undefined && { note: reason }),
      ...noticeFacts(notice),
      ...facts,
    });
  }
}

/** Audit facts of a notice. */
const noticeFacts = ({ kind, factor }: Notice): AuditFacts => ({
  notice: kind,
  ...(factor !== undefined && { factor }),
});

/** Without undefined members, which JSON does not have. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts and numbers only
const asJson = (stored: StoredNotice | undefined): Json => JSON.parse(JSON.stringify(stored ?? null)) as Json;

const asMessage = (stored: StoredNotice): NewMessage => ({
  kind: noticeKind,
  recipient: `user:${stored.userId}`,
  subject: stored.userId,
  data: asJson(stored),
});
