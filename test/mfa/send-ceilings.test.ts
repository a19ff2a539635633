/** Tests the operator's ceilings on unanswered sends, and the unit that is kept for browsers in which the owner has signed in. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/audit.ts';
import { loadSettings } from '../../src/config.ts';
import { Problem } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { SendCeilings } from '../../src/mfa/limits/send-ceilings.ts';
import { SendLimits, type CountedSend } from '../../src/mfa/limits/send-limits.ts';
import type { LimitSettings } from '../../src/mfa/limits/settings.ts';
import { dailySendsKind } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type Node, type OpenStore } from '../support/world/stores.ts';

const { limits: defaults } = loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' });
const hashKey = createSecretKey(randomBytes(32));
const hour = 3_600_000;
const minute = 60_000;

const outcome = async (limits: SendLimits, counted: CountedSend): Promise<string> => {
  const result = await limits.countSend(counted);
  return typeof result === 'string' ? result : 'sent';
};
const outcomes = async (limits: SendLimits, counted: readonly CountedSend[]): Promise<readonly string[]> => {
  const seen = [];
  for (const each of counted) seen.push(await outcome(limits, each));
  return seen;
};
const times = (count: number, counted: CountedSend): readonly CountedSend[] =>
  Array.from({ length: count }, () => counted);
const unreadable = async (): Promise<never> => Promise.reject(new Problem('unavailable', 'gone'));

describe.each(stores)('sends on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let audited: AuditEvent[];
  let warned: object[];
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    [audited, warned] = [[], []];
  });
  afterEach(() => store.close());

  const over = ({ durable, shortLived: { ephemeral } }: Node, more: Partial<LimitSettings>): SendLimits => {
    const limits = { ...defaults, ...more };
    const log = { ...silentLog, warn: (_event: string, fields: object = {}) => void warned.push(fields) };
    const ceilings = new SendCeilings({ ephemeral, log, limits, audit: async event => void audited.push(event) });
    return new SendLimits({
      dailySends: durable.collection(dailySendsKind),
      ephemeral,
      clock,
      hashKey,
      limits,
      ceilings,
    });
  };
  /** A send of another person to a number in a block of its own. */
  const send = (at: number, country = '+1202'): CountedSend => ({
    userId: `user ${at}`,
    purpose: 'authenticate',
    at: clock(),
    to: country === '+1202' ? `+1202${String(200 + at)}0100` : `+49151${String(1000 + at)}0100`,
  });
  const many = (count: number, country?: string) => Array.from({ length: count }, (_, at) => send(at, country));

  test('of everybody have no ceiling unless the operator sets one', async () => {
    expect(new Set(await outcomes(over(store, {}), many(60)))).toEqual(new Set(['sent']));
    expect([audited, warned]).toEqual([[], []]);
  });

  test('of everybody stop at the ceiling, also over two nodes, until the hour is over', async () => {
    const [one, two] = [over(store, { sendsPerHour: 6 }), over(await store.reopen(), { sendsPerHour: 6 })];
    expect(await outcomes(one, many(4))).toEqual(['sent', 'sent', 'sent', 'sent']);
    clock.advance(1000);
    expect(await outcomes(two, many(8).slice(4))).toEqual(['sent', 'sent', 'send-ceiling', 'send-ceiling']);
    expect(await two.admittedFrom(send(6))).toBe(clock() - 1000 + hour);
    clock.advance(hour - 1000);
    expect(await outcome(one, send(20))).toBe('sent');
  });

  test('at once are as many as the ceiling allows', async () => {
    const limits = over(store, { sendsPerHour: 6 });
    const all = await Promise.all(many(40).map(async each => outcome(limits, each)));
    expect(all.filter(each => each === 'sent')).toHaveLength(6);
    expect(new Set(all)).toEqual(new Set(['sent', 'send-ceiling']));
  });

  test('warn once an hour in log and audit at half of the ceiling and when it is reached, also after refunds', async () => {
    const limits = over(store, { sendsPerHour: 6 });
    await outcomes(limits, many(2));
    expect(audited).toEqual([]);
    const third = send(2);
    for (let turn = 0; turn < 3; turn += 1) {
      await limits.countSend(third);
      await limits.refundHourly(third, 1);
    }
    expect(audited).toEqual([
      { event: 'sends.half-of-ceiling', actor: 'system', outcome: 'info', reason: 'all', count: 6 },
    ]);
    await outcomes(limits, many(14).slice(4));
    expect(audited.map(({ event }) => event)).toEqual(['sends.half-of-ceiling', 'sends.ceiling-reached']);
    expect(warned).toEqual([
      { state: 'half', of: 'all', limit: 6, count: 3 },
      { state: 'reached', of: 'all', limit: 6, count: 7 },
    ]);
  });

  test('are warned of again where the warning could not be recorded, and the send that it stopped is not counted', async () => {
    let isDown = true;
    const { ephemeral } = store.shortLived;
    const limits = { ...defaults, sendsPerHour: 6 };
    const audit = async (event: AuditEvent) => (isDown ? unreadable() : void audited.push(event));
    const ceilings = new SendCeilings({ ephemeral, log: silentLog, limits, audit });
    const dailySends = store.durable.collection(dailySendsKind);
    const warning = new SendLimits({ dailySends, ephemeral, clock, hashKey, limits, ceilings });
    await outcomes(warning, many(2));
    for (let turn = 0; turn < 5; turn += 1) {
      await expect(warning.countSend(send(2))).rejects.toMatchObject({ code: 'unavailable' });
      clock.advance(minute);
    }
    isDown = false;
    expect(await outcomes(warning, many(7).slice(2))).toEqual(['sent', 'sent', 'sent', 'sent', 'send-ceiling']);
    expect(audited.map(({ event }) => event)).toEqual(['sends.half-of-ceiling', 'sends.ceiling-reached']);
  });

  test('that the durable store could not count use up no unit of the hour', async () => {
    let isDown = true;
    const whole = store.durable.collection(dailySendsKind);
    const get = async (id: string) => (isDown ? unreadable() : whole.get(id));
    const broken = { ...store, durable: { ...store.durable, collection: () => ({ ...whole, get }) as never } };
    const limits = over(broken, {});
    for (let turn = 0; turn < 20; turn += 1) {
      await expect(limits.countSend(send(1))).rejects.toMatchObject({ code: 'unavailable' });
    }
    isDown = false;
    expect(await outcomes(limits, times(5, send(1)))).toEqual([...Array<string>(4).fill('sent'), 'send-limit']);
  });

  test('that are answered or not taken give the unit of the ceiling back', async () => {
    const limits = over(store, { sendsPerHour: 2 });
    for (const each of many(6)) {
      expect(await outcome(limits, each)).toBe('sent');
      await (each.userId === 'user 3' ? limits.refundUnsent(each) : limits.refundHourly(each, 1));
    }
    // Another refused one takes nothing from the ceiling either.
    expect(await outcomes(limits, many(12).slice(6, 9))).toEqual(['sent', 'sent', 'send-ceiling']);
  });

  test('to a country stop at its ceiling, each country that is not named at its own', async () => {
    const limits = over(store, {
      sendsPerCountryAndHour: new Map([
        ['US', 3],
        ['*', 2],
      ]),
    });
    expect(await outcomes(limits, many(4))).toEqual(['sent', 'sent', 'sent', 'send-ceiling']);
    expect(await outcomes(limits, many(3, '+49'))).toEqual(['sent', 'sent', 'send-ceiling']);
    expect(audited.filter(({ event }) => event === 'sends.ceiling-reached').map(({ reason }) => reason)).toEqual([
      'US',
      'DE',
    ]);
    const open3 = over(store, { sendsPerCountryAndHour: new Map([['US', 3]]) });
    expect(await outcome(open3, send(9, '+49'))).toBe('sent');
  });

  test('are refused where a ceiling cannot be read', async () => {
    const { ephemeral } = store.shortLived;
    const broken = {
      ...store,
      shortLived: { ...store.shortLived, ephemeral: { ...ephemeral, incrementMany: unreadable } },
    };
    await expect(over(broken, { sendsPerHour: 6 }).countSend(send(1))).rejects.toMatchObject({ code: 'unavailable' });
  });

  describe('one unit is kept for a browser in which the owner has signed in', () => {
    const stranger: CountedSend = {
      userId: 'ada',
      purpose: 'authenticate',
      at: Date.UTC(2026, 10, 2, 9),
      to: '+12025550143',
    };
    const owner: CountedSend = { ...stranger, isKnownBrowser: true };

    test('of a number in an hour and in a day', async () => {
      const limits = over(store, {});
      expect(await outcomes(limits, times(6, stranger))).toEqual([
        ...Array<string>(4).fill('sent'),
        'send-limit',
        'send-limit',
      ]);
      expect(await outcomes(limits, times(2, owner))).toEqual(['sent', 'send-limit']);
      clock.advance(hour);
      expect(await outcomes(limits, times(5, stranger))).toEqual([...Array<string>(4).fill('sent'), 'send-limit']);
      clock.advance(hour);
      expect(await outcomes(limits, times(1, stranger))).toEqual(['send-limit']);
      expect(await outcomes(limits, times(2, owner))).toEqual(['sent', 'send-limit']);
    });

    test('of an account with many numbers', async () => {
      const limits = over(store, {});
      const numbers = Array.from({ length: 12 }, (_, at) => ({ ...stranger, to: `+1202${200 + at}0143` }));
      expect((await outcomes(limits, numbers)).filter(each => each === 'sent')).toHaveLength(9);
      expect(await outcome(limits, { ...owner, to: '+13015550143' })).toBe('sent');
    });

    test('a limit of one has nothing to keep, and binding a number keeps nothing', async () => {
      const single = over(store, { sendsPerNumberAndHour: 1 });
      expect(await outcomes(single, times(2, stranger))).toEqual(['sent', 'send-limit']);
      const enrol = times(6, { ...stranger, purpose: 'enroll' });
      expect((await outcomes(over(store, {}), enrol)).filter(each => each === 'sent')).toHaveLength(5);
    });
  });
});
