/**
 * Hands mails to a mail server by SMTP, with nodemailer. Envelope and headers get addresses as structures, so that nothing in an
 * address is parsed as a list, a comment or another recipient. Where TLS is expected and not possible, nothing is sent.
 */
import { createTransport } from 'nodemailer';
import type { SmtpSettings } from '../src/config/smtp.ts';
import type { MailTransport, OutgoingMail } from '../src/ports/mail.ts';
import type { Millis } from '../src/ports/time.ts';
import { failureOf, refusalOf, type FailedPart } from './smtp/refusal.ts';

/** Time for one mail. Shorter than the claim on a message of the outbox, so that no other node sends it meanwhile. */
const sendWithin: Millis = 25_000;
/** For a connection, and for the greeting of the server. */
const connectWithin: Millis = 10_000;

/** The options of nodemailer for this server. */
const connectionOf = ({ host, port, tls, auth }: Omit<SmtpSettings, 'from'>) => ({
  host,
  port,
  secure: tls === 'implicit',
  requireTLS: tls === 'starttls',
  ignoreTLS: tls === 'none',
  // forceAuth: a server that stops to offer authentication is an error, and no reason to send without it.
  ...(auth !== undefined && { auth: { user: auth.user, pass: auth.password }, forceAuth: true }),
  connectionTimeout: connectWithin,
  greetingTimeout: connectWithin,
  socketTimeout: sendWithin,
  dnsTimeout: connectWithin,
  // Content is always given as text, never as a path or an address.
  disableFileAccess: true,
  disableUrlAccess: true,
});

/** The message for nodemailer. */
const messageOf = ({ to, subject, text, html, messageId, language }: OutgoingMail, from: SmtpSettings['from']) => ({
  from,
  to: { name: '', address: to },
  envelope: { from: { name: '', address: from.address }, to: { name: '', address: to } },
  subject,
  text,
  html,
  messageId: `<${messageId}>`,
  headers: {
    // No automatic answers, please (RFC 3834 §5).
    'Auto-Submitted': 'auto-generated',
    'Content-Language': language,
  },
});

/** Opens the mail server. Each mail has a connection of its own, for `within` at most. */
export const openSmtp = (settings: SmtpSettings, within: Millis = sendWithin): MailTransport => {
  const transporter = createTransport(connectionOf(settings));
  return {
    async send(mail) {
      try {
        await transporter.sendMail({ ...messageOf(mail, settings.from), signal: AbortSignal.timeout(within) });
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
};

/** What an inspection of the mail server found. */
export type Inspected = { readonly ok: true } | { readonly ok: false; readonly part: FailedPart; readonly got: string };

/** Connects, starts TLS and authenticates as for a mail, and sends none. */
export const inspectSmtp = async (settings: SmtpSettings): Promise<Inspected> => {
  try {
    await createTransport(connectionOf(settings)).verify();
    return { ok: true };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  }
};
