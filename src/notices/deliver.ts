/** Sends notices from the outbox. A notice becomes one outbox message for each address, so that a failure of one delays no other. */
import { Problem } from '../errors.ts';
import type { NotSentReason, Sender, Unsubscribed } from '../mfa/delivery/sender.ts';
import type { Mail } from '../mail/mail.ts';
import type { Send } from '../outbox/deliveries.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { traitsOf, type NoticeKind } from '../notice.ts';
import { noticeMail } from './content.ts';
import { noticeText } from './message.ts';
import type { NotMe } from './not-me.ts';
import type { QueuedNotices, StoredNotice } from './notices.ts';

/** Kind of the outbox messages that hold one text. */
const noticeTextKind = 'notice-text';

/** The data of such a message. */
type StoredText = {
  readonly userId: string;
  readonly kind: NoticeKind;
  readonly to: string;
  readonly text: string;
};

export interface NoticeDeliveryDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly mail: Pick<Mail, 'queue'>;
  readonly notMe: Pick<NotMe, 'link'>;
  readonly notices: Pick<QueuedNotices, 'finishHeld'>;
  readonly sender: Pick<Sender, 'send'>;
  readonly clock: Clock;
}

/** How long a carrier may try to deliver such a text. */
const textLifetime: Millis = 4 * 3_600_000;

/** A second attempt would be refused again, or might send the text twice. */
const isFinal: ReadonlySet<NotSentReason | Unsubscribed> = new Set<NotSentReason | Unsubscribed>([
  'number-refused',
  'opted-out',
  'slow',
]);

/** The senders of both kinds of outbox messages, by kind. */
export const noticeSenders = ({
  users,
  outbox,
  mail,
  notMe,
  notices,
  sender,
  clock,
}: NoticeDeliveryDeps): Readonly<Record<string, Send>> => ({
  async notice(data) {
    const held = asNotice(data);
    const { userId, at, notice, source, recipients, heldAt } = held;
    const user = await users.get(userId);
    if (user === undefined) return 'dropped';
    if (heldAt !== undefined) {
      // The process ended before the change, or before it could say that it was made.
      if (user.rev === heldAt && traitsOf(notice.kind).inAccount === true) return 'dropped';
      await notices.finishHeld(held);
    }
    const { language = 'en', zoneinfo: zone, name: account } = user;
    const isLinked = traitsOf(notice.kind).linked === true;
    const link = isLinked ? await notMe.link(userId, notice.kind, at) : undefined;
    if (recipients.mail !== undefined) {
      const message = noticeMail({ notice, source, at, account, language, link });
      if ((await mail.queue({ to: recipients.mail, userId, language, zone, message })) === 'full') throw full();
    }
    const text = noticeText(notice.kind, language, link);
    for (const to of recipients.texts) {
      if (text === undefined) break;
      const stored: StoredText = { userId, kind: notice.kind, to, text };
      const recipient = `user:${userId}`;
      const added = await outbox.add({ kind: noticeTextKind, recipient, subject: userId, data: stored });
      if (added === 'full') throw full();
    }
    return 'sent';
  },
  async [noticeTextKind](data) {
    const { userId, kind, to, text } = asText(data);
    const message = { via: 'sms', to, text, lifetime: textLifetime } as const;
    // A purpose of its own, so that notices never use up the texts by which this person signs in.
    const counted = { to, userId, purpose: 'notice', at: clock() } as const;
    const event = { event: 'notice.texted', actor: 'system', subject: userId, outcome: 'info', notice: kind } as const;
    const sent = await sender.send({ message, counted, event });
    if (typeof sent === 'object') return 'sent';
    if (isFinal.has(sent)) return 'dropped';
    throw new Problem('undeliverable', `got no text to the person: ${sent}`);
  },
});

const full = (): Problem => new Problem('unavailable', 'got a full outbox, expected room for a notice');

// oxlint-disable typescript/no-unsafe-type-assertion -- sealed by this installation, which alone can have written it
const asNotice = (data: Json): StoredNotice => data as unknown as StoredNotice;
const asText = (data: Json): StoredText => data as unknown as StoredText;
// oxlint-enable typescript/no-unsafe-type-assertion
