/** Receives mails by SMTP on a loopback address and puts them into the mailbox. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import type { SMTPServer, SMTPServerDataStream, SMTPServerEnvelope } from 'smtp-server';
import type { Clock } from '../time/clock.ts';
import type { Mailbox } from './mailbox.ts';

const maxMail = 1024 * 1024;

const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** Puts one mail into the mailbox of each recipient. @throws Error with the SMTP reply for a mail that is too large */
const receive = async (
  mailbox: Mailbox,
  clock: Clock,
  stream: SMTPServerDataStream,
  { mailFrom, rcptTo }: SMTPServerEnvelope,
): Promise<void> => {
  const { simpleParser } = await import('mailparser');
  const raw = await buffer(stream);
  if (stream.sizeExceeded) throw refusal(552, '5.3.4 The mail is too large');
  const { subject = '', text = '', html, messageId = '', to, from } = await simpleParser(raw);
  const mail = {
    toHeader: [to ?? []]
      .flat()
      .map(each => each.text)
      .join(', '),
    from: mailFrom === false ? '' : mailFrom.address,
    fromHeader: from?.text ?? '',
    subject,
    text,
    html: typeof html === 'string' ? html : '',
    messageId,
    headers: raw.toString('utf8').split('\r\n\r\n', 1)[0] ?? '',
    arrivedAt: clock.now(),
  };
  for (const { address } of rcptTo) mailbox.deliver({ to: address, ...mail });
};

/** The SMTP protocol. Loaded with the first connection, because most tests send no mail. */
const loadProtocol = async (mailbox: Mailbox, clock: Clock): Promise<SMTPServer> => {
  const { SMTPServer } = await import('smtp-server');
  const receiveData = callbackify(receive);
  return new SMTPServer({
    name: 'simulator.test',
    logger: false,
    // Loopback needs no TLS, and a mailbox for everybody no account.
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    hideSMTPUTF8: false,
    size: maxMail,
    onRcptTo(_address, _session, callback) {
      if (mailbox.behaviour === 'greylists') callback(refusal(451, '4.7.1 Please try again later'));
      else if (mailbox.behaviour === 'refuses') callback(refusal(550, '5.1.1 No such mailbox'));
      else callback();
    },
    onData: (stream, { envelope }, callback) => receiveData(mailbox, clock, stream, envelope, error => callback(error)),
  });
};

/** A mail server that takes mails. */
export interface MailServer {
  /** `smtp://127.0.0.1:2525` */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens; port 0 takes a free one. @throws Error of the system, such as EADDRINUSE */
export const listenForMail = async (
  mailbox: Mailbox,
  clock: Clock,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<MailServer> => {
  const open = new Set<Socket>();
  let protocol: Promise<SMTPServer> | undefined;
  const server = createServer(socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A client that breaks off is no error of ours.
    socket.on('error', () => socket.destroy());
    if (mailbox.behaviour === 'down') socket.resetAndDestroy();
    else if (mailbox.behaviour !== 'hangs') {
      protocol ??= loadProtocol(mailbox, clock);
      protocol.then(
        smtp => smtp.connect(socket),
        () => socket.destroy(),
      );
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `smtp://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
};
