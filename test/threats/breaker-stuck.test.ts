/**
 * R18. A carrier was down, and its pause is over. One message may now test whether the carrier works again. If our own
 * store fails instead (the audit cannot be written), the message was never sent. The state of the carrier is as unknown
 * as before. The next message must be let through. Otherwise no message is sent until the process restarts.
 * Guards: `src/mfa/delivery/sender.ts#attempt`, `src/mfa/delivery/circuit-breaker.ts#undoAdmission`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Undelivered } from '../../src/errors.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { auditEventKind } from '../../src/records.ts';
import type { DurableStore } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores.slice(0, 1))('R18 a carrier after its pause', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let texts: ReturnType<typeof createTextChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  let isAuditDown = false;
  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    texts = createTextChannel();
    const durable: DurableStore = {
      ...store.durable,
      collection: kind => {
        const collection = store.durable.collection(kind);
        const insert: typeof collection.insert = async doc => {
          if (isAuditDown && kind.name === auditEventKind.name) throw new Error('the disk is full');
          return collection.insert(doc);
        };
        return { ...collection, insert };
      },
      async batch(writes) {
        if (isAuditDown && writes.some(({ kind }) => kind.name === auditEventKind.name))
          throw new Error('the disk is full');
        return store.durable.batch(writes);
      },
    };
    const factors = factorsFor({ callAnswer: 'key' });
    mfa = createTestMfa(
      { ...store, durable },
      { clock, factors, channels: [texts], limits: { sendsPerPrefixAndHour: 50 } },
    );
  });
  afterEach(async () => {
    isAuditDown = false;
    await store.close();
  });

  const text = async (at: number) => {
    const data = { number: `+1202555${String(1000 + at)}` };
    const { user, bound } = await mfa.person(`person${at}`, [{ type: 'phone', data }]);
    const asked = { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' };
    const { view } = await mfa.challenges.begin(asked, `sign-in:${at}`, requestContextOf(user));
    return view.reason ?? view.phase;
  };
  const fail = async (): Promise<void> => {
    texts.onSend = async () => {
      throw new Undelivered('down', 'nobody there');
    };
    for (let at = 0; at < 5; at += 1) expect(await text(at)).toBe('undeliverable');
    texts.onSend = async () => {};
    expect([await text(5), texts.sent.length]).toEqual(['undeliverable', 5]);
    clock.advance(30_000);
  };

  test('R18 a carrier after its pause is tried by one message, then by all', async () => {
    await fail();
    expect([await text(6), await text(7)]).toEqual(['pending', 'pending']);
  });

  test('R18 a carrier after its pause is tried by the next message if the first was not sent', async () => {
    await fail();
    isAuditDown = true;
    await expect(text(6)).rejects.toThrow('the disk is full');
    expect(texts.sent).toHaveLength(5);
    isAuditDown = false;
    clock.advance(3_600_000);
    expect(await text(7)).toBe('pending');
  });
});
