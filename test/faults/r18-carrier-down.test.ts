/**
 * R18. The carrier answers 5xx, hangs, breaks off, or accepts a message and its answer is lost. The person must be told
 * within the time limit and offered another method at once. A message that may be on its way must not be sent a second
 * time: two calls or two codes would leave open which one counts. Only a request that was certainly not accepted is
 * repeated (no connection, 429, 503).
 *
 * Guards: `adapters/twilio/api.ts#pauseAfter`, `adapters/twilio/refusals.ts#reasonOf`,
 * `src/mfa/delivery/sender.ts#attempt`, `src/mfa/delivery/circuit-breaker.ts#admitSend`.
 * Takes more than a second: whole sign-ins, and two of them wait for the time limit.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { behaveCarrier } from '../../simulator/person.ts';
import type { ApiBehaviourName } from '../../simulator/network/behaviours/api.ts';
import type { EndReason } from '../../src/end-reason.ts';
import { heading } from '../support/browser/plain.ts';
import { atClient, checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { startFailingCarrierWorld, type FailingCarrierWorld, type MessageFactor } from './support/failing-carrier.ts';

/** The behaviour of the API, the reason that ends the message, requests for it, and messages accepted. */
const faults: readonly (readonly [ApiBehaviourName, EndReason, orders: number, taken: number])[] = [
  ['server-error', 'undeliverable', 1, 0],
  ['unavailable', 'undeliverable', 2, 0],
  ['hanging', 'slow', 1, 0],
  ['reset', 'slow', 1, 0],
  ['answer-lost', 'slow', 1, 1],
];
const ways = ['call', 'sms'] as const satisfies readonly MessageFactor[];

describe('R18 carrier down', () => {
  let setup: FailingCarrierWorld;
  beforeAll(async () => {
    setup = await startFailingCarrierWorld('1s');
  });
  afterAll(() => setup.world.close());
  beforeEach(async () => setup.world.nextDay());

  test('R18 a carrier that works is asked once, and its call and its text sign in', async () => {
    const { world } = setup;
    const called = await setup.begin('call');
    await pickUp(world.people.ada, '#');
    await called.request.redeem(atClient(called.browser, await checkAgain(called.browser, called.page)));
    await expect(setup.tally('call')).resolves.toEqual({ orders: 1, taken: 1 });

    const texted = await setup.begin('sms');
    const code = await setup.textedCode();
    await texted.request.redeem(atClient(texted.browser, await enterCode(texted.browser, texted.page, code)));
    await expect(setup.tally('sms')).resolves.toEqual({ orders: 1, taken: 1 });
  });

  const cases = ways.flatMap(way => faults.map(fault => [way, ...fault] as const));
  test.each(cases)(
    'R18 %s with the API set to %s is reported as %s, requested %i time(s), accepted %i',
    async (way, api, reason, orders, taken) => {
      const { world } = setup;
      await behaveCarrier(world.simulator, api);
      const [sent, refused] = [(await world.audited('challenge.sent')).length, (await setup.refusals()).length];
      const begun = await setup.begin(way);

      expect(begun.page.status).toBeLessThan(500);
      expect(heading(begun.page)).not.toMatch(/calling you|enter code/i);
      await expect(setup.tally(way)).resolves.toEqual({ orders, taken });
      const refusals = await setup.refusals();
      expect(refusals).toHaveLength(refused + 1);
      expect(refusals.at(-1)).toMatchObject({
        subject: world.people.ada.user.id,
        facts: { factor: way, reason: reason },
      });
      await expect(world.audited('challenge.sent')).resolves.toHaveLength(sent + 1);
      expect(JSON.stringify(world.logged)).not.toContain(world.people.ada.number?.slice(2));

      // another method at once, from the same page
      await setup.continueByApp(begun);
    },
  );

  test('R18 a request that is refused once is accepted at the second try, and sent once', async () => {
    const { world } = setup;
    // the first request is refused, then the carrier works again
    await behaveCarrier(world.simulator, 'unavailable');
    const [begun] = await Promise.all([
      setup.begin('sms'),
      (async () => {
        for (let turn = 0; turn < 200 && (await setup.tally('sms')).orders === 0; turn += 1) {
          await new Promise(resolve => setImmediate(resolve));
        }
        await behaveCarrier(world.simulator, 'answers');
      })(),
    ]);
    await expect(setup.tally('sms')).resolves.toEqual({ orders: 2, taken: 1 });
    const code = await setup.textedCode();
    await begun.request.redeem(atClient(begun.browser, await enterCode(begun.browser, begun.page, code)));
  });

  test('R18 after five failures in a row requests fail at once until the carrier is tried again', async () => {
    const { world } = setup;
    // a successful call, because failures of the rows before would count together with the next ones
    await setup.begin('call');
    await world.people.ada.phone.ringing();
    await world.nextDay();
    await behaveCarrier(world.simulator, 'server-error');
    for (let turn = 0; turn < 5; turn += 1) await setup.begin('call');
    await expect(setup.tally('call')).resolves.toMatchObject({ orders: 5 });
    const spared = await setup.begin('call');
    await expect(setup.tally('call')).resolves.toMatchObject({ orders: 5 });
    expect((await setup.refusals()).at(-1)).toMatchObject({ facts: { reason: 'undeliverable' } });
    await setup.continueByApp(spared);

    await behaveCarrier(world.simulator, 'answers');
    world.clock.advance(30_001);
    const { browser, request, page } = await setup.begin('call');
    await pickUp(world.people.ada, '#');
    await request.redeem(atClient(browser, await checkAgain(browser, page)));
  });
});
