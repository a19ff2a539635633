/**
 * R19. The carrier refuses a message: too many requests, a blocked, unknown or unreachable number, a person who
 * answered STOP, or wrong credentials of ours. Each refusal is told in neutral words that say whether another attempt
 * can help. No refusal is repeated again and again. The person continues by another method at once.
 *
 * Guards: `adapters/twilio/refusals.ts#byCode`, `adapters/twilio/api.ts#pauseAfter`,
 * `src/mfa/delivery/sender.ts#reasons`.
 * Takes more than a second: whole sign-ins.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiBehaviourName } from '../../simulator/network/behaviours/api.ts';
import type { EndReason } from '../../src/end-reason.ts';
import { heading } from '../support/browser/plain.ts';
import { arrivedTexts } from '../support/human/person.ts';
import { startFailingCarrierWorld, type FailingCarrierWorld, type MessageFactor } from './support/failing-carrier.ts';

/** The behaviour of the API, the kind of message, the reason shown, and requests for it. */
const refusals: readonly (readonly [ApiBehaviourName, MessageFactor, EndReason, orders: number])[] = [
  ['too-many', 'call', 'carrier-busy', 2],
  ['too-many', 'sms', 'carrier-busy', 2],
  ['refused', 'call', 'number-refused', 1],
  ['refused', 'sms', 'number-refused', 1],
  ['invalid-number', 'call', 'number-refused', 1],
  ['invalid-number', 'sms', 'number-refused', 1],
  ['region-closed', 'call', 'number-refused', 1],
  ['region-closed', 'sms', 'number-refused', 1],
  ['opted-out', 'sms', 'opted-out', 1],
  ['unauthorized', 'call', 'undeliverable', 1],
  ['unauthorized', 'sms', 'undeliverable', 1],
];

describe('R19 carrier refuses', () => {
  let setup: FailingCarrierWorld;
  beforeAll(async () => {
    setup = await startFailingCarrierWorld();
  });
  afterAll(() => setup.world.close());
  beforeEach(async () => setup.world.nextDay());

  test.each(refusals)(
    'R19 the carrier error %s for a %s is reported as %s after %i request(s)',
    async (api, way, reason, orders) => {
      const { world } = setup;
      const { ada } = world.people;
      const refused = (await setup.refusals()).length;
      await ada.phone.behave({ api });
      const begun = await setup.begin(way);

      expect(begun.page.status).toBeLessThan(500);
      expect(heading(begun.page)).not.toMatch(/calling you|enter code/i);
      // neutral: without words, codes or names of the carrier
      expect(begun.page.text).not.toMatch(
        /twilio|unsubscribed|fraud|60410|21211|21215|21408|21610|20003|20429|Authenticate/i,
      );
      await expect(setup.tally(way)).resolves.toEqual({ orders, taken: 0 });
      const all = await setup.refusals();
      expect(all).toHaveLength(refused + 1);
      expect(all.at(-1)).toMatchObject({ subject: ada.user.id, facts: { factor: way, reason: reason } });

      await setup.continueByApp(begun);
      await expect(setup.tally(way)).resolves.toEqual({ orders, taken: 0 });
    },
  );

  test('R19 the same number is called again as soon as the carrier accepts it', async () => {
    const { ada } = setup.world.people;
    await ada.phone.behave({ api: 'refused' });
    await setup.begin('sms');
    await ada.phone.behave({ api: 'answers' });
    await setup.begin('sms');
    expect(await arrivedTexts(ada.phone, 1)).toHaveLength(1);
  });
});
