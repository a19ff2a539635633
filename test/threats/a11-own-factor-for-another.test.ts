/**
 * A11. Mallory knows Alice's password and answers the second step with a factor of her own: her app's code, her phone's
 * `#`, or her authenticator's id in the form. A challenge accepts only the authenticators of its own person. The app
 * that showed a wrong code cannot be known, so the attacked account gets the failed attempt.
 * Guards: `src/mfa/challenge/ceremonies.ts#authenticate`, which tries only that person's authenticators;
 * `interactions/required-level.ts#methodsFor`; `src/mfa/challenge-state/sent-message.ts#isAboutAnother`, which refuses a second reference for
 * a call.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetSimulator } from '../../simulator/person.ts';
import { checkAgain, enterCode, enterPassword, pickUp } from '../support/world/relying-party.ts';
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
let mallory: RecordingBrowser;
beforeAll(async () => {
  world = await startThreatWorld({ wrap: telephone.wrap });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(3_600_000);
  await resetSimulator(world.simulator);
  mallory = world.recordingBrowser();
});

/** A sign-in at the page of Ada's code. Ada is the victim; Noor's app and Grace's phone belong to the attacker. */
const atAdasCode = async () => {
  const started = await world.beginAs(mallory, world.people.ada);
  const page = await mallory.visit(`/interaction/${started.uid}/options`, { form: { method: 'totp' } });
  return { ...started, page };
};

test('A11 each person signs in with their own factor', async () => {
  const { ada, noor } = world.people;
  const own = world.recordingBrowser();
  const { page } = await world.beginAs(own, noor);
  await enterCode(own, page, codeAt(noor, world.clock()));
  await expectSignedIn(world, own, noor);
  const asked = await atAdasCode();
  await enterCode(mallory, asked.page, codeAt(ada, world.clock()));
  await expectSignedIn(world, mallory, ada);
});

test('A11 the code of another person’s app is a failed attempt', async () => {
  const { ada, noor } = world.people;
  const { page, uid } = await atAdasCode();

  const refused = await enterCode(mallory, page, codeAt(noor, world.clock()));

  expect(refused.status).toBe(422);
  expect(await world.challenge(uid)).toMatchObject({ userId: ada.user.id, phase: 'pending', attemptsLeft: 4 });
  expect([await world.failedAttempts(ada), await world.failedAttempts(noor)]).toEqual([1, 0]);
  expect(await world.outcome(mallory, uid)).toEqual(noApproval);
  expect((await world.auditedAbout('challenge.answered', ada)).at(-1)).toMatchObject({
    outcome: 'failure',
    facts: { factor: 'totp', reason: 'wrong', count: 1 },
  });
  await world.clearFailedAttempts(ada);
});

test('A11 the id of another person’s phone is refused and no phone is called', async () => {
  const { ada, grace } = world.people;
  const { uid } = await atAdasCode();
  const before = telephone.sent.length;

  const refused = await mallory.visit(`/interaction/${uid}/options`, {
    form: { method: `call:${grace.user.defaultMethod?.authenticator ?? ''}` },
  });

  expect(refused.status).toBe(403);
  expect(telephone.sent).toHaveLength(before);
  expect(await world.challenge(uid)).toMatchObject({ userId: ada.user.id, factor: 'totp' });
  expect(await world.outcome(mallory, uid)).toEqual(noApproval);
});

test('A11 # on the attacker’s own phone does not answer a call to another', async () => {
  const { ada, grace } = world.people;
  const victims = await world.beginAs(mallory, ada);
  const toAda = telephone.sent.at(-1);
  const own = world.recordingBrowser();
  const hers = await world.beginAs(own, grace);
  const toGrace = telephone.sent.at(-1);
  if (toAda === undefined || toGrace === undefined) throw new Error('nobody was called');
  expect([toAda.to, toGrace.to]).toEqual([ada.number, grace.number]);

  await pickUp(grace, '#');
  await mallory.visit(`/interaction/${victims.uid}/factor`, { form: {} });
  const forwarded = await postSignedKeys(world, { token: toAda.token, reference: toGrace.reference }, '#');

  expect(forwarded).toBe(403);
  expect(await world.challenge(victims.uid)).toMatchObject({ userId: ada.user.id, phase: 'pending' });
  expect(await world.outcome(mallory, victims.uid)).toEqual(noApproval);
  expect((await world.audited('callback.refused')).at(-1)).toMatchObject({ facts: { reason: 'unknown' } });
  await checkAgain(own, hers.page);
  await expectSignedIn(world, own, grace);
});

test('A11 the attacker’s own proof in the same sign-in does not count for another person', async () => {
  const { ada, grace } = world.people;
  const { page, uid } = await world.begin(mallory);
  await enterPassword(mallory, page, grace);
  await pickUp(grace, '#');
  await mallory.visit(`/interaction/${uid}/password`, { form: { name: ada.name, password: ada.password } });

  await mallory.visit(`/interaction/${uid}/factor`, { form: {} });

  expect(await world.challenge(uid)).toMatchObject({ userId: ada.user.id, phase: 'pending' });
  expect(await world.outcome(mallory, uid)).toEqual(noApproval);
});
