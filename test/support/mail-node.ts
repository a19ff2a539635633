/** Makes one node that queues mails and sends them by SMTP, for tests of mail without a whole server. */
import { createSecretKey } from 'node:crypto';
import { openSmtp } from '../../adapters/smtp.ts';
import type { Audit } from '../../src/audit.ts';
import type { SmtpSettings } from '../../src/config.ts';
import { createSealer } from '../../src/crypto.ts';
import type { Log } from '../../src/log.ts';
import { mailSender } from '../../src/mail/deliver.ts';
import { MailLimits } from '../../src/mail/limits.ts';
import { Mail, mailKind } from '../../src/mail/mail.ts';
import { Deliveries } from '../../src/outbox/deliveries.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import type { DurableStore, Notifier } from '../../src/ports/stores.ts';
import type { Clock, Millis, Schedule } from '../../src/ports/time.ts';
import { outboxKind, sentMailsKind } from '../../src/records.ts';
import { layOutMail } from '../../web/mail/layout.ts';

export interface MailNodeDeps {
  readonly durable: DurableStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly smtp: SmtpSettings;
  readonly within?: Millis;
  readonly log: Log;
  readonly audit: Audit;
}

export interface MailNode {
  readonly mail: Mail;
  readonly deliveries: Deliveries;
}

const layout: Parameters<typeof mailSender>[0]['layout'] = (content, reader) =>
  layOutMail(content, { ...reader, host: 'login.example' });

/** The node. All nodes have the same keys, as those of one installation. */
export const mailNode = ({ durable, notifier, clock, schedule, smtp, within, log, audit }: MailNodeDeps): MailNode => {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const messages = durable.collection(outboxKind);
  const common = { messages, sealer: createSealer([{ id: 'a', key }]), clock, audit, log };
  const outbox = new Outbox({ ...common, notifier });
  const limits = new MailLimits({ sentMails: durable.collection(sentMailsKind), hashKey: key, clock, log });
  const transport = openSmtp(smtp, within);
  return {
    mail: new Mail({ outbox, limits, hashKey: key, isOn: true, host: 'login.example' }),
    deliveries: new Deliveries({
      ...common,
      outbox,
      senders: { [mailKind]: mailSender({ transport, layout, clock }) },
      schedule,
      random: () => 0.5,
    }),
  };
};
