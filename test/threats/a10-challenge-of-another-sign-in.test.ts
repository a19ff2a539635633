/**
 * A10. One person signs in twice at once, in two browsers; the attacker is the second and hopes for the answer to the first. A
 * challenge is bound to its interaction: what answers one is nothing in the other, and costs a try there. Guards: `boundTo` of
 * src/mfa/challenge/challenges.ts; the ledger's binding of interaction and browser; the used step of a code (src/mfa/factors/totp.ts).
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { codeAt, expectSignedIn, nobody, openStage, type Stage, type Witness } from './support/stage.ts';
import { listenIn, pressed } from './support/telephone.ts';

const telephone = listenIn();
let stage: Stage;
let owner: Witness;
let attacker: Witness;
beforeAll(async () => {
  stage = await openStage({ wrap: telephone.wrap });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.clock.advance(3_600_000);
  [owner, attacker] = [stage.witness(), stage.witness()];
});

test('A10 two sign-ins of one person each finish with their own code', async () => {
  const { noor } = stage.people;
  const [first, second] = [await stage.beginAs(owner, noor), await stage.beginAs(attacker, noor)];
  await enterCode(owner, first.page, await codeAt(noor, stage.clock()));
  stage.clock.advance(30_000);
  await enterCode(attacker, second.page, await codeAt(noor, stage.clock()));
  await expectSignedIn(stage, owner, noor);
  await expectSignedIn(stage, attacker, noor);
});

test('A10 a code used in one sign-in is wrong in the other and costs a try', async () => {
  const { noor } = stage.people;
  const [first, second] = [await stage.beginAs(owner, noor), await stage.beginAs(attacker, noor)];
  const code = await codeAt(noor, stage.clock());
  await enterCode(owner, first.page, code);
  await expectSignedIn(stage, owner, noor);

  const replayed = await enterCode(attacker, second.page, code);

  expect(replayed.status).toBe(422);
  expect(await stage.challenge(second.uid)).toMatchObject({ phase: 'pending', attemptsLeft: 4 });
  expect(await stage.failedAttempts(noor)).toBe(1);
  expect(await stage.outcome(attacker, second.uid)).toEqual(nobody);
  const about = await stage.auditedAbout('factor.reused', noor);
  expect(about).toHaveLength(1);
  await stage.forgiveStrikes(noor);
});

test('A10 an accepted code can be redeemed only in its own sign-in', async () => {
  const { noor } = stage.people;
  const [first, second] = [await stage.beginAs(owner, noor), await stage.beginAs(attacker, noor)];
  await stage.services.challenges.answer(`sign-in:${first.uid}`, await codeAt(noor, stage.clock()));

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(await stage.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await stage.outcome(attacker, second.uid)).toEqual(nobody);
  await owner.visit(`/interaction/${first.uid}/factor`, { form: {} });
  await expectSignedIn(stage, owner, noor);
});

test('A10 # on the call of one sign-in can be redeemed only in that sign-in', async () => {
  const { ada } = stage.people;
  const first = await stage.beginAs(owner, ada);
  const second = await stage.beginAs(attacker, ada);
  expect(await stage.challenge(second.uid)).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
  await pickUp(ada, '#');

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });
  await attacker.visit(`/interaction/${second.uid}`);

  expect(await stage.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await stage.outcome(attacker, second.uid)).toEqual(nobody);
  await checkAgain(owner, first.page);
  await expectSignedIn(stage, owner, ada);
});

test('A10 callbacks of an earlier call do not answer the next challenge', async () => {
  const { ada } = stage.people;
  const first = await stage.beginAs(owner, ada);
  const firstCall = telephone.sent.at(-1);
  await pickUp(ada, '#');
  await checkAgain(owner, first.page);
  await expectSignedIn(stage, owner, ada);

  const second = await stage.beginAs(attacker, ada);
  const secondCall = telephone.sent.at(-1);
  if (firstCall === undefined || secondCall === undefined) throw new Error('nobody was called');
  expect(secondCall.token).not.toBe(firstCall.token);
  // Signed, and right for its own call: said of the other challenge, and said of its own once more.
  const statuses = [
    await pressed(stage, { token: secondCall.token, reference: firstCall.reference }, '#'),
    await pressed(stage, { token: firstCall.token, reference: secondCall.reference }, '#'),
    await pressed(stage, firstCall, '#'),
  ];
  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(statuses).toEqual([403, 403, 409]);
  expect(await stage.challenge(second.uid)).toMatchObject({ factor: 'call', phase: 'pending' });
  expect(await stage.outcome(attacker, second.uid)).toEqual(nobody);
  const refused = (await stage.audited('callback.refused')).map(({ facts }) => facts['reason']);
  expect(refused).toEqual(['unknown', 'unknown', 'replayed']);
});
