/** Gathers the settings of the mail server. They are complete or absent as a whole. */
import type { Mailbox, SmtpServer } from './checks/mail.ts';
import type { Values } from './table.ts';

/** The mail server, and the sender of our mails. */
export interface SmtpSettings extends SmtpServer {
  readonly from: Mailbox;
}

/** Settings of the mail server; undefined where none is configured. */
export const smtpOf = ({ smtpUrl, mailFrom }: Values): SmtpSettings | undefined =>
  smtpUrl === undefined || mailFrom === undefined ? undefined : { ...smtpUrl, from: mailFrom };
