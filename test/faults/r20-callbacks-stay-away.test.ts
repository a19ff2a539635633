/**
 * R20. The carrier accepts a call and its callbacks never arrive. The page must not wait for a phone that stopped
 * ringing long ago. So the carrier is polled 2, 5 and 10 s after the last news, and every 10 s from then on. Polling informs and never approves, and
 * the deadline of the challenge stands in any case.
 *
 * Guards: `adapters/twilio.ts#fetchStatus`, `src/mfa/delivery/status-poller.ts#waits`,
 * `src/mfa/challenge/message-status.ts#poll`.
 * Takes more than a second: whole sign-ins.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { behaveCarrier, readWire } from '../../simulator/person.ts';
import { heading } from '../support/browser/plain.ts';
import { atClient, checkAgain, pickUp } from '../support/world/relying-party.ts';
import { startFailingCarrierWorld, type StartedMessage, type FailingCarrierWorld } from './support/failing-carrier.ts';

const shown = async ({ browser, page }: StartedMessage): Promise<string> => heading(await checkAgain(browser, page));

describe('R20 callbacks missing', () => {
  let setup: FailingCarrierWorld;
  beforeAll(async () => {
    setup = await startFailingCarrierWorld();
  });
  afterAll(() => setup.world.close());
  beforeEach(async () => setup.world.nextDay());

  const looks = async (): Promise<number> =>
    (await readWire(setup.world.simulator)).filter(({ method, path }) => method === 'GET' && /\/Calls\/CA/.test(path))
      .length;
  const pass = async (seconds: number): Promise<void> => {
    setup.world.clock.advance(seconds * 1000);
    await setup.world.clock.fired();
  };

  test('R20 # signs in without status callbacks, and the carrier is not polled', async () => {
    const { ada } = setup.world.people;
    await ada.phone.behave({ callbacks: 'missing' });
    const { browser, request, page } = await setup.begin('call');
    await pickUp(ada, '#');
    await request.redeem(atClient(browser, await checkAgain(browser, page)));
    await expect(looks()).resolves.toBe(0);
  });

  test.each([
    ['busy', 'busy'],
    ['no-answer', 'no-answer'],
    ['unreachable', 'unreachable'],
    ['hangs-up', 'unheard'],
  ] as const)('R20 a phone set to "%s" is found by polling once: %s', async (calls, reason) => {
    const { world } = setup;
    const { ada } = world.people;
    await ada.phone.behave({ calls, callbacks: 'missing-all' });
    const begun = await setup.begin('call');
    expect(heading(begun.page)).toMatch(/calling/i);
    await pass(1);
    await expect(looks()).resolves.toBe(0);
    await pass(1);
    await expect(looks()).resolves.toBe(1);
    expect(await shown(begun)).not.toMatch(/calling/i);
    expect((await world.audited('challenge.ended')).at(-1)).toMatchObject({ facts: { factor: 'call', reason } });
    await pass(60);
    await expect(looks()).resolves.toBe(1);
    await setup.continueByApp(begun);
  });

  test('R20 a ringing call is polled at 2, 5 and 10 s and then every 10 s, and its deadline stands', async () => {
    const { world } = setup;
    const { ada } = world.people;
    await ada.phone.behave({ callbacks: 'missing-all' });
    const begun = await setup.begin('call');
    await ada.phone.ringing();
    await pass(2);
    // "ringing" is news, so the waits start again
    for (const [seconds, asked] of [
      [2, 2],
      [3, 3],
      [5, 4],
      [9, 4],
      [1, 5],
      [10, 6],
    ] as const) {
      await pass(seconds);
      await expect(looks()).resolves.toBe(asked);
    }
    expect(await shown(begun)).toMatch(/calling/i);
    await pass(120);
    expect(await shown(begun)).not.toMatch(/calling/i);
    await setup.continueByApp(begun);
  });

  test('R20 a call stays as it is until its deadline if the carrier cannot be polled', async () => {
    const { world } = setup;
    const { ada } = world.people;
    await ada.phone.behave({ callbacks: 'missing-all' });
    const begun = await setup.begin('call');
    await ada.phone.ringing();
    await behaveCarrier(world.simulator, 'server-error');
    for (const seconds of [2, 3, 5]) await pass(seconds);
    await expect(looks()).resolves.toBe(3);
    expect(await shown(begun)).toMatch(/calling/i);
    await behaveCarrier(world.simulator, 'answers');
    await pass(150);
    expect(await shown(begun)).not.toMatch(/calling/i);
  });

  test('R20 a status found by polling never approves', async () => {
    const { world } = setup;
    const { ada } = world.people;
    const passed = (await world.audited('challenge.passed')).length;
    await ada.phone.behave({ calls: 'presses-hash', callbacks: 'missing-all' });
    const begun = await setup.begin('call');
    await pass(2);
    await pass(3);
    expect(begun.browser.next(await checkAgain(begun.browser, begun.page))).toBeUndefined();
    await expect(world.audited('challenge.passed')).resolves.toHaveLength(passed);
  });
});
