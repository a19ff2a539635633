/** Sends one mail from the outbox. */
import { Undeliverable, type Send } from '../outbox/deliveries.ts';
import { MailRefused, type MailTransport } from '../ports/mail.ts';
import type { Clock } from '../ports/time.ts';
import { fromJson, type MailContent, type StoredMail } from './content.ts';

/** Text and HTML of one mail. */
export interface LaidOut {
  readonly text: string;
  readonly html: string;
}

export interface DeliverDeps {
  /** Absent: no mail server is configured any more. */
  readonly transport: MailTransport | undefined;
  readonly layout: (content: MailContent, reader: Pick<StoredMail, 'language' | 'zone' | 'audience'>) => LaidOut;
  readonly clock: Clock;
}

/** Gives the sender of outbox messages of the kind `mail`. */
export const mailSender =
  ({ transport, layout, clock }: DeliverDeps): Send =>
  async data => {
    const { to, language, zone, audience, messageId, until, content } = fromJson(data);
    if (until !== undefined && clock() >= until) return 'dropped';
    if (transport === undefined) throw new Error('got no mail server, expected SALLYPORT_SMTP_URL');
    try {
      await transport.send({
        to,
        subject: content.subject,
        ...layout(content, { language, ...(zone !== undefined && { zone }), audience }),
        messageId,
        language,
      });
      return 'sent';
    } catch (error) {
      if (error instanceof MailRefused && error.isPermanent) throw new Undeliverable(error.message, { cause: error });
      throw error;
    }
  };
