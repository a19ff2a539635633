/**
 * R21. The mail server is down, greylists, is slow, cuts the connection, refuses for good, or offers no TLS that we can trust. No request
 * waits for it, a notice is tried for a day and not lost, and nothing ever goes in plain text where TLS is expected: neither a mail nor
 * a password.
 * Guards: `adapters/smtp.ts#openSmtp`, `adapters/smtp/refusal.ts#refusalOf`, `src/mail/deliver.ts#mailSender`,
 * `src/outbox/deliveries.ts#Undeliverable`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/audit.ts';
import type { SmtpSettings } from '../../src/config.ts';
import { outboxKind } from '../../src/records.ts';
import type { Millis } from '../../src/ports/time.ts';
import { mailNode, type MailNode } from '../support/mail-node.ts';
import {
  startMailServer,
  trustMailServer,
  type Arrived,
  type MailServerOptions,
  type TestMailServer,
} from '../support/mail-server.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const minute: Millis = 60_000;
const hour: Millis = 60 * minute;
const account = { user: 'login', password: 'correct horse' };

let clock: TestClock;
let store: OpenStore;
let server: TestMailServer;
let audited: AuditEvent[];
let logged: string[];
let nodes: MailNode[];
let distrust: () => void;

const open = async (options: MailServerOptions): Promise<void> => {
  server = await startMailServer(options);
};
const write = (event: string, fields: object = {}): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
const log = { debug: write, info: write, warn: write, error: write, child: () => log };
const node = (smtp: SmtpSettings, within?: Millis): MailNode => {
  const made = mailNode({
    durable: store.durable,
    notifier: store.shortLived.notifier,
    clock,
    schedule: clock.after,
    smtp,
    ...(within !== undefined && { within }),
    log,
    audit: async event => void audited.push(event),
  });
  nodes.push(made);
  return made;
};
const queue = ({ mail }: MailNode, subject: string, to = 'ada@example.com') =>
  mail.queue({ to, userId: 'u1', message: { subject, heading: subject, paragraphs: ['Hello.'] } });
const subjects = (mails: readonly Arrived[]): readonly (string | undefined)[] =>
  mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim());
/** Lets hours pass, in steps of a back-off or longer, as long as no mail has arrived. */
const pass = async (hours: number, { deliveries }: MailNode, step = 15 * minute): Promise<void> => {
  for (const end = clock() + hours * hour; clock() < end && server.arrived.length === 0;) {
    clock.advance(step);
    await deliveries.run();
  }
};
const waiting = () => store.durable.collection(outboxKind).find({});

beforeEach(async () => {
  clock = createClock();
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no store');
  store = await memory.open(clock);
  [audited, logged, nodes] = [[], [], []];
  distrust = trustMailServer();
});
afterEach(async () => {
  for (const { deliveries } of nodes) deliveries.stop();
  distrust();
  await server.close();
  await store.close();
});

test('R21 a mail server that works gets each mail once, encrypted, after our password', async () => {
  await open({ tls: 'starttls', account });
  const one = node(server.settings());
  await queue(one, 'First');
  await queue(one, 'Second');
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['First', 'Second']);
  expect(server.arrived).toMatchObject([
    { from: 'login@example.com', to: ['ada@example.com'], isEncrypted: true },
    { isEncrypted: true },
  ]);
  await expect(waiting()).resolves.toEqual([]);
});

test('R21 a notice outlives a mail server that is down for 23 hours, and a restart of ours', async () => {
  await open({ tls: 'none' });
  const { port } = server;
  await server.close();
  const first = node(server.settings());
  await expect(queue(first, 'A phone was added')).resolves.toBe('queued');
  await first.deliveries.run();
  await pass(12, first);
  first.deliveries.stop();
  const second = node(server.settings());
  await pass(11, second);
  expect(audited).toEqual([]);
  await open({ tls: 'none', port });
  await pass(1, second);
  expect(subjects(server.arrived)).toEqual(['A phone was added']);
});

test('R21 after a day a notice is given up, with an alarm', async () => {
  await open({ tls: 'none' });
  server.faults.recipient = () => '451 4.7.1 greylisted ada@example.com';
  const one = node(server.settings());
  await queue(one, 'A phone was added');
  await pass(23, one, hour);
  expect(audited).toEqual([]);
  await pass(2, one, hour);
  expect(server.arrived).toEqual([]);
  expect(audited).toMatchObject([
    { event: 'message.given-up', subject: 'u1', reason: 'the mail server: got 451 4.7.1 to RCPT TO' },
  ]);
  expect(logged.filter(line => line.startsWith('outbox.given-up'))).toHaveLength(1);
  expect(logged.join('\n')).not.toMatch(/ada@example\.com|greylisted/);
});

test('R21 a greylisted mail arrives with the second attempt, and its neighbour is not held up', async () => {
  await open({ tls: 'none' });
  let isFirst = true;
  server.faults.recipient = address => {
    if (address !== 'ada@example.com' || !isFirst) return 'accept';
    isFirst = false;
    return '451 4.7.1 try again';
  };
  const one = node(server.settings());
  await queue(one, 'To Ada');
  await queue(one, 'To Grace', 'grace@example.com');
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['To Grace']);
  clock.advance(10_000);
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['To Grace', 'To Ada']);
});

test('R21 a server that hangs costs one attempt, holds up nobody, and is asked again', async () => {
  await open({ tls: 'none' });
  server.faults.recipient = address => (address === 'ada@example.com' ? 'hang' : 'accept');
  const one = node(server.settings(), 300);
  await queue(one, 'To Ada');
  const run = one.deliveries.run();
  // Neither adding a mail nor another person's mail waits for the attempt under way.
  await queue(one, 'To Grace', 'grace@example.com');
  await run;
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['To Grace']);
  expect(logged).toContainEqual(expect.stringMatching(/^outbox\.retry .*"the mail server: got no answer in time"/));
  server.faults.recipient = () => 'accept';
  await pass(1, one);
  clock.advance(hour);
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['To Grace', 'To Ada']);
});

describe('R21 what a server refuses for good is given up at once, with an alarm:', () => {
  test.each([
    ['an unknown mailbox', { recipient: () => '550 5.1.1 <ada@example.com> unknown' }, '550 5.1.1 to RCPT TO'],
    ['the words of the mail', { data: () => '554 5.7.1 spam: Secret words' }, '554 5.7.1 to DATA'],
  ])('R21 %s', async (_name, faults, reply) => {
    await open({ tls: 'none' });
    const one = node(server.settings());
    await queue(one, 'Welcome');
    await one.deliveries.run();
    server.arrived.length = 0;
    Object.assign(server.faults, faults);
    await queue(one, 'Secret words');
    await one.deliveries.run();
    expect(audited).toMatchObject([
      { event: 'message.given-up', outcome: 'failure', count: 1, reason: `the mail server: got ${reply}` },
    ]);
    expect(JSON.stringify([logged, audited])).not.toMatch(/ada@example|Secret/);
    await pass(2, one);
    expect(server.arrived).toEqual([]);
  });
});

test('R21 where the answer to a mail is lost it is sent again, with the same Message-ID', async () => {
  await open({ tls: 'none' });
  server.faults.data = () => 'cut';
  const one = node(server.settings());
  await queue(one, 'A phone was added');
  await one.deliveries.run();
  server.faults.data = () => 'accept';
  clock.advance(10_000);
  await one.deliveries.run();
  expect(subjects(server.arrived)).toEqual(['A phone was added', 'A phone was added']);
  const ids = server.arrived.map(({ raw }) => /^Message-ID: (<[\w-]+@login\.example>)/im.exec(raw)?.[1]);
  expect(ids[0]).toBeDefined();
  expect(new Set(ids).size).toBe(1);
  await expect(waiting()).resolves.toEqual([]);
});

describe('R21 a mail waits where TLS cannot be had, and arrives once it can:', () => {
  const wrong: readonly (readonly [string, MailServerOptions, Partial<SmtpSettings>, boolean])[] = [
    ['STARTTLS is not offered', { tls: 'none' }, { tls: 'starttls' }, true],
    ['STARTTLS is not offered, and we have a password', { tls: 'none', account }, { tls: 'starttls' }, true],
    ['the certificate is of a stranger', { tls: 'starttls' }, {}, false],
    ['the certificate is of a stranger, from the first byte', { tls: 'implicit' }, {}, false],
    ['the certificate is for another name', { tls: 'starttls' }, { host: 'localhost' }, true],
    ['the server speaks plain text where we begin with TLS', { tls: 'none' }, { tls: 'implicit' }, true],
  ];
  test.each(wrong)('R21 %s', async (_name, options, settings, isTrusted) => {
    await open(options);
    const { port } = server;
    if (!isTrusted) distrust();
    const first = node(server.settings({ ...(options.account && { auth: account }), ...settings }));
    await queue(first, 'A phone was added');
    await first.deliveries.run();
    clock.advance(hour);
    await first.deliveries.run();
    expect({ arrived: server.arrived, begun: server.begun, audited }).toEqual({ arrived: [], begun: [], audited: [] });
    expect(logged.filter(line => line.startsWith('outbox.retry'))).toHaveLength(2);
    first.deliveries.stop();
    await server.close();
    if (!isTrusted) distrust = trustMailServer();
    await open({ ...options, tls: 'starttls', port });
    const mended = node(server.settings());
    await pass(2, mended);
    expect(server.arrived).toMatchObject([{ isEncrypted: true }]);
  });
});

test('R21 a password that the server no longer takes is our mistake: mails wait until it is mended', async () => {
  await open({ tls: 'starttls', account });
  const first = node(server.settings({ auth: { ...account, password: 'old horse' } }));
  await queue(first, 'A phone was added');
  await first.deliveries.run();
  expect(server.begun).toEqual([]);
  expect(audited).toEqual([]);
  expect(logged.join('\n')).not.toContain('horse');
  first.deliveries.stop();
  await pass(1, node(server.settings()));
  expect(subjects(server.arrived)).toEqual(['A phone was added']);
});
