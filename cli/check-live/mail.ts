/** Checks whether the mail server would take mails: connection, TLS and authentication. No mail is sent. */
import { inspectSmtp } from '../../adapters/smtp.ts';
import type { SmtpSettings } from '../../src/config.ts';
import type { Finding } from './finding.ts';

type Part = Extract<Awaited<ReturnType<typeof inspectSmtp>>, { readonly ok: false }>['part'];

/** What was expected of the part that failed, and what to do. */
const mending = ({ host, tls }: SmtpSettings): Readonly<Record<Part, Pick<Finding, 'expected' | 'remedy'>>> => ({
  connection: {
    expected: 'a mail server',
    remedy: 'Compare host and port in SALLYPORT_SMTP_URL with your mail server, and let this machine reach it.',
  },
  tls: {
    expected: `TLS with a certificate for ${host}`,
    remedy:
      tls === 'implicit'
        ? 'Use smtp:// for a server that speaks STARTTLS (port 587), or name a private certificate authority in NODE_EXTRA_CA_CERTS.'
        : 'Let the server offer STARTTLS, use smtps:// (port 465), or name a private certificate authority in NODE_EXTRA_CA_CERTS.',
  },
  authentication: {
    expected: '235',
    remedy: 'Compare user and password in SALLYPORT_SMTP_URL, percent-encoded, with the account at the mail server.',
  },
  conversation: { expected: '250', remedy: 'Look into the log of the mail server.' },
});

/** Would the configured mail server take our mails? */
export const mailFinding = async (smtp: SmtpSettings | undefined): Promise<Finding> => {
  if (smtp === undefined) return { about: 'mail', ok: true, got: 'no mail server, so no mail is sent' };
  const { host, port, tls, auth } = smtp;
  const about = `mail server ${host}:${port}`;
  const found = await inspectSmtp(smtp);
  if (!found.ok) {
    const got = found.part === 'connection' ? `no answer (${found.got})` : found.got;
    return { about, ok: false, got, ...mending(smtp)[found.part] };
  }
  const how = [tls === 'none' ? 'in plain text' : 'with TLS', ...(auth === undefined ? [] : ['as our user'])].join(
    ', ',
  );
  return { about, ok: true, got: `it takes our mails ${how}` };
};
