/**
 * A36. A carrier promises neither order nor single delivery. "completed" may come before "ringing", each twice, some an
 * hour late. A server that stores the last callback shows a call as ringing after it ended, or reopens it. Or it fails
 * with a 5xx, so that the carrier sends everything again. There must be one outcome in every order.
 *
 * A `#` that comes before the pick-up must not pass by what the pick-up tells, such as a machine.
 *
 * Guards: `src/mfa/challenge/key-rules.ts#mayApprove`; `src/mfa/challenge-state/sent-message.ts#withUpdate` and `src/mfa/challenge-state/sent-message.ts#isAboutAnother`;
 * `src/mfa/challenge/endings.ts#end`, which ends only a pending challenge.
 * Takes more than a second: 24 orders of eight callbacks, with and without a `#`, and a `#` at each place.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openLimits } from '../support/counts/comparisons.ts';
import { checkAgain, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import {
  createTestCarrier,
  postAnswered,
  postKeys,
  postKeysAt,
  postStatus,
  type SentCall,
  type TestCarrier,
} from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

const events = ['initiated', 'ringing', 'in-progress', 'completed'] as const;
type Event = (typeof events)[number];

const orders = (of: readonly Event[]): readonly (readonly Event[])[] =>
  of.length < 2 ? [of] : of.flatMap(first => orders(of.filter(each => each !== first)).map(rest => [first, ...rest]));

describe('A36 callbacks out of order', () => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeAll(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ nodes: 2, wrap: resources => carrier.wrap(openLimits(resources)) });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());

  const begin = async (): Promise<{ browser: Browser; page: Answer; boundTo: string }> => {
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
    return { browser, page, boundTo: `sign-in:${page.path.split('/')[2] ?? ''}` };
  };
  const viewOf = (boundTo: string) => world.services.challenges.current(boundTo);
  const records = async (event: string) => (await world.audited(event)).length;

  const passedWith = async (act: (call: SentCall) => Promise<unknown>): Promise<boolean> => {
    const { boundTo } = await begin();
    await act(carrier.last());
    const hasPassed = (await viewOf(boundTo))?.phase === 'passed';
    await world.services.challenges.cancel(boundTo);
    return hasPassed;
  };

  test('A36 # signs in with callbacks in the right one of 24 orders', async () => {
    expect(new Set(orders(events).map(each => each.join()))).toHaveProperty('size', 24);
    const { browser, page } = await begin();
    const call = carrier.last();
    for (const event of ['initiated', 'ringing', 'in-progress'])
      expect((await postStatus(world, call, event)).status).toBe(204);
    expect((await postAnswered(world, call)).text).toContain('<Gather');
    world.clock.advance(1_000);
    expect((await postKeys(world, call, '#')).status).toBe(200);
    expect((await postStatus(world, call, 'completed')).status).toBe(204);
    expect(browser.next(await checkAgain(browser, page))?.host).toBe('contoso.test');
  });

  test.each(orders(events).map(order => [order.join(', '), order] as const))(
    'A36 %s, each twice, leave the call ended',
    async (_title, order) => {
      const [ends, passes] = [await records('challenge.ended'), await records('challenge.passed')];
      const { browser, page, boundTo } = await begin();
      const call = carrier.last();
      const statuses: number[] = [];
      const progress: (string | undefined)[] = [];
      for (const [at, event] of order.entries()) {
        const twice = await Promise.all([
          postStatus(world, call, event, at % 2),
          postStatus(world, call, event, (at + 1) % 2),
        ]);
        statuses.push(...twice.map(({ status }) => status));
        progress.push((await viewOf(boundTo))?.progress);
      }

      expect(new Set(statuses)).toEqual(new Set([204]));
      const far = progress.map(each => ['dialled', 'ringing', 'answered'].indexOf(each ?? ''));
      expect(far).toEqual(far.toSorted((a, b) => a - b));
      const over = await viewOf(boundTo);
      expect(over).toMatchObject({ phase: 'ended', reason: 'unheard' });
      expect((await records('challenge.ended')) - ends).toBe(1);

      expect((await postKeys(world, call, '#')).status).toBeLessThan(500);
      expect(await viewOf(boundTo)).toMatchObject({ phase: 'ended', reason: 'unheard' });
      expect(await records('challenge.passed')).toBe(passes);
      expect(browser.next(await checkAgain(browser, page))).toBeUndefined();

      const later = await begin();
      expect(heading(later.page)).toBe(heading(page));
      const second = carrier.last();
      await postKeys(world, second, '#');
      for (const [at, event] of order.entries()) {
        const twice = await Promise.all([
          postStatus(world, second, event, at % 2),
          postStatus(world, call, event, at % 2),
        ]);
        expect(twice.map(({ status }) => status)).toEqual([204, 204]);
      }
      expect(await viewOf(later.boundTo)).toMatchObject({ phase: 'passed' });
      expect(later.browser.next(await checkAgain(later.browser, later.page))?.host).toBe('contoso.test');
      expect((await records('challenge.ended')) - ends).toBe(1);
    },
  );

  describe('A36 # approves only a call that was picked up and is connected', () => {
    const statuses = ['queued', 'initiated', 'ringing', 'completed', 'busy', 'failed', 'no-answer', 'canceled'];
    test('A36 # after the pick-up, while the call is in progress, approves', async () => {
      expect(await passedWith(call => postKeys(world, call, '#'))).toBe(true);
    });

    test.each(statuses)('A36 # with the call status %s does not approve, also after a pick-up', async status => {
      const press = (call: SentCall) => postKeysAt(world, call, { keys: '#', status });
      expect(await passedWith(press)).toBe(false);
      expect(
        await passedWith(async call =>
          postAnswered(world, call).then(() => {
            world.clock.advance(1_000);
            return press(call);
          }),
        ),
      ).toBe(false);
    });

    test.each(orders(events).map(order => [order.join(', '), order] as const))(
      'A36 # before the pick-up does not approve among %s, wherever it comes',
      async (_title, order) => {
        for (let place = 0; place <= order.length; place += 1) {
          const isApproved = await passedWith(async call => {
            const reports = order.map(event => () => postStatus(world, call, event));
            for (const report of reports.slice(0, place)) await report();
            await postKeysAt(world, call, { keys: '#', node: place % 2 });
            for (const report of reports.slice(place)) await report();
          });
          expect(isApproved).toBe(false);
        }
      },
    );

    test('A36 # of a call whose pick-up was not told asks the question, and the next # approves', async () => {
      const { boundTo } = await begin();
      const call = carrier.last();
      const first = await postKeysAt(world, call, { keys: '#' });
      expect(first.text).toContain('Someone is signing in');
      expect(await viewOf(boundTo)).toMatchObject({ phase: 'pending', progress: 'answered' });
      world.clock.advance(1_000);
      await postKeysAt(world, call, { keys: '#', node: 1 });
      expect(await viewOf(boundTo)).toMatchObject({ phase: 'passed' });
    });
  });

  test('A36 all callbacks and # at once have one outcome', async () => {
    for (let round = 0; round < 12; round += 1) {
      const [ends, passes] = [await records('challenge.ended'), await records('challenge.passed')];
      const { browser, page, boundTo } = await begin();
      const call = carrier.last();
      const answers = await Promise.all([
        ...(round % 2 === 0 ? [postKeys(world, call, '#', 1)] : []),
        ...[...events, ...events].map((event, at) => postStatus(world, call, event, at % 2)),
        ...(round % 2 === 1 ? [postKeys(world, call, '#', 1)] : []),
      ]);

      expect(Math.max(...answers.map(({ status }) => status))).toBeLessThan(500);
      const phase = (await viewOf(boundTo))?.phase ?? '';
      const happened = {
        passed: (await records('challenge.passed')) - passes,
        ended: (await records('challenge.ended')) - ends,
      };
      expect(happened).toEqual(phase === 'passed' ? { passed: 1, ended: 0 } : { passed: 0, ended: 1 });
      const to = browser.next(await checkAgain(browser, page));
      expect(to?.host).toBe(phase === 'passed' ? 'contoso.test' : undefined);
    }
  });

  test.each(orders(events).map(order => [order.join(', '), order] as const))(
    'A36 %s, each twice, change no state after the call expired',
    async (_title, order) => {
      const passes = await records('challenge.passed');
      const { boundTo } = await begin();
      const call = carrier.last();
      await postAnswered(world, call);
      world.clock.advance(180_000);
      const before = await viewOf(boundTo);
      expect(before).toMatchObject({ phase: 'ended' });

      for (const event of order) {
        for (const node of [0, 1]) expect((await postStatus(world, call, event, node)).status).toBeLessThan(500);
        expect((await postKeys(world, call, '#')).text).not.toContain('<Gather');
      }
      expect((await viewOf(boundTo))?.phase).toBe('ended');

      // By then the store has dropped all records of the call.
      world.clock.advance(3_600_000);
      for (const event of order) expect((await postStatus(world, call, event)).status).toBe(403);
      expect((await postKeys(world, call, '#')).status).toBe(403);
      expect(await records('challenge.passed')).toBe(passes);
    },
  );
});
