/**
 * R17. The clocks of two nodes differ: by two seconds, as drifting clocks do, or by an hour or a day, because one jumped. A sign-in goes
 * through both nodes. Two seconds must not be noticed. After a jump a sign-in may be refused, but nothing used may count again, and no
 * page may fail; it works again once the clock is right.
 * Guards: one clock for each node (`server/resources.ts#openResources`), the rising step in `src/mfa/factors/totp.ts#totp`, the waits of
 * `src/mfa/limits/failed-attempts.ts#FailedAttempts`, and `adapters/redis/clock-warning.ts#createClockWarning`, which tells the operator.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClockWarning } from '../../adapters/redis/clock-warning.ts';
import { timers } from '../../server/timers.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';
import { Browser, type Answer, type Ask } from '../support/browser/plain.ts';
import { createTestCarrier, postKeys } from '../support/carrier/test-carrier.ts';
import { codeAt, totpPeriod } from '../support/codes.ts';
import { createClock } from '../support/world/clock.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores, type Store } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

/** Follows each request, and all that it causes, to the node that serves it. */
const serving = new AsyncLocalStorage<{ readonly skew: Millis }>();
/** How far the clock of each node is ahead. */
const skews: [Millis, Millis] = [0, 0];
const skewed =
  (clock: Clock): Clock =>
  () =>
    clock() + (serving.getStore()?.skew ?? 0);

/** Asks the nodes in turn. */
class Wandering extends Browser {
  override async go(to: string, how: Ask = {}): Promise<Answer> {
    this.node = 1 - this.node;
    return super.go(to, how);
  }
}

const shared = (store: Store): boolean => store.name === 'sqlite' || store.name === 'redis';

describe.each(stores.filter(shared))('R17 two nodes with different clocks on $name', stored => {
  const carrier = createTestCarrier();
  let world: World;
  let rp: RelyingParty;
  let fronts = 0;
  /** The node that a sign-in begins at: each step is so answered by either. */
  let first = 0;
  beforeAll(async () => {
    fronts = 0;
    world = await startWorld({
      nodes: 2,
      store: { ...stored, open: clock => stored.open(skewed(clock)) },
      // Without mail: its timeouts are real time, which a busy machine may not give.
      wrap: ({ mailTransport: _mail, ...resources }) => carrier.wrap({ ...resources, clock: skewed(resources.clock) }),
      front(answer) {
        const at = fronts as 0 | 1;
        fronts += 1;
        return (request, response) => serving.run({ skew: skews[at] }, () => answer(request, response));
      },
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    skews.fill(0);
    await world.nextDay();
  });

  const begin = async (person = world.people.noor) => {
    const browser = new Wandering(world.place);
    first = 1 - first;
    browser.node = first;
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    // A node whose clock is wrong may find the sign-in over, and offers to start again.
    const isOver = !page.text.includes('/password"');
    return { browser, request, page: isOver ? page : await enterPassword(browser, page, person) };
  };
  /** By the code of an app: what came back at the client, or the status of the page that refused. */
  const byCode = async (code = codeAt(world.people.noor, world.clock())) => {
    const { browser, request, page } = await begin();
    // The page of a sign-in that the other clock has ended has no form.
    if (!page.text.includes('/factor"')) return { status: page.status };
    const answer = await enterCode(browser, page, code);
    const back = browser.next(answer);
    return back?.host === 'contoso.test' ? { status: answer.status, back, request } : { status: answer.status };
  };
  const failures = () => world.logged.filter(({ level }) => level === 'error');

  test.each([
    [2, -2],
    [-2, 2],
  ])('R17 with %d s and %d s, sign-ins by code and by call go through both', async (one, two) => {
    skews.splice(0, 2, one * second, two * second);
    const began = world.clock();
    for (let at = 0; at < 2; at += 1) {
      const found = await byCode();
      expect((await found.request?.redeem(found.back))?.claims()).toMatchObject({ sub: world.people.noor.user.id });
      world.clock.advance(totpPeriod);
    }
    const { ada } = world.people;
    const { browser, request, page } = await begin(ada);
    await postKeys(world, carrier.last(), '#', 1);
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, page)));
    expect(tokens.claims()).toMatchObject({ sub: ada.user.id });
    expect(failures()).toEqual([]);
    // Both clocks were in use: the first step of each sign-in was at full half minutes by the true clock.
    const sides = (await world.audited('password.accepted'))
      .filter(({ at }) => at > began - totpPeriod)
      .map(({ at }) => ((((at - began) % totpPeriod) + totpPeriod) % totpPeriod < totpPeriod / 2 ? 'ahead' : 'behind'));
    expect(new Set(sides)).toEqual(new Set(['ahead', 'behind']));
  });

  test('R17 with two seconds, a code counts once on both nodes together, also at the border of its time', async () => {
    skews.splice(0, 2, 2 * second, -2 * second);
    const border = Math.ceil(world.clock() / totpPeriod) * totpPeriod;
    // One node is in the next step already, the other still in this one.
    world.clock.set(border - second);
    const code = codeAt(world.people.noor, world.clock());
    const outcomes = await Promise.all([byCode(code), byCode(code)]);
    expect(outcomes.filter(({ back }) => back !== undefined)).toHaveLength(1);
    expect((await byCode(code)).back).toBeUndefined();
  });

  test.each([
    ['an hour ahead', hour],
    ['an hour behind', -hour],
    ['a day ahead', day],
    ['a day behind', -day],
  ])('R17 while one node is %s, nothing used counts again, and no page fails', async (_, skew) => {
    const { noor } = world.people;
    const used = codeAt(noor, world.clock());
    const before = await byCode(used);
    const tokens = await before.request?.redeem(before.back);
    expect(tokens?.claims()).toMatchObject({ sub: noor.user.id });

    skews[1] = skew;
    world.clock.advance(totpPeriod);
    const again = [
      await byCode(used),
      await byCode(codeAt(noor, world.clock())),
      await byCode(codeAt(noor, world.clock() + skew)),
    ];
    expect(again.filter(({ status }) => status >= 500)).toEqual([]);
    expect(again[0]?.back).toBeUndefined();
    await expect(before.request?.redeem(before.back)).rejects.toMatchObject({ error: 'invalid_grant' });

    skews[1] = 0;
    // Past the waits and steps that the wrong clock has left behind.
    world.clock.advance(Math.abs(skew) + 2 * hour);
    const after = await byCode();
    expect((await after.request?.redeem(after.back))?.claims()).toMatchObject({ sub: noor.user.id });
    expect(failures()).toEqual([]);
  });
});

describe('R17 the operator', () => {
  const clock = createClock();
  const theirs = (ahead: Millis) => ({
    time: async (): Promise<[number, number]> => [
      Math.floor((clock() - ahead) / 1000),
      ((clock() - ahead) % 1000) * 1000,
    ],
  });

  test.each([
    [0, undefined],
    [900, undefined],
    [-900, undefined],
    [2_000, 'ahead'],
    [-hour, 'behind'],
  ])('R17 is told where a node differs from Redis by %d ms: %s, once an hour', async (ahead, side) => {
    const warned: unknown[] = [];
    const warn = createClockWarning(clock, (_event, fields) => void warned.push(fields));
    const redis = theirs(ahead);
    await warn(redis);
    await warn(redis);
    const expected = side === undefined ? [] : [{ because: 'redis', clock: side, milliseconds: Math.abs(ahead) }];
    expect(warned).toEqual(expected);
    clock.advance(hour);
    await warn(redis);
    expect(warned).toHaveLength(expected.length * 2);
  });

  test('R17 is told nothing by a Redis that does not answer, and its check goes on', async () => {
    const warned: unknown[] = [];
    const warn = createClockWarning(clock, () => void warned.push(1));
    await warn({ time: () => Promise.reject(new Error('closed')) });
    expect(warned).toEqual([]);
  });
});

test('R17 timers of the process do not depend on the clock', async () => {
  const real = Date.now;
  const began = performance.now();
  Date.now = () => real() + day;
  try {
    await new Promise<void>(resolve => {
      timers(20, async () => resolve());
      Date.now = () => real() - day;
    });
  } finally {
    Date.now = real;
  }
  expect(performance.now() - began).toBeGreaterThanOrEqual(19);
});
