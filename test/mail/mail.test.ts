/** Tests mails from the queue to the transport, on every store: the limit of an address, mails with an end, refusals for good. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { AuditEvent } from '../../src/audit.ts';
import { createSealer } from '../../src/crypto.ts';
import type { MailContent } from '../../src/mail/content.ts';
import { mailSender } from '../../src/mail/deliver.ts';
import { MailLimits } from '../../src/mail/limits.ts';
import { Mail, mailKind } from '../../src/mail/mail.ts';
import { Deliveries } from '../../src/outbox/deliveries.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import { MailRefused, type OutgoingMail } from '../../src/ports/mail.ts';
import type { Millis } from '../../src/ports/time.ts';
import { outboxKind, sentMailsKind } from '../../src/records.ts';
import { layOutMail } from '../../web/mail/layout.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type Node, type OpenStore } from '../support/world/stores.ts';

const minute: Millis = 60_000;
const hour: Millis = 60 * minute;
const hashKey = createSecretKey(randomBytes(32));
const sealer = createSealer([{ id: 'a', key: createSecretKey(randomBytes(32)) }]);
const saying = (subject: string): MailContent => ({ subject, heading: subject, paragraphs: ['Hello.'] });

describe.each(stores)('mails on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let sent: OutgoingMail[];
  let refusal: MailRefused | undefined;
  let audited: AuditEvent[];
  let logged: string[];

  interface TestNode {
    readonly mail: Mail;
    readonly deliveries: Deliveries;
  }
  const write = (event: string, fields: object = {}): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const audit = async (event: AuditEvent): Promise<void> => void audited.push(event);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };

  const nodeOver = ({ durable, shortLived }: Node, isOn = true): TestNode => {
    const common = { messages: durable.collection(outboxKind), sealer, clock, audit, log };
    const outbox = new Outbox({ ...common, notifier: shortLived.notifier });
    const limits = new MailLimits({ sentMails: durable.collection(sentMailsKind), hashKey, clock, log });
    const transport = {
      async send(mail: OutgoingMail) {
        if (refusal !== undefined) throw refusal;
        sent.push(mail);
      },
    };
    const deliveries = new Deliveries({
      ...common,
      outbox,
      senders: {
        [mailKind]: mailSender({
          transport,
          layout: (content, reader) => layOutMail(content, { ...reader, host: 'login.example' }),
          clock,
        }),
      },
      schedule: clock.after,
      random: Math.random,
    });
    return { mail: new Mail({ outbox, limits, hashKey, isOn, host: 'login.example' }), deliveries };
  };
  let node: TestNode;
  const queue = (subject: string, more: { readonly to?: string; readonly until?: number } = {}) =>
    node.mail.queue({ to: 'ada@example.com', userId: 'u1', language: 'de', message: saying(subject), ...more });
  const after = async (time: Millis): Promise<readonly string[]> => {
    clock.advance(time);
    await node.deliveries.run();
    return sent.splice(0).map(({ subject }) => subject);
  };
  /** Five notices and five mails with a code, within five minutes. */
  const queueTen = async (): Promise<void> => {
    for (let n = 1; n <= 5; n += 1) {
      await expect(queue(`notice ${n}`)).resolves.toBe('queued');
      await expect(queue(`code ${n}`, { until: clock() + 10 * minute })).resolves.toBe('queued');
      clock.advance(minute);
    }
    await expect(after(0)).resolves.toHaveLength(10);
  };

  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    [sent, audited, logged, refusal] = [[], [], [], undefined];
    node = nodeOver(store);
  });
  afterEach(async () => {
    node.deliveries.stop();
    await store.close();
  });

  test('a mail goes to its address, once, with words around it in the language of the person', async () => {
    await expect(queue('Neu')).resolves.toBe('queued');
    await node.deliveries.run();
    expect(sent).toMatchObject([{ to: 'ada@example.com', subject: 'Neu', language: 'de' }]);
    expect(sent[0]?.text).toMatch(
      /^Neu\n\nHello\.\n\n-- \nSie bekommen diese Nachricht, weil sie Ihr Konto bei login\.example betrifft/,
    );
    expect(sent[0]?.html).toMatch(/<html lang="de"[^]*<h1>Neu<\/h1>[^]*Ihr Konto bei login\.example/);
    await expect(after(hour)).resolves.toEqual(['Neu']);
  });

  test('tells times in the time zone of its reader, with the name of the zone', async () => {
    const message: MailContent = {
      ...saying('Neu'),
      facts: [['Wann', [{ time: Date.UTC(2026, 10, 22, 13, 32), dated: true }]]],
    };
    const reader = { to: 'ada@example.com', language: 'de' };
    await node.mail.queue({ ...reader, message, zone: 'Europe/Berlin' });
    await node.mail.queue({ ...reader, message });
    await node.deliveries.run();
    expect(sent.map(({ text }) => /^Wann: .*$/mu.exec(text)?.[0])).toEqual([
      'Wann: 22. Nov. 2026, 14:32 MEZ',
      'Wann: 22. Nov. 2026, 13:32 UTC',
    ]);
    expect(sent[0]?.html).toContain('>22. Nov. 2026, 14:32 MEZ<');
  });

  test('without a mail server nothing is kept, and the caller is told', async () => {
    node = nodeOver(store, false);
    expect(node.mail.isOn).toBe(false);
    await expect(queue('Neu')).resolves.toBe('off');
    await expect(store.durable.collection(outboxKind).find({})).resolves.toEqual([]);
  });

  test('the fifth notice of an hour is sent at once, the sixth when the first is an hour old', async () => {
    await queueTen();
    await expect(queue('one too many')).resolves.toBe('queued');
    await expect(after(55 * minute - 1)).resolves.toEqual([]);
    await expect(after(1)).resolves.toEqual(['one too many']);
  });

  test('notices, also delayed ones, leave room for five mails with a code or link', async () => {
    for (let n = 0; n < 100; n += 1) await queue(`notice ${n}`);
    const until = clock() + minute;
    const answers: string[] = [];
    for (let n = 0; n < 6; n += 1) answers.push(await queue(`code ${n}`, { until }));
    expect(answers).toEqual([...Array<string>(5).fill('queued'), 'limited']);
  });

  test('a mail that would come too late is refused at the limit, and other addresses are not touched', async () => {
    await queueTen();
    const until = clock() + 10 * minute;
    await expect(queue('code', { until })).resolves.toBe('limited');
    await expect(queue('code', { until, to: 'ADA@example.com' })).resolves.toBe('limited');
    await expect(queue('code', { until, to: 'grace@example.com' })).resolves.toBe('queued');
    expect(logged.filter(line => line.startsWith('mail.limited'))).toHaveLength(2);
    await expect(after(0)).resolves.toEqual(['code']);
  });

  test('the limit outlives a restart and an empty short-lived store', async () => {
    await queueTen();
    const { durable } = await store.reopen();
    const emptied = await open(clock);
    node.deliveries.stop();
    node = nodeOver({ durable, shortLived: emptied.shortLived });
    await expect(queue('code', { until: clock() + minute })).resolves.toBe('limited');
    await expect(after(55 * minute)).resolves.toEqual([]);
    await expect(queue('code', { until: clock() + minute })).resolves.toBe('queued');
    node.deliveries.stop();
    await emptied.close();
  });

  test('of parallel mails with a code five are sent', async () => {
    const until = clock() + minute;
    const answers = await Promise.all(Array.from({ length: 14 }, (_, n) => queue(`${n}`, { until })));
    expect(answers.toSorted()).toEqual(Array.from({ length: 14 }, (_, n) => (n < 9 ? 'limited' : 'queued')));
    await expect(after(0)).resolves.toHaveLength(5);
  });

  test('notices are delayed by a day at most: what a stranger can make us keep is bounded', async () => {
    const answers: string[] = [];
    for (let n = 0; n < 260; n += 1) answers.push(await queue(`${n}`));
    expect(answers.filter(each => each === 'queued')).toHaveLength(125);
    expect(answers.slice(125)).toEqual(Array(135).fill('limited'));
  });

  test('a mail whose code has expired is dropped', async () => {
    refusal = new MailRefused('got 451, expected 250', { isPermanent: false });
    await queue('code', { until: clock() + minute });
    await node.deliveries.run();
    refusal = undefined;
    await expect(after(minute)).resolves.toEqual([]);
    await expect(store.durable.collection(outboxKind).find({})).resolves.toEqual([]);
  });

  test('what is refused for good is given up at once, with an alarm, and does not hold up the next mail', async () => {
    refusal = new MailRefused('the mail server: got 550 5.1.1 to RCPT TO', { isPermanent: true });
    await queue('refused');
    await node.deliveries.run();
    expect(audited).toMatchObject([
      { event: 'message.given-up', subject: 'u1', count: 1, reason: 'the mail server: got 550 5.1.1 to RCPT TO' },
    ]);
    expect(logged.filter(line => line.startsWith('outbox.given-up'))).toHaveLength(1);
    refusal = undefined;
    await queue('accepted');
    await expect(after(0)).resolves.toEqual(['accepted']);
  });

  test('neither the store in the open nor a log line tells an address or the words of a mail', async () => {
    refusal = new MailRefused('the mail server: got 451', { isPermanent: false });
    await queue('Secret 123456');
    await node.deliveries.run();
    const kept = JSON.stringify([
      await store.durable.collection(outboxKind).find({}),
      await store.durable.collection(sentMailsKind).find({}),
      logged,
      audited,
    ]);
    expect(kept).toContain('mail:');
    expect(kept).not.toMatch(/ada@|123456/i);
  });
});
