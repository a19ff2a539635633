/** Checks mail servers, mailboxes and e-mail addresses. */
import * as z from 'zod';
import { isLoopback } from './addresses.ts';
import { isDistinct, separated, text } from './values.ts';

/** A mail server. `tls`: from the first byte, by STARTTLS before anything else is sent, or not at all. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly auth?: { readonly user: string; readonly password: string };
}

/**
 * `smtp://` (STARTTLS, which is required) or `smtps://`, with a user and a password, a host and a port. On loopback `smtp://` is
 * plain text. `?tls=required` and `?tls=off` say it otherwise; a password is never sent in plain text to another machine.
 */
export const smtpUrl = (): z.ZodType<SmtpServer> =>
  text.pipe(z.url({ protocol: /^smtps?$/, hostname: /./, abort: true })).transform((value, ctx): SmtpServer => {
    const url = new URL(value);
    const { protocol, hostname, port, pathname, hash, search, username, password } = url;
    const wanted = /^(?:\?tls=(required|off))?$/.exec(search);
    const isOdd =
      wanted === null || !['', '/'].includes(pathname) || hash !== '' || (username === '') !== (password === '');
    const isPlain = protocol === 'smtp:' && (wanted?.[1] ?? (isLoopback(hostname) ? 'off' : 'required')) === 'off';
    if (isOdd || (isPlain && username !== '' && !isLoopback(hostname))) ctx.addIssue('not a usable mail server');
    const auth = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    return {
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
      tls: protocol === 'smtps:' ? 'implicit' : isPlain ? 'none' : 'starttls',
      ...(username !== '' && { auth }),
    };
  });

/** A mailbox: an address, or a name with an address in angle brackets. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** One mailbox, such as `Contoso sign-in <login@example.com>`. */
export const mailbox = (): z.ZodType<Mailbox> =>
  text
    .transform(value => /^(?:([^<>"\p{Cc}]{1,80}) <([^<>]+)>|([^<> ]+))$/u.exec(value)?.slice(1) ?? [])
    .transform(([name = '', bracketed, bare = '']) => ({ name, address: bracketed ?? bare }))
    .refine(({ address }) => z.email().safeParse(address).success);

/** One to ten e-mail addresses, separated by commas, without duplicates. */
export const emailAddresses = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.email()).min(1).max(10)).refine(isDistinct);
