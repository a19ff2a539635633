/** Judges errors of nodemailer: what happened, in words without text of the server, and whether it is for good. */
import { MailRefused } from '../../src/ports/mail.ts';

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
}

/** Replies to these are about this mail. Any other refusal is about the connection or our account, and may be mended. */
const aboutTheMail: ReadonlySet<unknown> = new Set(['RCPT TO', 'DATA']);

/** `550 5.1.1`: the reply code and the enhanced one (RFC 3463), without the text, which may contain the address. */
const replyOf = ({ response, responseCode }: SmtpError): string | undefined => {
  if (typeof responseCode !== 'number') return undefined;
  const enhanced =
    typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
  return [responseCode, ...(enhanced === undefined ? [] : [enhanced])].join(' ');
};

/** A code of nodemailer, Node.js or OpenSSL, or a command. EABORT: our own limit of time. */
const named = (value: unknown): string | undefined =>
  value === 'EABORT'
    ? 'no answer in time'
    : typeof value === 'string' && /^[A-Z_0-9 ]{2,40}$/.test(value)
      ? value
      : undefined;

/** The part of a conversation with a mail server that failed. */
export type FailedPart = 'connection' | 'tls' | 'authentication' | 'conversation';

/** Codes of Node.js and OpenSSL for TLS that failed: no certificate for us, or no TLS at all. */
const tlsCode = /CERT|TLS|SSL|UNABLE_TO_|EPROTO/;

/** What failed, for an operator: the part, and a code or reply without text of the server. */
export const failureOf = (error: unknown): { readonly part: FailedPart; readonly got: string } => {
  if (!Error.isError(error)) return { part: 'connection', got: 'no reason' };
  const { code, originalCode, command }: SmtpError = error;
  const reply = replyOf(error);
  const got = reply ?? named(originalCode) ?? named(code) ?? 'no reason';
  if (code === 'ETLS' || command === 'STARTTLS' || tlsCode.test(named(originalCode) ?? '')) return { part: 'tls', got };
  if (code === 'EAUTH' || code === 'ENOAUTH') return { part: 'authentication', got };
  return { part: reply === undefined ? 'connection' : 'conversation', got };
};

/** The refusal that an error of nodemailer means. */
export const refusalOf = (error: unknown): MailRefused => {
  if (!Error.isError(error)) return new MailRefused('the mail server: got no reason', { isPermanent: false });
  const { code, originalCode, command, responseCode }: SmtpError = error;
  const reply = replyOf(error);
  const isPermanent =
    aboutTheMail.has(command) && typeof responseCode === 'number' && responseCode >= 500 && responseCode !== 503;
  const what = reply ?? named(originalCode) ?? named(code) ?? 'an error';
  const at = named(command);
  return new MailRefused(`the mail server: got ${what}${at === undefined ? '' : ` to ${at}`}`, { isPermanent });
};
