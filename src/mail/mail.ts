/**
 * Sends mails to people and administrators, outside the request that causes them.
 *
 *     content.ts    what a mail says: heading, paragraphs, facts, a code, one link
 *     code-channel.ts   carries the codes of sign-ins
 *     mail.ts       puts a mail into the outbox
 *     limits.ts     at most 10 mails an hour to an address, half of them notices, counted durably
 *     deliver.ts    sends a mail from the outbox by `ports/mail.ts`, laid out by `web/mail/layout.ts`
 *
 *     queue ─limit→ outbox (kind `mail`) ─deliver→ mail server
 *                     │ ↑ └─refused for good→ given up at once, with an alarm
 *                     │ └───refused for now, or unreachable: again after a back-off, for a day
 *                     └─a mail with an end (a code, a reset link) is dropped after it
 *
 * Mails are at least once: after a crash a person may get a mail twice, with the same Message-ID.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../crypto.ts';
import { newId } from '../new-id.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { MailContent, StoredMail } from './content.ts';
import type { MailLimits } from './limits.ts';

/** Kind of these messages in the outbox. */
export const mailKind = 'mail';

/** A mail to one address. */
export interface NewMail {
  /** As `users/names/email-address.ts` accepts it. */
  readonly to: string;
  /** Id of the account that the mail is about. */
  readonly userId?: string;
  /** BCP 47; English where it is absent. */
  readonly language?: string | undefined;
  /** Time zone of the reader (IANA name), for the times in the mail; UTC where it is absent. */
  readonly zone?: string | undefined;
  /** Decides the footer; `person` where it is absent. */
  readonly audience?: 'person' | 'administrators';
  readonly message: MailContent;
  /** Its code or link works until then. Such a mail is never delayed by the limit, and is not sent later. */
  readonly until?: EpochMillis;
}

/**
 * What became of a mail. off: no mail server is configured. limited: too many mails to this address. full: too many wait in the
 * outbox. The last two are logged at error.
 */
export type Queued = 'queued' | 'off' | 'limited' | 'full';

export interface MailDeps {
  readonly outbox: Pick<Outbox, 'add'>;
  readonly limits: MailLimits;
  /** Keys the hashes of addresses. */
  readonly hashKey: KeyObject;
  /** A mail server is configured. */
  readonly isOn: boolean;
  /** Host of the issuer, for the Message-ID. */
  readonly host: string;
}

/** Puts mails into the outbox. */
export class Mail {
  readonly #deps: MailDeps;

  constructor(deps: MailDeps) {
    this.#deps = deps;
  }

  /** False: no mail server is configured, and each feature that needs mail must say that it is not available. */
  get isOn(): boolean {
    return this.#deps.isOn;
  }

  /**
   * Adds a mail to the outbox, and is durable when it resolves. Above the limit a mail without `until` is delayed, so that no notice
   * is lost; one with `until` is refused.
   * @throws the error of the store
   */
  async queue({ to, userId, language = 'en', zone, audience = 'person', message, until }: NewMail): Promise<Queued> {
    const { outbox, limits, host, isOn, hashKey } = this.#deps;
    if (!isOn) return 'off';
    const recipient = `mail:${hmac(hashKey, `mail:${to}`).slice(0, 16)}`;
    const notBefore = await limits.take(to, { sort: until === undefined ? 'notices' : 'urgent', recipient });
    if (notBefore === undefined) return 'limited';
    const data: StoredMail = {
      to,
      language,
      ...(zone !== undefined && { zone }),
      audience,
      messageId: `${newId()}@${host}`,
      ...(until !== undefined && { until }),
      content: message,
    };
    const about = userId !== undefined && { subject: userId };
    const added = await outbox.add({ kind: mailKind, recipient, ...about, notBefore, data });
    return added === 'full' ? 'full' : 'queued';
  }
}
