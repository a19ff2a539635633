/**
 * R04. A key of the short-lived store is lost in the middle of an attack: evicted, deleted by hand, or lost with a
 * replica. The loss of any key must not give the attacker a sixth guess, an uncounted guess, or a call beyond the daily
 * limit. The test loses every key that exists at that moment.
 * Guards: `src/mfa/challenge/verification.ts#countAttempt`, where a lost counter ends its challenge; failed attempts in
 * one durable document (`src/mfa/limits/failed-attempts.ts#admit`); `src/mfa/limits/send-limits.ts#countDaily`.
 * Takes more than a second: a sign-in for each key.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dailySendsKind, failedAttemptsKind } from '../../src/records.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { countComparisons, type ComparisonCount } from '../support/counts/comparisons.ts';
import { recordKeys, type KeyRecordingStore } from '../support/counts/recorded-keys.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { createTestCarrier, postKeys, postStatus, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const minute = 60_000;

describe.each(everyStore)('R04 lost keys on $name', stored => {
  let world: World;
  let rp: RelyingParty;
  let store: KeyRecordingStore;
  let counted: ComparisonCount;
  let carrier: TestCarrier;
  beforeEach(async () => {
    store = recordKeys(stored);
    counted = countComparisons('totp');
    carrier = createTestCarrier();
    world = await startWorld({ store, wrap: resources => carrier.wrap(counted.wrap(resources)) });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (person: TestPerson): Promise<{ readonly browser: Browser; readonly page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, page: await enterPassword(browser, await browser.visit(request.url), person) };
  };
  /** Types a wrong code after every wait is over. Returns the status. */
  const guess = async (browser: Browser, page: Answer): Promise<number> => {
    world.clock.advance(minute);
    const code = wrongCodeAt(world.people.noor, world.clock());
    return (await browser.go(formTo(page, /\/factor$/).action, { form: { code } })).status;
  };
  const counts = async () =>
    (await world.store.durable.collection(failedAttemptsKind).get(`${world.people.noor.user.id}:totp`))?.count;

  test('R04 losing any key in the middle of an attack never permits a sixth comparison', async () => {
    const { noor } = world.people;
    const legitimate = await begin(noor);
    expect(await guess(legitimate.browser, legitimate.page)).toBe(422);
    const done = await enterCode(legitimate.browser, legitimate.page, codeAt(noor, world.clock()));
    expect(atClient(legitimate.browser, done).searchParams.get('code')).toBeTruthy();

    const tried: string[] = [];
    for (let at = 0; ; at += 1) {
      await world.services.failedAttempts.clear({ userId: noor.user.id, name: 'totp' });
      const before = new Set(await store.present());
      const { browser, page } = await begin(noor);
      counted.compared = 0;
      for (let wrong = 0; wrong < 3; wrong += 1) expect(await guess(browser, page)).toBe(422);
      // Wrong passwords are counted by the hour: in some rounds their counter is new.
      const own = (await store.present()).filter(key => !before.has(key) && !key.startsWith('wrong-passwords'));
      const lost = own[at];
      if (lost === undefined) break;
      tried.push(lost.split(':')[0] ?? '');
      await store.lose(lost);
      for (let more = 0; more < 4; more += 1) expect(await guess(browser, page)).toBeLessThan(500);

      expect({ lost, most: Math.min(counted.compared, 5) }).toEqual({ lost, most: counted.compared });
      expect({ lost, counted: await counts() }).toEqual({ lost, counted: counted.compared });
    }

    // The request itself is in a cookie of its browser.
    expect(tried).toEqual(expect.arrayContaining(['challenge-of', 'phase', 'attempts', 'sign-in-proofs']));
    expect(await world.audited('challenge.passed')).toHaveLength(1);
  });

  test('R04 losing any key and starting over gives no comparison before the wait is over', async () => {
    const { noor } = world.people;
    const wrong = wrongCodeAt(noor, world.clock());
    const attempt = async (browser: Browser, page: Answer): Promise<void> => {
      const { action } = formTo(page, /\/factor$/);
      for (const [path, form] of [
        ['factor', { code: wrong }],
        ['again', {}],
        ['options', { method: 'totp' }],
        ['factor', { code: wrong }],
      ] as const) {
        const answer = await browser.go(action.replace(/factor$/, path), { form });
        expect(answer.status).toBeLessThan(500);
      }
    };
    counted.compared = 0;
    for (let at = 0; ; at += 1) {
      const before = new Set(await store.present());
      const { browser, page } = await begin(noor);
      await attempt(browser, page);
      const lost = (await store.present()).filter(key => !before.has(key))[at];
      if (lost === undefined) break;
      await store.lose(lost);
      await attempt(browser, page);
    }
    const anew = await begin(noor);
    expect((await enterCode(anew.browser, anew.page, codeAt(noor, world.clock()))).status).toBe(429);

    expect(counted.compared).toBe(world.settings.limits.failedAttemptsBeforeWait);
    expect(await counts()).toBe(counted.compared);
    expect(await world.audited('challenge.passed')).toEqual([]);

    world.clock.advance(minute);
    const done = await enterCode(anew.browser, anew.page, codeAt(noor, world.clock()));
    expect(atClient(anew.browser, done).searchParams.get('code')).toBeTruthy();
  });

  test('R04 losing any or all keys never permits a call beyond the daily limit', async () => {
    const { ada } = world.people;
    const { sendsPerNumberAndHour, sendsPerNumberAndDay } = world.settings.limits;
    // One unit is kept for browsers in which the owner has signed in.
    const [perHour, perDay] = [sendsPerNumberAndHour - 1, sendsPerNumberAndDay - 1];
    const legitimate = await begin(ada);
    await postKeys(world, carrier.last(), '#');
    const done = await checkAgain(legitimate.browser, legitimate.page);
    expect(atClient(legitimate.browser, done).searchParams.get('code')).toBeTruthy();

    const unanswered = async (): Promise<void> => {
      const already = carrier.sent.length;
      await begin(ada);
      if (carrier.sent.length > already) await postStatus(world, carrier.last(), 'no-answer');
    };
    const sent = carrier.sent.length;
    for (let call = 0; call < perHour + 2; call += 1) await unanswered();
    expect(carrier.sent.length - sent).toBe(perHour);

    for (const key of await store.present()) {
      await store.lose(key);
      await unanswered();
    }
    for (let round = 0; round < 4; round += 1) {
      for (const key of await store.present()) await store.lose(key);
      await unanswered();
    }

    // The counter of the hour was lost too: the daily limit stopped the calls.
    expect(carrier.sent.length - sent).toBe(perDay);
    const [budget] = await world.store.durable.collection(dailySendsKind).find({});
    expect(budget).toMatchObject({ spent: perDay });
    const refused = await world.audited('challenge.refused');
    expect(refused.filter(({ facts }) => facts['reason'] === 'send-limit').length).toBeGreaterThan(2);
    expect(await world.audited('challenge.passed')).toHaveLength(1);
  });
});
