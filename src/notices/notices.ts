/**
 * Tells people and administrators of changes, outside of the request that makes them.
 *
 *     ../notice.ts    the closed list of kinds, which the rules know
 *     notices.ts      puts a notice into the outbox, for the addresses that the person has now
 *     recipients.ts   finds these addresses
 *     content.ts      words a notice as a mail
 *     message.ts      words it as a text
 *     deliver.ts      sends it from the outbox
 *     not-me.ts       makes its link, and does what the page behind it says
 *
 *     tell ─→ outbox (kind `notice`) ─┬→ outbox (kind `mail`) ─→ mail server
 *                                     └→ outbox (kind `notice-text`), one for each number ─→ carrier
 */
import type { Audit, AuditFacts } from '../audit.ts';
import type { Log } from '../log.ts';
import { traitsOf, type Notice, type Notices, type NoticeSource } from '../notice.ts';
import type { Mail } from '../mail/mail.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { administratorMail } from './content.ts';
import { recipientsOf, type Recipients, type RecipientsDeps } from './recipients.ts';

/** Kind of the outbox messages that hold a notice. */
export const noticeKind = 'notice';

/** The data of such a message. A type, so that it can be stored as JSON. */
export type StoredNotice = {
  readonly userId: string;
  readonly at: EpochMillis;
  readonly notice: Notice;
  readonly source: NoticeSource;
  readonly recipients: Recipients;
};

export interface QueuedNoticesDeps extends RecipientsDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly mail: Pick<Mail, 'isOn' | 'queue'>;
  /** Addresses of administrators; empty: the log is the only alarm. */
  readonly administrators: readonly string[];
  readonly outbox: Pick<Outbox, 'add'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly log: Log;
}

/** Keeps notices in the outbox until they are sent. */
export class QueuedNotices implements Notices {
  readonly #deps: QueuedNoticesDeps;

  constructor(deps: QueuedNoticesDeps) {
    this.#deps = deps;
  }

  /** A person without an address is not told; the audit says so. */
  async tell(userId: string, notice: Notice, source: NoticeSource): Promise<void> {
    await this.telling(userId, notice, source, async () => undefined);
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

  async telling<T>(
    userId: string,
    notice: Notice,
    source: NoticeSource,
    change: () => Promise<T>,
    isMade: (result: T) => boolean = () => true,
  ): Promise<T> {
    const { audience } = traitsOf(notice.kind);
    const user = audience === 'administrators' ? undefined : await this.#deps.users.get(userId);
    const recipients = user && (await recipientsOf(this.#deps, user, notice.kind, source));
    const result = await change();
    if (!isMade(result)) return result;
    if (recipients !== undefined) await this.#add(userId, notice, source, recipients);
    if (audience !== 'person') await this.tellAdministrators(notice, source, userId);
    return result;
  }

  async #add(userId: string, notice: Notice, source: NoticeSource, recipients: Recipients): Promise<void> {
    const { outbox, clock } = this.#deps;
    const via = recipients.mail !== undefined ? 'mail' : recipients.texts.length > 0 ? 'sms' : 'none';
    if (via !== 'none') {
      const stored: StoredNotice = { userId, at: clock(), notice, source, recipients };
      await outbox.add({ kind: noticeKind, recipient: `user:${userId}`, subject: userId, data: asJson(stored) });
    }
    await this.#record(notice, source, { audience: 'person', via, subject: userId });
  }

  async #record(
    notice: Notice,
    { actor, reference, address }: NoticeSource,
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
const asJson = (stored: StoredNotice): Json => JSON.parse(JSON.stringify(stored)) as Json;
