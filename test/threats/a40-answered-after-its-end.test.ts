/**
 * A40. A request on a phone is approved after it was denied, has expired, was left for another way, or was approved already. Or a
 * phone that somebody else holds too approves at the instant at which the owner says no. The first final state of a challenge
 * wins, by one compare-and-swap (ASVS 6.6.2).
 * Guards: `src/mfa/challenge/store.ts#swapPhase`, `src/mfa/challenge-state/phase.ts#currentPhase`, which the clock ends.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stores } from '../support/world/stores.ts';
import {
  addApp,
  addPhoneOwner,
  askByPush,
  auditedEnds,
  expectNotApproved,
  ringing,
  startPhoneWorld,
  type PhoneOwner,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

/** From the push to the last moment at which its answer counts. */
const answerTime = 60_000;
const racers = 50;

describe.each(stores)('A40 on $name', store => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startPhoneWorld({ store, nodes: 2 });
  });
  afterAll(() => world.close());
  let count = 0;
  const newOwner = async () => {
    count += 1;
    return addPhoneOwner(world, `owner${count}`);
  };
  /** A sign-in of this person, or of a new one, that asked their phone. */
  const rung = async (person?: PhoneOwner) => {
    const owner = person ?? (await newOwner());
    const asked = await askByPush(world, owner);
    return { owner, asked, ...(await ringing(owner, asked)) };
  };

  test('A40 an approval in the last moment signs in, and not again', async () => {
    const { owner, asked, request, right } = await rung();
    world.clock.advance(answerTime);
    expect((await owner.phone.answer(request, right)).body).toEqual({ result: 'approved' });
    await asked.finish();
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: owner.id });
    const again = await owner.phone.answer(request, right);
    expect(again.body).toMatchObject({ result: 'over' });
    expect(asked.browser.codes).toHaveLength(1);
    expect(await auditedEnds(world, owner)).toEqual(['passed']);
  });

  test('A40 an approval a millisecond too late is refused', async () => {
    const { owner, asked, request, right } = await rung();
    world.clock.advance(answerTime + 1);
    expect((await owner.phone.answer(request, right)).body).toMatchObject({ result: 'over' });
    expect((await owner.phone.requests()).body.requests).toEqual([]);
    await expectNotApproved(world, asked);
    expect(await auditedEnds(world, owner)).not.toContain('passed');
  });

  test.each([
    ['decline', 'declined', 'declined'],
    ['report', 'reported', 'denied'],
  ] as const)('A40 an approval after the answer %s is refused', async (decision, result, end) => {
    const { owner, asked, request, right } = await rung();
    expect((await owner.phone.answer(request, { decision })).body).toEqual({ result });
    expect((await owner.phone.answer(request, right, { node: 1 })).body).toMatchObject({ result: 'over' });
    await expectNotApproved(world, asked);
    expect(await auditedEnds(world, owner)).toEqual([end]);
  });

  test('A40 an approval after another method was chosen is refused', async () => {
    const person = await newOwner();
    await addApp(world, person);
    const { owner, asked, request, right } = await rung(person);
    const { browser, uid } = asked;
    await browser.visit(`/interaction/${uid}/options`, { form: { method: 'totp' } });
    expect((await owner.phone.answer(request, right)).body).toMatchObject({ result: 'over' });
    await expectNotApproved(world, asked);
    expect(await auditedEnds(world, owner)).not.toContain('passed');
  });

  test.each([
    ['decline', 'declined'],
    ['report', 'reported'],
  ] as const)('A40 of 50 approvals and answers %s at once, one decides', async (decision, refusal) => {
    const { owner, asked, request, right } = await rung();
    const said = await Promise.all(
      Array.from({ length: racers }, async (_, at) =>
        owner.phone.answer(request, at % 2 === 0 ? { decision } : right, { node: Math.floor(at / 2) % 2 }),
      ),
    );
    const told = new Set<string>(said.map(({ body }) => body.result).filter(result => result !== 'over'));
    const ends = await auditedEnds(world, owner);
    expect(ends).toHaveLength(1);
    await asked.finish();
    const passed = ends[0] === 'passed';
    const outcome = { told, codes: asked.browser.codes.length };
    expect(outcome).toEqual({ told: new Set([passed ? 'approved' : refusal]), codes: passed ? 1 : 0 });
  });
});
