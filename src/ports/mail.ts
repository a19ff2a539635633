/** Declares the port to a mail server. The adapter is `adapters/smtp.ts`. */

/** A whole mail to one recipient. */
export interface OutgoingMail {
  /** The one recipient, as `users/names/email-address.ts` accepts it. It is never parsed again. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Stays the same when the mail is sent again, so that a mailbox can recognise the copy: `ID@HOST`. */
  readonly messageId: string;
  /** BCP 47 */
  readonly language: string;
}

/**
 * The mail server did not accept a mail. `message` states reply codes only: what a server writes may contain the address or words of
 * the mail.
 */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  /** True: another attempt would only be refused again. */
  readonly isPermanent: boolean;

  constructor(message: string, options: { readonly isPermanent: boolean }) {
    super(message);
    this.isPermanent = options.isPermanent;
  }
}

/** Hands mails to a mail server. */
export interface MailTransport {
  /**
   * Resolves when the server has taken responsibility for the mail. Takes at most 25 seconds.
   * @throws MailRefused; after one that is not permanent the mail may still have been accepted
   */
  send(mail: OutgoingMail): Promise<void>;
}
