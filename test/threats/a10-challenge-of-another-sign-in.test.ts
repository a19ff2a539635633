/**
 * A10. One person signs in twice at once, in two browsers. The attacker is the second and uses the answer to the first.
 * A challenge is bound to its interaction: its answer has no effect in the other sign-in, where it costs an attempt.
 * Guards: `src/mfa/challenge/challenges.ts#claim`, which compares the binding; `src/mfa/sign-in-proofs.ts#ownProofs`,
 * which binds proofs to interaction and browser; the used step of a code in `src/mfa/factors/totp.ts#totp`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type RecordingBrowser,
} from './support/threat-world.ts';
import { createCallRecorder, postSignedKeys } from './support/call-recorder.ts';

const telephone = createCallRecorder();
let world: ThreatWorld;
let owner: RecordingBrowser;
let attacker: RecordingBrowser;
beforeAll(async () => {
  world = await startThreatWorld({ wrap: telephone.wrap });
});
afterAll(() => world.close());
beforeEach(() => {
  world.clock.advance(3_600_000);
  [owner, attacker] = [world.recordingBrowser(), world.recordingBrowser()];
});

test('A10 two sign-ins of one person each finish with their own code', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  await enterCode(owner, first.page, codeAt(noor, world.clock()));
  world.clock.advance(30_000);
  await enterCode(attacker, second.page, codeAt(noor, world.clock()));
  await expectSignedIn(world, owner, noor);
  await expectSignedIn(world, attacker, noor);
});

test('A10 a code used in one sign-in is wrong in the other and costs an attempt', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  const code = codeAt(noor, world.clock());
  await enterCode(owner, first.page, code);
  await expectSignedIn(world, owner, noor);

  const replayed = await enterCode(attacker, second.page, code);

  expect(replayed.status).toBe(422);
  expect(await world.challenge(second.uid)).toMatchObject({ phase: 'pending', attemptsLeft: 4 });
  expect(await world.failedAttempts(noor)).toBe(1);
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  const about = await world.auditedAbout('factor.reused', noor);
  expect(about).toHaveLength(1);
  await world.clearFailedAttempts(noor);
});

test('A10 an accepted code can be redeemed only in its own sign-in', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  await world.services.challenges.answer(`sign-in:${first.uid}`, codeAt(noor, world.clock()));

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(await world.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  await owner.visit(`/interaction/${first.uid}/factor`, { form: {} });
  await expectSignedIn(world, owner, noor);
});

test('A10 # on the call of one sign-in can be redeemed only in that sign-in', async () => {
  const { ada } = world.people;
  const first = await world.beginAs(owner, ada);
  const second = await world.beginAs(attacker, ada);
  expect(await world.challenge(second.uid)).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
  await pickUp(ada, '#');

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });
  await attacker.visit(`/interaction/${second.uid}`);

  expect(await world.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  await checkAgain(owner, first.page);
  await expectSignedIn(world, owner, ada);
});

test('A10 callbacks of an earlier call do not answer the next challenge', async () => {
  const { ada } = world.people;
  const first = await world.beginAs(owner, ada);
  const firstCall = telephone.sent.at(-1);
  await pickUp(ada, '#');
  await checkAgain(owner, first.page);
  await expectSignedIn(world, owner, ada);

  const second = await world.beginAs(attacker, ada);
  const secondCall = telephone.sent.at(-1);
  if (firstCall === undefined || secondCall === undefined) throw new Error('nobody was called');
  expect(secondCall.token).not.toBe(firstCall.token);
  // Both are signed and name a real call: first for the other challenge, then for its own once more.
  const statuses = [
    await postSignedKeys(world, { token: secondCall.token, reference: firstCall.reference }, '#'),
    await postSignedKeys(world, { token: firstCall.token, reference: secondCall.reference }, '#'),
    await postSignedKeys(world, firstCall, '#'),
  ];
  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(statuses).toEqual([403, 403, 409]);
  expect(await world.challenge(second.uid)).toMatchObject({ factor: 'call', phase: 'pending' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  const refused = (await world.audited('callback.refused')).map(({ facts }) => facts['reason']);
  expect(refused).toEqual(['unknown', 'unknown', 'replayed']);
});
