/**
 * A38. An attacker who knows the password starts one sign-in after another, or fifty at once, until the owner presses anything to
 * have peace (MFA fatigue, ASVS 6.6.4). One request waits for an account. At most three begin in five minutes, and ten since the
 * last success, the tenth only in a browser in which the owner has signed in; three that were declined or ignored in ten minutes pause them for ten minutes, and "It wasn't me" for a day. All of
 * it is one durable record, which fifty starts at once and an emptied store leave as it is.
 * Guards: `src/mfa/limits/push-limits.ts#admit`, `src/mfa/challenge/running-messages.ts#reserveCall`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../support/browser/plain.ts';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import { recordKeys } from '../support/counts/recorded-keys.ts';
import { stores } from '../support/world/stores.ts';
import {
  addApp,
  addPhoneOwner,
  appCode,
  askByPush,
  enterAs,
  expectApproved,
  expectNotApproved,
  recordPushes,
  startPhoneWorld,
  woken,
  type PhoneOwner,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

const minute = 60_000;
const racers = 50;

describe.each(stores)('A38 on $name', stored => {
  const store = recordKeys(stored);
  const { sent, wrap } = recordPushes();
  let world: ThreatWorld;
  let owner: PhoneOwner;
  let count = 0;
  beforeAll(async () => {
    world = await startPhoneWorld({ store, nodes: 2, wrap });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    count += 1;
    owner = await addPhoneOwner(world, `owner${count}`, woken);
    sent.length = 0;
  });

  /** A sign-in by somebody who knows the password, and whether the phone was asked. */
  const attempt = async (at = 0) => {
    const entered = await enterAs(world, owner, at % 2);
    const view = await world.challenge(entered.uid);
    return { ...entered, view, isAsked: view?.prompt.kind === 'approve' && view.phase === 'pending' };
  };
  const isRefused = async (): Promise<Answer> => {
    const before = sent.length;
    const { isAsked, page } = await attempt();
    expect([isAsked, sent.length]).toEqual([false, before]);
    return page;
  };
  const decline = async (): Promise<void> => {
    await askByPush(world, owner);
    await owner.phone.answer(await owner.phone.request(), { decision: 'decline' });
  };

  test('A38 an owner who approves each request is asked again and again', async () => {
    for (let at = 0; at < 4; at += 1) {
      world.clock.advance(2 * minute);
      await expectApproved(world, owner, await askByPush(world, owner));
    }
    expect(sent).toHaveLength(4);
  });

  test('A38 of 50 sign-ins at once, one asks', async () => {
    const all = await Promise.all(Array.from({ length: racers }, async (_, at) => attempt(at)));
    expect(sent).toHaveLength(1);
    expect(all.filter(({ isAsked }) => isAsked)).toHaveLength(1);
    expect(await owner.phone.pending()).toHaveLength(1);
  });

  test('A38 a fourth request in five minutes is not sent, although the others were approved', async () => {
    const began = world.clock();
    for (let at = 0; at < 3; at += 1) await expectApproved(world, owner, await askByPush(world, owner));
    world.clock.set(began + 5 * minute - 1000);
    await isRefused();
    world.clock.set(began + 5 * minute + 1000);
    expect((await attempt()).isAsked).toBe(true);
  });

  test('A38 the tenth request without a success is not sent, however slowly they come, until another method succeeds', async () => {
    await addApp(world, owner);
    const lone = async () => {
      const asked = await askByPush(world, owner);
      world.clock.advance(20 * minute);
      return asked;
    };
    for (let at = 0; at < 9; at += 1) await lone();
    world.clock.advance(48 * 60 * minute);
    await expect(lone()).rejects.toThrow('push-spent');
    expect(sent).toHaveLength(9);

    const { browser, page, uid } = await enterAs(world, owner);
    const chosen = await browser.visit(`/interaction/${uid}/options`, { form: { method: 'totp' } });
    await enterCode(browser, chosen.status === 200 ? chosen : page, appCode(world));
    expect(await world.outcome(browser)).toMatchObject({ accountId: owner.id });
    await expectApproved(world, owner, await askByPush(world, owner));
  });

  test('A38 who has the password cannot use up the request that is kept for the browser of its owner', async () => {
    const signedIn = await askByPush(world, owner);
    await expectApproved(world, owner, signedIn);
    for (let at = 0; at < 12; at += 1) {
      world.clock.advance(20 * minute);
      await attempt(at);
    }
    expect(sent).toHaveLength(10);

    const { browser } = signedIn;
    const { page, uid } = await world.begin(browser, { prompt: 'login' });
    await enterPassword(browser, page, owner);
    expect(await world.challenge(uid)).toMatchObject({ factor: 'push', phase: 'pending' });
    expect(sent).toHaveLength(11);
  });

  test('A38 three requests that expire in silence pause them for ten minutes', async () => {
    for (let at = 0; at < 3; at += 1) {
      await askByPush(world, owner);
      world.clock.advance(minute + 1);
    }
    const ended = world.clock();
    await isRefused();
    world.clock.set(ended + 10 * minute - 1000);
    await isRefused();
    world.clock.set(ended + 10 * minute + 1000);
    expect((await attempt()).isAsked).toBe(true);
  });

  test('A38 three that are declined pause them for ten minutes, also where the short-lived store is emptied', async () => {
    for (let at = 0; at < 3; at += 1) await decline();
    const page = await isRefused();
    expect(page.text).toContain('IDP-');
    for (const key of await store.present()) await store.lose(key);
    await isRefused();
    world.clock.advance(10 * minute + 1000);
    await decline();
  });

  test('A38 a report pauses them for a day, and tells the owner and the administrators', async () => {
    const asked = await askByPush(world, owner);
    const { body } = await owner.phone.answer(await owner.phone.request(), { decision: 'report' });
    expect(body).toEqual({ result: 'reported' });
    await expectNotApproved(world, asked);
    world.clock.advance(23 * 60 * minute);
    await isRefused();
    expect(await world.mailsTo('admin@sallyport.test')).not.toEqual([]);
    const paused = (await world.audited('account.paused')).filter(({ subject }) => subject === owner.id);
    expect(paused).toHaveLength(1);
    world.clock.advance(60 * minute + 1000);
    expect((await attempt()).isAsked).toBe(true);
  });
});
