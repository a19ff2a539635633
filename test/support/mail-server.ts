/** Starts a mail server on loopback that a test can make fail: TLS, authentication, refusals, silence. */
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server';
import type { SmtpSettings } from '../../src/config.ts';

const certificate = readFileSync(join(import.meta.dirname, '../data/rp.test.pem'), 'utf8');

/** Makes TLS clients of this process trust the certificate of the mail server. Gives the function that ends the trust. */
export const trustMailServer = (): (() => void) => {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate]);
  return () => setDefaultCACertificates(before);
};

/** A mail as it arrived: the envelope, and the bytes as text. */
export interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly isEncrypted: boolean;
}

/** How the server answers; a test may change it at any time. */
export interface MailServerFaults {
  /** Replies to RCPT TO by address: a code with text, `hang` for none, `accept`. */
  recipient: (address: string) => string;
  /** Reply after the mail was taken: `accept`, a code with text, or `cut` to take it and break the connection. */
  data: () => string;
}

export interface TestMailServer {
  readonly port: number;
  readonly arrived: Arrived[];
  /** Envelopes that were begun, with or without TLS. */
  readonly begun: { readonly from: string; readonly isEncrypted: boolean }[];
  readonly faults: MailServerFaults;
  settings(more?: Partial<SmtpSettings>): SmtpSettings;
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** none: STARTTLS is not offered. starttls: offered, and mails are taken without it too. */
  readonly tls: 'none' | 'starttls' | 'implicit';
  /** The one account; absent: no authentication. */
  readonly account?: { readonly user: string; readonly password: string };
  readonly port?: number;
}

const addressOf = (address: SMTPServerAddress | false): string => (address === false ? '' : address.address);

const replyError = (reply: string): Error =>
  Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });

/** Starts it; port 0 takes a free one. */
export const startMailServer = async ({ tls, account, port = 0 }: MailServerOptions): Promise<TestMailServer> => {
  const arrived: Arrived[] = [];
  const begun: { from: string; isEncrypted: boolean }[] = [];
  const faults: MailServerFaults = { recipient: () => 'accept', data: () => 'accept' };
  const open = new Set<Socket>();
  const take = async (stream: Readable, { envelope, secure }: SMTPServerSession): Promise<void> => {
    const raw = (await buffer(stream)).toString();
    const reply = faults.data();
    if (reply !== 'accept' && reply !== 'cut') throw replyError(reply);
    arrived.push({
      from: addressOf(envelope.mailFrom),
      to: envelope.rcptTo.map(addressOf),
      raw,
      isEncrypted: secure,
    });
    if (reply === 'cut') for (const socket of open) socket.destroy();
  };
  const takeData = callbackify(take);
  const server = new SMTPServer({
    name: 'mail.test',
    logger: false,
    secure: tls === 'implicit',
    key: certificate,
    cert: certificate,
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(account === undefined ? ['AUTH'] : [])],
    authOptional: account === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideSMTPUTF8: false,
    closeTimeout: 1,
    onAuth({ username, password }, _session, callback) {
      const isRight = username === account?.user && password === account?.password;
      callback(isRight ? null : replyError('535 5.7.8 wrong password'), { user: username });
    },
    onMailFrom(address, session, callback) {
      begun.push({ from: addressOf(address), isEncrypted: session.secure });
      callback();
    },
    onRcptTo({ address }, _session, callback) {
      const reply = faults.recipient(address);
      if (reply !== 'hang') callback(reply === 'accept' ? null : replyError(reply));
    },
    onData: (stream, session, callback) => takeData(stream, session, error => callback(error)),
  });
  // A client that breaks off, or refuses our certificate, is no error of the test.
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>(resolve => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.server.address() as AddressInfo).port;
  return {
    port: taken,
    arrived,
    begun,
    faults,
    settings: more => ({
      host: '127.0.0.1',
      port: taken,
      tls,
      ...(account !== undefined && { auth: account }),
      from: { name: 'Sallyport', address: 'login@example.com' },
      ...more,
    }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
