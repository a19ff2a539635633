/** Tests the outbox on every store and with two nodes: what is added is delivered, or given up where an operator sees it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { AuditEvent } from '../../src/audit.ts';
import { createSealer } from '../../src/crypto.ts';
import { backOff } from '../../src/outbox/back-off.ts';
import { Deliveries, type Send } from '../../src/outbox/deliveries.ts';
import { Outbox, outboxTopic, type NewMessage } from '../../src/outbox/outbox.ts';
import type { Millis } from '../../src/ports/time.ts';
import { outboxKind, type OutboxMessage } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { everyStore, type Node, type OpenStore } from '../support/world/stores.ts';

const second: Millis = 1000;
const day: Millis = 86_400_000;
const sealer = createSealer([{ id: 'a', key: createSecretKey(randomBytes(32)) }]);
const message = (text: string, recipient = 'client:crm'): NewMessage => ({
  kind: 'note',
  recipient,
  subject: 'ada',
  data: { text },
});

const refuse = async (): Promise<never> => {
  throw new Error('connection refused');
};

describe.each(everyStore)('the outbox on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let audited: AuditEvent[];
  let logged: string[];
  /** Texts that arrived, in order. */
  let arrived: string[];
  /** How a message is sent. */
  let send: (text: string) => Promise<'sent' | 'dropped'>;
  let nodes: readonly [TestNode, TestNode];

  interface TestNode {
    readonly outbox: Outbox;
    readonly deliveries: Deliveries;
  }

  const write = (event: string): void => void logged.push(event);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const audit = async (event: AuditEvent): Promise<void> => void audited.push(event);
  const note: Send = data => send((data as { text: string }).text);
  const nodeOver = ({ durable, shortLived }: Node): TestNode => {
    const messages = durable.collection(outboxKind);
    const common = { messages, sealer, clock, audit, log };
    const outbox = new Outbox({ ...common, notifier: shortLived.notifier });
    const deliveries = new Deliveries({
      ...common,
      outbox,
      senders: { note },
      schedule: clock.after,
      random: () => 1 - Number.EPSILON,
    });
    return { outbox, deliveries };
  };
  const stored = (): Promise<readonly OutboxMessage[]> => store.durable.collection(outboxKind).find({});
  const receive = async (text: string): Promise<'sent'> => {
    arrived.push(text);
    return 'sent';
  };
  /** Lets the time pass and sends what is due then. */
  const after = async (time: Millis, { deliveries }: TestNode = nodes[0]): Promise<void> => {
    clock.advance(time);
    await deliveries.run();
  };

  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    [audited, logged, arrived, send] = [[], [], [], receive];
    nodes = [nodeOver(store), nodeOver(await store.reopen())];
  });
  afterEach(async () => {
    for (const { deliveries } of nodes) deliveries.stop();
    await store.close();
  });

  test('a message is sent once, and then gone', async () => {
    const [{ outbox, deliveries }] = nodes;
    expect(await outbox.add(message('hello'))).toBe('added');
    expect(arrived).toEqual([]);
    await deliveries.run();
    await after(day);
    expect([arrived, await stored(), logged]).toEqual([['hello'], [], ['outbox.sent']]);
  });

  test('a started node sends what is added as soon as it can, and what another process has announced', async () => {
    const [{ outbox, deliveries }, command] = nodes;
    deliveries.start();
    await outbox.add(message('mine'));
    clock.advance(0);
    await clock.fired();
    expect(arrived).toEqual(['mine']);
    const unsubscribe = await store.shortLived.notifier.subscribe(outboxTopic, () => deliveries.wake());
    await command.outbox.add(message('of a command'));
    // A notice may be lost, and none crosses processes on SQLite: the store is read again in any case.
    clock.advance(15 * second);
    await clock.fired();
    expect(arrived).toEqual(['mine', 'of a command']);
    unsubscribe();
  });

  test('stored messages do not reveal their data', async () => {
    await nodes[0].outbox.add(message('the secret of ada'));
    expect(JSON.stringify(await stored())).not.toContain('secret');
  });

  test('a recipient that was down for a minute gets its message, with waits that double between attempts', async () => {
    const attempts: number[] = [];
    const begin = clock();
    send = async text => {
      attempts.push((clock() - begin) / second);
      return clock() - begin < 60 * second ? refuse() : receive(text);
    };
    await nodes[0].outbox.add(message('hello'));
    for (let passed = 0; passed <= 120; passed += 1) await after(passed === 0 ? 0 : second);
    expect(attempts).toEqual([0, 5, 15, 35, 75]);
    expect([arrived, await stored()]).toEqual([['hello'], []]);
    expect(logged).toEqual([...Array.from({ length: 4 }, () => 'outbox.retry'), 'outbox.sent']);
  });

  test('a message is given up after a day, reported to the operator, and removed after two weeks', async () => {
    send = refuse;
    await nodes[0].outbox.add(message('hello'));
    // With the longest wait between attempts.
    for (let passed = 0; passed < day; passed += 900 * second) await after(900 * second);
    expect(await nodes[0].outbox.list('waiting', {})).toEqual([]);
    const [given] = await nodes[0].outbox.list('given-up', {});
    expect(given).toMatchObject({ recipient: 'client:crm', subject: 'ada', lastError: 'connection refused' });
    expect(logged.at(-1)).toBe('outbox.given-up');
    const facts = { message: 'note', recipient: 'client:crm', subject: 'ada', reason: 'connection refused' };
    expect(audited).toEqual([expect.objectContaining({ event: 'message.given-up', outcome: 'failure', ...facts })]);
    await after(day);
    expect(audited).toHaveLength(1);
    clock.advance(14 * day);
    expect(await stored()).toEqual([]);
  });

  test('an operator retries a message that was given up, for another day, and removes one', async () => {
    const [{ outbox }] = nodes;
    send = refuse;
    await outbox.add(message('first'));
    await outbox.add(message('second'));
    await after(day);
    const [first, other] = await outbox.list('given-up', {});
    expect([first?.state, other?.state]).toEqual(['given-up', 'given-up']);
    // By another node, as from the command line.
    expect(await nodes[1].outbox.retry(first?.id ?? '', 'cli')).toBe(true);
    expect(await nodes[1].outbox.remove(other?.id ?? '', 'cli')).toBe(true);
    await after(900 * second);
    expect((await stored()).map(({ state }) => state)).toEqual(['waiting']);
    send = receive;
    await after(900 * second);
    expect([arrived, await stored()]).toEqual([['first'], []]);
    expect(audited.map(({ event, actor }) => `${event} ${actor}`)).toEqual([
      'message.given-up system',
      'message.given-up system',
      'message.retried cli',
      'message.removed cli',
    ]);
    expect([await outbox.retry('none', 'cli'), await outbox.remove('none', 'cli')]).toEqual([false, false]);
  });

  test('two nodes that race send each message once', async () => {
    const texts = Array.from({ length: 40 }, (_, n) => `m${n}`);
    for (const text of texts) await nodes[0].outbox.add(message(text, `client:${text}`));
    send = async text => {
      await new Promise(setImmediate);
      return receive(text);
    };
    // Both know all messages before either begins.
    await nodes[1].outbox.backlog.refresh();
    await Promise.all(nodes.map(({ deliveries }) => deliveries.run()));
    expect(arrived.toSorted()).toEqual(texts.toSorted());
    expect(await stored()).toEqual([]);
  });

  test('a message leased by a node that died is sent by another node after the lease ends', async () => {
    const begun = Promise.withResolvers<void>();
    send = () => {
      begun.resolve();
      return new Promise(() => {});
    };
    await nodes[0].outbox.add(message('hello'));
    void nodes[0].deliveries.run();
    await begun.promise;
    send = receive;
    await after(29 * second, nodes[1]);
    expect(arrived).toEqual([]);
    await after(second, nodes[1]);
    expect([arrived, await stored()]).toEqual([['hello'], []]);
  });

  test('one recipient gets one message at a time, the oldest first; one that hangs delays no other', async () => {
    const hanging = Promise.withResolvers<'sent'>();
    const slow: string[] = [];
    send = text => {
      if (text.startsWith('slow')) return (slow.push(text), hanging.promise);
      return receive(text);
    };
    const [{ outbox, deliveries }] = nodes;
    for (const n of [1, 2, 3]) await outbox.add(message(`slow ${n}`, 'client:slow'));
    for (const n of [1, 2, 3]) await outbox.add(message(`fast ${n}`, 'client:fast'));
    const running = deliveries.run();
    while (arrived.length < 3) await new Promise(setImmediate);
    expect([arrived, slow]).toEqual([['fast 1', 'fast 2', 'fast 3'], ['slow 1']]);
    hanging.resolve('sent');
    await running;
    expect([slow, await stored()]).toEqual([['slow 1', 'slow 2', 'slow 3'], []]);
  });

  test('a new message is sent although many failing recipients hang', async () => {
    const [{ outbox, deliveries }] = nodes;
    send = refuse;
    for (let n = 0; n < 20; n += 1) await outbox.add(message('hello', `client:${n}`));
    await deliveries.run();
    const hanging = Promise.withResolvers<'sent'>();
    send = text => (text === 'new' ? receive(text) : hanging.promise);
    await outbox.add(message('new', 'client:new'));
    const running = after(5 * second);
    while (arrived.length < 1) await new Promise(setImmediate);
    expect(arrived).toEqual(['new']);
    hanging.resolve('sent');
    await running;
  });

  test('a failing recipient is backed off for all its messages, and all are given up together', async () => {
    let attempts = 0;
    send = () => ((attempts += 1), refuse());
    for (let n = 0; n < 20; n += 1) await nodes[0].outbox.add(message(`m${n}`));
    await nodes[0].deliveries.run();
    expect(attempts).toBe(1);
    for (let passed = 0; passed < 60; passed += 1) await after(second);
    // 5, 15 and 35 s later
    expect(attempts).toBe(4);
    await after(day);
    expect(attempts).toBe(5);
    expect((await stored()).map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'given-up'));
  });

  test('a message without a recipient is dropped; one of an unknown kind waits for a release that sends it', async () => {
    send = async () => 'dropped';
    const [{ outbox, deliveries }] = nodes;
    await outbox.add(message('hello'));
    await outbox.add({ ...message('hello', 'client:other'), kind: 'of another release' });
    await deliveries.run();
    expect(logged.toSorted()).toEqual(['outbox.dropped', 'outbox.retry']);
    expect((await stored()).map(({ kind, state }) => `${kind} ${state}`)).toEqual(['of another release waiting']);
  });

  test('at most a thousand messages wait for a recipient, five thousand of a kind and ten thousand in total', async () => {
    const [{ outbox }] = nodes;
    const template = { rev: 1, kind: 'note', state: 'waiting' as const, sealed: '', attempts: 1 };
    const fill = async (recipient: string, count: number, kind = 'note'): Promise<void> => {
      const times = { createdAt: clock(), dueAt: clock() + day, giveUpAt: clock() + day };
      const filling = Array.from({ length: count }, (_, n) => ({
        ...template,
        ...times,
        kind,
        recipient,
        id: `${recipient}-${n}`,
      }));
      await store.durable.collection(outboxKind).insertMany(filling);
      clock.advance(15 * second);
    };
    await fill('client:crm', 999);
    expect(await outbox.add(message('the last'))).toBe('added');
    expect(await outbox.add(message('one more'))).toBe('full');
    expect(await outbox.add(message('other', 'client:other'))).toBe('added');
    for (let n = 1; n <= 3; n += 1) await fill(`client:${n}`, 1000);
    await fill('client:4', 998);
    expect(await outbox.add(message('the last', 'client:new'))).toBe('added');
    expect(await outbox.add(message('one more', 'client:new'))).toBe('full');
    for (let n = 1; n <= 4; n += 1) await fill(`mail:${n}`, 1000, 'mail');
    await fill('mail:5', 999, 'mail');
    const other = { ...message('other', 'mail:new'), kind: 'other' };
    expect([await outbox.add(other), await outbox.add(other)]).toEqual(['added', 'full']);
    expect(logged).toEqual(['outbox.full', 'outbox.full', 'outbox.full']);
  });

  test('a stopping node finishes the attempt under way and starts no other', async () => {
    const sending = Promise.withResolvers<'sent'>();
    send = text => (arrived.push(text), sending.promise);
    const [{ outbox, deliveries }] = nodes;
    deliveries.start();
    await outbox.add(message('first'));
    await outbox.add(message('second'));
    clock.advance(0);
    while (arrived.length < 1) await new Promise(setImmediate);
    deliveries.stop();
    await outbox.add(message('third'));
    let isClosed = false;
    const closed = deliveries.close().then(() => (isClosed = true));
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    sending.resolve('sent');
    await closed;
    await after(day);
    expect([arrived, clock.waiting()]).toEqual([['first'], 0]);
    expect((await stored()).map(({ attempts }) => attempts)).toEqual([0, 0]);
    await nodes[1].deliveries.run();
    expect(arrived).toEqual(['first', 'second', 'third']);
  });
});

test.each([
  [1, 0, 2500],
  [1, 0.999_99, 5000],
  [2, 0.999_99, 10_000],
  [8, 0, 320_000],
  [9, 0, 450_000],
  [9, 0.999_99, 900_000],
  [1000, 0.999_99, 900_000],
])('the wait after %s failures, at the chance %s, is %s ms', (failures, chance, wait) => {
  expect(Math.round(backOff(failures, () => chance) / 100) * 100).toBe(wait);
});
