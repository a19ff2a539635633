/**
 * R22. A push service does not know a device any more, is busy, fails, or cannot be trusted (TLS). The subscription that is gone must be
 * forgotten, a wait must be kept, and one phone may not stop the pushes of others. A sign-in goes on in any case.
 *
 * Guards: `adapters/web-push/back-off.ts#BackOff`, `src/mfa/delivery/sender.ts#breakerOf`, `adapters/web-push.ts#refusalOf`, `src/mfa/push/subscriptions.ts#forget`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BackOff, retryAfterOf } from '../../adapters/web-push/back-off.ts';
import { behaveDevice, behavePushService, readPush, readWire, subscribeDevice } from '../../simulator/person.ts';
import { Undelivered } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { pushChannel } from '../../src/mfa/push/channel.ts';
import { Subscriptions } from '../../src/mfa/push/subscriptions.ts';
import { createTestMfa } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { startPushes, type Pushes } from '../support/pushes.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const google = (path: string): URL => new URL(`https://fcm.googleapis.com/fcm/send/${path}`);

describe('R22 waits', () => {
  const start = Date.UTC(2026, 10, 29, 12);
  const apple = new URL('https://web.push.apple.com/Q1');
  const setup = () => {
    const time = { now: start };
    const backOff = new BackOff(() => time.now);
    /** Seconds until a push to this endpoint may be sent. */
    const wait = (endpoint: URL): number => ((backOff.waitsUntil(endpoint) ?? time.now) - time.now) / 1000;
    return { time, backOff, wait };
  };

  test('R22 a push that was taken leaves no wait', () => {
    const { backOff, wait } = setup();
    backOff.taken(google('1'));
    expect(wait(google('1'))).toBe(0);
  });

  test('R22 429 stops the pushes to that subscription, as long as Retry-After says, and to no other', () => {
    const { backOff, wait, time } = setup();
    backOff.tooMany(google('1'), 90_000);
    expect([wait(google('1')), wait(google('2')), wait(apple)]).toEqual([90, 0, 0]);
    time.now += 90_000;
    expect(wait(google('1'))).toBe(0);
    backOff.tooMany(google('1'), undefined);
    expect(wait(google('1'))).toBe(5);
    backOff.tooMany(google('1'), 90_000_000);
    expect(wait(google('1'))).toBe(3600);
  });

  test('R22 503 with Retry-After stops the pushes to that service, and to no other', () => {
    const { backOff, wait } = setup();
    backOff.failed(google('1'), 20_000);
    expect([wait(google('1')), wait(google('2')), wait(apple)]).toEqual([20, 20, 0]);
  });

  test('R22 the third failure in a row stops the pushes to a service, each further one for twice as long, five minutes at most', () => {
    const { backOff, wait, time } = setup();
    const waits = Array.from({ length: 12 }, () => {
      backOff.failed(google('1'), undefined);
      const seconds = wait(google('2'));
      time.now += seconds * 1000;
      return seconds;
    });
    expect(waits).toEqual([0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
    backOff.taken(google('2'));
    backOff.failed(google('1'), undefined);
    expect(wait(google('1'))).toBe(0);
  });

  test('R22 a hundred pushes that fail together count as one more failure', () => {
    const { backOff, wait } = setup();
    for (let at = 0; at < 102; at += 1) backOff.failed(google('1'), undefined);
    expect(wait(google('1'))).toBe(5);
  });

  test('R22 a thousand invented hosts and subscriptions are remembered, and no more', () => {
    const { backOff, wait } = setup();
    backOff.failed(google('1'), 20_000);
    for (let at = 0; at < 999; at += 1) backOff.failed(new URL(`https://h${at}.notify.windows.com/`), 20_000);
    expect(wait(google('1'))).toBe(20);
    backOff.failed(new URL('https://one-more.notify.windows.com/'), 20_000);
    expect(wait(google('1'))).toBe(0);
    expect(wait(new URL('https://one-more.notify.windows.com/'))).toBe(20);
  });

  test.each([
    ['30', 30_000],
    ['0', 0],
    [new Date(start + 7000).toUTCString(), 7000],
    [new Date(start - 7000).toUTCString(), 0],
    ['soon', undefined],
    ['-1', undefined],
    [null, undefined],
  ])('R22 Retry-After: %s', (header, wait) => {
    expect(retryAfterOf(header, start)).toBe(wait);
  });
});

describe('R22 a push service', () => {
  let store: OpenStore;
  let pushes: Pushes;
  beforeAll(async () => {
    const [memory] = stores;
    if (memory === undefined) throw new Error('there is no store');
    store = await memory.open(Date.now);
    pushes = await startPushes(store);
  });
  afterAll(async () => {
    await pushes.close();
    await store.close();
  });
  const asked = async (): Promise<number> => (await readWire(pushes.simulator.url)).length;

  test('R22 that works takes a push with the time that is left, and the subscription stays', async () => {
    const { push, subscribed, stored, target } = await pushes.person();
    expect(await push({ lifetime: 41_700 })).toBe('taken');
    expect(await readPush(pushes.simulator.url, subscribed.id)).toMatchObject({
      ttl: 41,
      urgency: 'high',
      topic: 'a-topic',
    });
    expect(await stored()).toMatchObject({ push: 'works', subscription: target });
  });

  test.each(['gone', 'unknown'] as const)(
    'R22 to which a phone is %s has its subscription forgotten',
    async behaviour => {
      const { push, subscribed, stored } = await pushes.person();
      await behaveDevice(pushes.simulator.url, subscribed.id, behaviour);
      expect(await push()).toBe('gone');
      expect(await stored()).toMatchObject({ push: 'gone' });
      expect(await stored()).not.toHaveProperty('subscription');
    },
  );

  test('R22 that is late to say so does not undo what the phone has renewed meanwhile', async () => {
    const { push, subscribed, stored, device } = await pushes.person();
    await behaveDevice(pushes.simulator.url, subscribed.id, 'gone');
    const { endpoint, keys } = await subscribeDevice(pushes.simulator.url);
    const subscription = { endpoint, keys };
    expect(await pushes.subscriptions.renew(device, { subscription, language: 'fr' })).toBe(true);
    expect(await push()).toBe('gone');
    expect(await stored()).toMatchObject({ push: 'works', subscription, language: 'fr' });
    expect(await pushes.subscriptions.renew({ ...device, userId: 'grace' }, { subscription, language: 'fr' })).toBe(
      false,
    );
  });

  test('R22 that has too many pushes to one phone is not asked for it again until it said, and for others at once', async () => {
    const [one, other] = [await pushes.person(), await pushes.person()];
    await behaveDevice(pushes.simulator.url, one.subscribed.id, 'too-many');
    expect(await one.push()).toBe('busy');
    const before = await asked();
    expect([await one.push(), await other.push()]).toEqual(['busy', 'taken']);
    expect(await asked()).toBe(before + 1);
    await behaveDevice(pushes.simulator.url, one.subscribed.id, 'delivers');
    pushes.clock.advance(29_000);
    expect(await one.push()).toBe('busy');
    pushes.clock.advance(1000);
    expect(await one.push()).toBe('taken');
    expect(await one.stored()).toMatchObject({ push: 'works' });
  });

  test('R22 that is unavailable is not asked again until it said, for anybody', async () => {
    const [one, other] = [await pushes.person(), await pushes.person()];
    await behavePushService(pushes.simulator.url, 'unavailable');
    expect(await one.push()).toBe('busy');
    await behavePushService(pushes.simulator.url, 'delivers');
    const before = await asked();
    expect([await one.push(), await other.push()]).toEqual(['busy', 'busy']);
    expect(await asked()).toBe(before);
    pushes.clock.advance(10_000);
    expect([await one.push(), await other.push()]).toEqual(['taken', 'taken']);
  });

  test.each(['too-large', 'unauthorized'] as const)(
    'R22 that refuses what we send (%s) is a line for the operator',
    async behaviour => {
      const { push, subscribed, stored } = await pushes.person();
      await behaveDevice(pushes.simulator.url, subscribed.id, behaviour);
      pushes.logged.length = 0;
      expect(await push()).toBe('misconfigured');
      expect(pushes.logged).toMatchObject([{ level: 'error', event: 'push.not-accepted' }]);
      expect(await stored()).toMatchObject({ push: 'works' });
    },
  );
});

test('R22 a push service whose pushes fail in any way does not stop those of others', async () => {
  const [memory] = stores;
  const clock = createClock();
  const store = await memory?.open(clock);
  if (store === undefined) throw new Error('there is no store');
  const failing = 'https://failing.notify.windows.com/1';
  const asked: string[] = [];
  const channel = pushChannel({
    transport: {
      async send({ target: { endpoint } }) {
        asked.push(endpoint);
        if (endpoint === failing) throw new Undelivered('down', 'got a failure that the transport does not know');
      },
    },
    services: [],
    subscriptions: new Subscriptions({
      authenticatorData: { change: async () => true },
      authenticators: { boundWith: async () => [] },
    }),
    log: silentLog,
  });
  const { sender } = createTestMfa(store, { clock, factors: [], channels: [channel] });
  const push = async (endpoint: string) =>
    sender.send({
      message: {
        via: 'push',
        target: { endpoint, keys: { p256dh: 'p', auth: 'a' } },
        topic: 'a-topic',
        language: 'en',
        origin: 'https://login.example.com',
        lifetime: 60_000,
      },
      counted: undefined,
      event: { event: 'push.tested', actor: 'device', subject: 'ada', outcome: 'info', via: 'push' },
    });
  expect(await push(google('1').href)).toMatchObject({ carrier: 'test' });
  // More than the circuit breaker of a carrier lets pass.
  for (let at = 0; at < 6; at += 1) expect(await push(failing)).toBe('undeliverable');
  expect(await push(google('2').href)).toMatchObject({ carrier: 'test' });
  expect(asked.at(-1)).toBe(google('2').href);
  await store.close();
});

describe('R22 TLS', () => {
  let server: Server;
  let store: OpenStore;
  let pushes: Pushes;
  let asked = 0;
  beforeAll(async () => {
    const certificate = readFileSync(join(import.meta.dirname, '../data/rp.test.pem'));
    server = createTlsServer({ cert: certificate, key: certificate }, (_request, response) => {
      asked += 1;
      response.writeHead(201).end();
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const [memory] = stores;
    if (memory === undefined) throw new Error('there is no store');
    store = await memory.open(Date.now);
    const { port } = server.address() as AddressInfo;
    pushes = await startPushes(store, { more: [new URL(`https://127.0.0.1:${port}`)] });
  });
  afterAll(async () => {
    server.close().closeAllConnections();
    await pushes.close();
    await store.close();
  });

  test('R22 a push service without a valid certificate gets nothing, and the subscription stays', async () => {
    const { port } = server.address() as AddressInfo;
    const { push, stored, target } = await pushes.person(`https://127.0.0.1:${port}/push/1`);
    expect(await push()).toBe('busy');
    expect(asked).toBe(0);
    expect(await stored()).toMatchObject({ push: 'works', subscription: target });
  });
});
