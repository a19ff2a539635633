/** Settings of mails to people and administrators. */
import { emailAddresses, mailbox, smtpUrl } from '../checks/mail.ts';
import { optional } from '../setting.ts';

export const mail = {
  smtpUrl: optional({
    name: 'SALLYPORT_SMTP_URL',
    check: smtpUrl(),
    expected:
      'smtp://[user:password@]host[:port] or smtps://…, with ?tls=required or ?tls=off where the default is wrong; no password without TLS except on loopback',
    example: 'smtp://login%40example.com:password@smtp.example.com:587',
    doc: 'The mail server that takes our mails. `smtps://`: TLS from the first byte, port 465. `smtp://`: STARTTLS before anything else is sent, port 587; where the server refuses it, nothing is sent. On loopback `smtp://` is plain text. `?tls=off` sends mails in plain text to another machine, which can read and change codes and links in them. User and password are percent-encoded. A private certificate authority: `NODE_EXTRA_CA_CERTS`. Unset: no mail is sent, and what needs mail says so.',
    secret: true,
  }),
  mailFrom: optional({
    name: 'SALLYPORT_MAIL_FROM',
    check: mailbox(),
    expected: 'an e-mail address, or a name and an address in angle brackets',
    example: 'Contoso sign-in <login@example.com>',
    doc: 'The sender of our mails. Its domain should permit the mail server (SPF, DKIM, DMARC), or mails end up as spam.',
  }),
  adminMail: optional({
    name: 'SALLYPORT_ADMIN_MAIL',
    check: emailAddresses(),
    expected: 'one to ten e-mail addresses, separated by commas',
    example: 'security@example.com',
    doc: 'Who is told by mail what administrators must know, such as "this was not me" of a person. Unset: a line of the log at level error is the only alarm.',
  }),
};
