/** Tests the limits of pushes: pure at each border, and over every store where fifty sign-ins begin at once. */
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { createPush } from '../../src/mfa/factors/push.ts';
import { PushLimits, pushRefusal } from '../../src/mfa/limits/push-limits.ts';
import type { PushMessage } from '../../src/ports/carriers.ts';
import { pushRequestsKind, type PushRequest, type User } from '../../src/records.ts';
import { answerTo, storedDevice, verifiedDevice } from '../support/device-answer.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const minute = 60_000;
const start = 1_000_000_000;

/** Requests at these minutes, each open for one minute. */
const at = (minutes: readonly number[], more: Partial<PushRequest> = {}): readonly PushRequest[] =>
  minutes.map(each => ({
    id: `${each}`,
    at: start + each * minute,
    until: start + (each + 1) * minute,
    ...more,
  }));
const now = (minutes: number): number => start + minutes * minute;
const approved = { outcome: 'approved' } as const;
/** What refuses one more request in a browser in which the owner has signed in. */
const refusalOf = (requests: readonly PushRequest[], lastSuccess: number, then: number, isKnownBrowser = true) =>
  pushRefusal(requests, { lastSuccess, isKnownBrowser }, then);

describe('in five minutes', () => {
  const three = at([0, 1, 2], approved);
  const lastSuccess = now(2);

  it('the third request is pushed, the fourth is not', () => {
    expect(refusalOf(three.slice(0, 2), lastSuccess, now(3))).toBeUndefined();
    expect(refusalOf(three, lastSuccess, now(3))).toEqual({ reason: 'push-limit', until: now(5) });
  });

  it('the next one is pushed when the first is five minutes old, not before', () => {
    expect(refusalOf(three, lastSuccess, now(5) - 1)).toMatchObject({ reason: 'push-limit' });
    expect(refusalOf(three, lastSuccess, now(5))).toBeUndefined();
  });
});

describe('since the last sign-in that succeeded', () => {
  const ten = at([0, 20, 40, 60, 80, 100, 120, 140, 160, 180]);

  it('the tenth request is pushed, the eleventh is not, however late', () => {
    expect(refusalOf(ten.slice(0, 9), 0, now(1000))).toBeUndefined();
    expect(refusalOf(ten, 0, now(100_000))).toEqual({ reason: 'push-spent' });
  });

  it('the tenth is pushed only where the owner has signed in before', () => {
    expect(refusalOf(ten.slice(0, 8), 0, now(1000), false)).toBeUndefined();
    expect(refusalOf(ten.slice(0, 9), 0, now(1000), false)).toEqual({ reason: 'push-spent' });
  });

  it('a proof by any authenticator counts as one', () => {
    expect(refusalOf(ten, now(0), now(1000))).toBeUndefined();
  });
});

describe('after three that were denied or ignored in ten minutes', () => {
  it('nothing is pushed for ten minutes from the end of the third', () => {
    const ignored = at([0, 5, 9]);
    expect(refusalOf(ignored, 0, now(10))).toBeUndefined();
    expect(refusalOf(ignored, 0, now(10) + 1)).toEqual({ reason: 'push-unanswered', until: now(20) });
    expect(refusalOf(ignored, 0, now(20) - 1)).toMatchObject({ reason: 'push-unanswered' });
    expect(refusalOf(ignored, 0, now(20))).toBeUndefined();
  });

  it('a denied one counts from its denial, an approved one never', () => {
    const denied = at([0, 5, 9], { outcome: 'denied' }).map(each => ({ ...each, endedAt: each.at + 1000 }));
    expect(refusalOf(denied, 0, now(9) + 1000)).toMatchObject({ reason: 'push-unanswered' });
    expect(refusalOf([...at([0], approved), ...denied.slice(1)], 0, now(9) + 1000)).toBeUndefined();
  });

  it('three in more than ten minutes are none', () => {
    expect(refusalOf(at([0, 5, 11]), 0, now(12) + 1)).toBeUndefined();
  });
});

const pushes = () => {
  const sent: PushMessage[] = [];
  return {
    sent,
    channel: {
      via: 'push' as const,
      async send(message: PushMessage) {
        sent.push(message);
        return { reference: `push ${sent.length}` };
      },
    },
  };
};
const target = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };

describe.each(stores)('on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
  });
  afterEach(() => store.close());

  const ada = async () => {
    const { sent, channel } = pushes();
    const factors = [createPush({ digits: 2, unlock: 'none', rpId: 'localhost' })];
    const mfa = createTestMfa(store, { clock, factors, channels: [channel] });
    const other = createTestMfa(await store.reopen(), { clock, factors, channels: [channel] });
    const { user, bound } = await mfa.person('ada', [storedDevice('device', { subscription: target, push: 'works' })]);
    const id = bound[0]?.id ?? '';
    const begin = async (boundTo: string, of = mfa, context = requestContextOf(user)) =>
      (await of.challenges.begin({ userId: user.id, factor: 'push', chosen: id }, boundTo, context)).view;
    return { mfa, other, user, id, begin, sent };
  };
  const requests = async (user: User) =>
    (await store.durable.collection(pushRequestsKind).get(user.id))?.requests ?? [];

  it('of fifty sign-ins that begin at once on two nodes one is pushed, and of those after them two more', async () => {
    const { mfa, other, begin, sent, user } = await ada();
    const many = async (round: number) => {
      const views = await Promise.all(
        Array.from({ length: 50 }, async (_, one) => begin(`${round} ${one}`, one % 2 === 0 ? mfa : other)),
      );
      for (let one = 0; one < 50; one += 1) await mfa.challenges.cancel(`${round} ${one}`);
      return views.filter(({ phase }) => phase === 'pending').length;
    };
    expect([await many(1), await many(2), await many(3), await many(4)]).toEqual([1, 1, 1, 0]);
    expect(sent).toHaveLength(3);
    expect(await requests(user)).toHaveLength(3);
  });

  it('three of fifty are counted where nothing but the record decides', async () => {
    const nodes = [store, await store.reopen()];
    const limits = nodes.map(({ durable }) => new PushLimits({ records: durable.collection(pushRequestsKind), clock }));
    const count = async (one: number) =>
      limits[one % 2]?.admit({
        id: `${one}`,
        userId: 'ada',
        until: clock() + minute,
        lastSuccess: 0,
        isKnownBrowser: false,
      });
    const refusals = await Promise.all(Array.from({ length: 50 }, async (_, one) => count(one)));
    const counted = (await store.durable.collection(pushRequestsKind).get('ada'))?.requests ?? [];
    expect(refusals.filter(refusal => refusal === undefined)).toHaveLength(counted.length);
    expect(counted).toHaveLength(3);
  });

  it('the page of a refused one tells why and until when', async () => {
    const { mfa, begin } = await ada();
    const begunAt = clock();
    for (const boundTo of ['a', 'b', 'c']) {
      await begin(boundTo);
      await mfa.challenges.cancel(boundTo);
    }
    expect(await begin('d')).toMatchObject({
      phase: 'ended',
      reason: 'push-limit',
      waitUntil: begunAt + 5 * minute,
    });
    expect(await mfa.audited('challenge.refused')).toMatchObject([{ facts: { reason: 'push-limit' } }]);
  });

  it('an approval is noted, and a denial', async () => {
    const { mfa, begin, user, id } = await ada();
    const device = verifiedDevice(user.id, 'device', id);
    for (const decision of ['approve', 'decline', 'report'] as const) {
      const view = await begin(decision);
      const [told] = await mfa.deviceRequests.of(device);
      if (told === undefined || view.prompt.kind !== 'approve') throw new Error('no request came');
      await mfa.deviceAnswers.answer(told.jti, device, answerTo(told, clock(), { decision, number: view.prompt.show }));
      clock.advance(90_000_000);
    }
    expect((await requests(user)).map(({ outcome }) => outcome)).toEqual(['approved', 'denied', 'denied']);
  });

  it('requests of clients and pairings count for nothing', async () => {
    const { mfa, begin, user } = await ada();
    const context = { ...requestContextOf(user), purpose: 'caller' } as const;
    for (let one = 0; one < 4; one += 1) {
      expect((await begin(`ciba:${one}`, mfa, context)).phase).toBe('pending');
      await mfa.challenges.cancel(`ciba:${one}`);
    }
    expect(await requests(user)).toEqual([]);
    expect((await begin('uid')).phase).toBe('pending');
  });
});

test('a push tells the service neither the number nor who asks', async () => {
  const clock = createClock();
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no store');
  const store = await memory.open(clock);
  const { sent, channel } = pushes();
  const factors = [createPush({ digits: 6, unlock: 'none', rpId: 'localhost' })];
  const mfa = createTestMfa(store, { clock, factors, channels: [channel] });
  const { user, bound } = await mfa.person('ada', [storedDevice('device', { subscription: target, push: 'works' })]);
  const chosen = bound[0]?.id ?? '';
  const { view } = await mfa.challenges.begin(
    { userId: user.id, factor: 'push', chosen },
    'uid',
    requestContextOf(user),
  );
  const [told] = await mfa.deviceRequests.of(verifiedDevice(user.id, 'device', chosen));
  const { target: _target, device: _device, ...said } = sent[0] ?? {};
  expect(said).toEqual({
    via: 'push',
    topic: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/u),
    language: 'en',
    origin: 'http://localhost:3000',
    lifetime: minute,
  });
  const text = JSON.stringify(said);
  const secrets = [
    view.prompt.kind === 'approve' ? view.prompt.show : '',
    told?.jti ?? '',
    told?.nonce ?? '',
    'Contoso',
  ];
  expect(secrets.filter(secret => secret === '' || text.includes(secret))).toEqual([]);
  await store.close();
});
