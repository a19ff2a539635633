/**
 * A39. The attacker knows the password, and the owner approves the request on their phone out of habit. So it shows client,
 * address and browser, and the approval needs the number of the page, which only the person at that page sees. One wrong number ends the
 * request, also among a hundred at once (NIST SP 800-63B-4 §3.1.3.2).
 * Guards: `src/mfa/factors/push.ts#createPush`, `src/mfa/challenge/verification.ts#countAttempt`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countComparisons, type ComparisonCount } from '../support/counts/comparisons.ts';
import { stores } from '../support/world/stores.ts';
import {
  addPhoneOwner,
  askByPush,
  auditedEnds,
  expectApproved,
  expectNotApproved,
  otherThan,
  ringing,
  startPhoneWorld,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

describe.each(stores)('A39 on $name', store => {
  let world: ThreatWorld;
  let counted: ComparisonCount;
  beforeAll(async () => {
    counted = countComparisons('push');
    world = await startPhoneWorld({ store, nodes: 2, wrap: counted.wrap });
  });
  afterAll(() => world.close());
  let count = 0;
  const newOwner = async () => {
    count += 1;
    return addPhoneOwner(world, `owner${count}`);
  };

  test('A39 the number of the page approves, once it is typed on the phone', async () => {
    const owner = await newOwner();
    await expectApproved(world, owner, await askByPush(world, owner));
  });

  test.each([
    ['without a number', () => undefined],
    ['with an empty number', () => ''],
    ['with a wrong number', otherThan],
    ['with the number and a digit more', (shown: string) => `${shown}0`],
    ['with the number behind a space', (shown: string) => ` ${shown}`],
  ])('A39 an approval %s does not approve', async (_title, numberFor) => {
    const owner = await newOwner();
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const number = numberFor(asked.shown);
    const { body } = await owner.phone.answer(request, {
      decision: 'approve',
      ...(number !== undefined && { number }),
    });
    expect(body.result).not.toBe('approved');
    await expectNotApproved(world, asked);
    if (body.result !== 'wrong-number') return;
    expect((await owner.phone.answer(request, right)).body).toMatchObject({ result: 'over', reason: 'wrong-number' });
    await expectNotApproved(world, asked);
    expect(await auditedEnds(world, owner)).toEqual(['wrong-number']);
  });

  test('A39 of all hundred numbers at once, one is compared', async () => {
    const owner = await newOwner();
    const asked = await askByPush(world, owner);
    const { request } = await ringing(owner, asked);
    const before = counted.compared;
    const said = await Promise.all(
      Array.from({ length: 100 }, async (_, at) =>
        owner.phone.answer(
          request,
          { decision: 'approve', number: otherThan(String((Number(asked.shown) + at) % 100).padStart(2, '0')) },
          { node: at % 2 },
        ),
      ),
    );
    const approved = said.filter(({ body }) => body.result === 'approved').length;
    expect(counted.compared - before).toBe(1);
    expect(await auditedEnds(world, owner)).toEqual([approved === 1 ? 'passed' : 'wrong-number']);
  });

  test('A39 the number of another person’s sign-in does not approve', async () => {
    const [owner, mallory] = [await newOwner(), await newOwner()];
    const asked = await askByPush(world, owner);
    let hers = await askByPush(world, mallory);
    // One in a hundred has the same number.
    while (hers.shown === asked.shown) hers = await askByPush(world, await newOwner());
    const { request } = await ringing(owner, asked);
    const { body } = await owner.phone.answer(request, { decision: 'approve', number: hers.shown });
    expect(body).toEqual({ result: 'wrong-number' });
    await expectNotApproved(world, asked);
  });

  test('A39 the browser that signs in cannot approve', async () => {
    const owner = await newOwner();
    const asked = await askByPush(world, owner);
    for (const form of [
      { code: asked.shown },
      { number: asked.shown },
      { decision: 'approve', number: asked.shown },
      {},
    ])
      await asked.browser.visit(`/interaction/${asked.uid}/factor`, { form });
    await expectNotApproved(world, asked);
    expect(await world.challenge(asked.uid)).toMatchObject({ phase: 'pending' });
    await expectApproved(world, owner, asked);
  });
});

test('A39 a request shows who asks from where, and holds the number of the page nowhere', async () => {
  const world = await startPhoneWorld({ env: { SALLYPORT_PUSH_DIGITS: '6' } });
  try {
    const owner = await addPhoneOwner(world, 'owner');
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    expect(request).toMatchObject({
      purpose: 'sign-in',
      account: 'owner',
      client: 'Contoso Office',
      address: '127.0.0.1',
      digits: 6,
    });
    const told = JSON.stringify([
      request,
      await owner.phone.requests(),
      await owner.phone.configuration(),
      world.logged,
    ]);
    expect(told).not.toContain(asked.shown);
    expect((await owner.phone.answer(request, right)).body).toEqual({ result: 'approved' });
    expect(JSON.stringify([world.logged, await world.audited('challenge.passed')])).not.toContain(asked.shown);
  } finally {
    await world.close();
  }
});
