/**
 * NIST 3.2.2. A thief has the unlocked phone and the password, and guesses the PIN of the authenticator: by many answers at once, over
 * several sign-ins, or after a restart. The server counts a PIN durably before it compares it. The fifth wrong one in a row ends the
 * phone until it is paired again, and the owner is told. A right one clears the count.
 * Guard: `src/mfa/challenge/pin-attempts.ts#count`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pairPhone } from '../support/world/phones.ts';
import { stores } from '../support/world/stores.ts';
import { addAccount } from './support/newcomers.ts';
import {
  askByPush,
  auditedEnds,
  deviceRecord,
  enterAs,
  expectNotApproved,
  ringing,
  startPhoneWorld,
  type PhoneOwner,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

const pin = '284617';
const wrongPin = '284618';

describe.each(stores)('NIST 3.2.2 on $name', store => {
  let world: ThreatWorld;
  let owner: PhoneOwner;
  let count = 0;
  beforeAll(async () => {
    world = await startPhoneWorld({ store, nodes: 2, env: { SALLYPORT_PUSH_UNLOCK: 'pin' } });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    count += 1;
    const account = await addAccount(world, `owner${count}`);
    const { phone, id } = await pairPhone(world, account.id, { pin });
    owner = { ...account, phone, device: id };
  });

  /** A sign-in that asks the phone, and answers to it with these PINs. */
  const rung = async () => {
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const answer = async (typed: string | undefined, node = 0) =>
      (await owner.phone.answer(request, { ...right, ...(typed !== undefined && { pin: typed }) }, { node })).body;
    return { asked, answer };
  };

  test('NIST 3.2.2 four wrong PINs leave the number and the right PIN good, which clears the count', async () => {
    for (let round = 0; round < 2; round += 1) {
      world.clock.advance(600_000);
      const { asked, answer } = await rung();
      for (let left = 4; left > 0; left -= 1)
        expect(await answer(wrongPin)).toEqual({ result: 'wrong-pin', attemptsLeft: left });
      expect(await answer(pin)).toEqual({ result: 'approved' });
      await asked.finish();
      expect(await world.outcome(asked.browser)).toMatchObject({
        accountId: owner.id,
        amr: expect.arrayContaining(['pin']),
      });
    }
  });

  test('NIST 3.2.2 an answer without a PIN does not approve', async () => {
    const { asked, answer } = await rung();
    expect((await answer(undefined)).result).not.toBe('approved');
    expect((await answer('')).result).not.toBe('approved');
    await expectNotApproved(world, asked);
  });

  test('NIST 3.2.2 of fifty PINs at once five count, and the phone does not serve any more', async () => {
    const { asked, answer } = await rung();
    const pins = Array.from({ length: 50 }, (_, at) => String(300_000 + at));
    const said = await Promise.all(pins.map((typed, at) => answer(typed, at % 2)));
    expect(said.filter(({ result }) => result === 'wrong-pin').length).toBeLessThanOrEqual(5);
    expect((await answer(pin)).result).not.toBe('approved');
    await expectNotApproved(world, asked);
    await expectUseless();
  });

  test('NIST 3.2.2 wrong PINs of several sign-ins and days are counted in a row, also across a restart', async () => {
    for (let at = 0; at < 5; at += 1) {
      world.clock.advance(26 * 3_600_000);
      if (at === 3) await world.restart();
      const { asked, answer } = await rung();
      expect(await answer(wrongPin)).toMatchObject({ result: 'wrong-pin', attemptsLeft: 4 - at });
      await expectNotApproved(world, asked);
    }
    await expectUseless();
    expect((await world.audited('notice.sent')).filter(({ subject }) => subject === owner.id)).not.toEqual([]);
    const before = await deviceRecord(world, owner);
    const kept = JSON.stringify([before, world.logged, await world.audited('challenge.answered')]);
    expect([pin, wrongPin].filter(each => kept.includes(each))).toEqual([]);
  });

  /** The phone is asked no more, until it is paired again. */
  const expectUseless = async (): Promise<void> => {
    world.clock.advance(600_000);
    const { uid } = await enterAs(world, owner);
    expect((await world.challenge(uid))?.factor).not.toBe('push');
    // That of the pairing.
    expect((await auditedEnds(world, owner)).filter(end => end === 'passed')).toHaveLength(1);
    const again = await pairPhone(world, owner.id, { pin: '975310', name: 'Paired again' });
    expect(again.id).not.toBe(owner.device);
  };
});
