/**
 * A11. Mallory knows Alice's password and answers the second step with a factor of her own: her app's code, her phone's `#`, her
 * authenticator's id in the form. A challenge asks the authenticators of its person and of nobody else. Whose app showed a wrong
 * code cannot be known; what is counted is the account that was attacked. Guards: `proving` of src/mfa/challenge/ceremonies.ts, whose
 * candidates are the person's; `methodsFor` in interactions/start-challenge.ts; `enrolls` of src/mfa/delivery/sender.ts.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetSimulator } from '../../simulator/person.ts';
import { checkAgain, enterCode, enterPassword, pickUp } from '../support/world/relying-party.ts';
import { codeAt, expectSignedIn, nobody, openStage, type Stage, type Witness } from './support/stage.ts';
import { listenIn, pressed } from './support/telephone.ts';

const telephone = listenIn();
let stage: Stage;
let mallory: Witness;
beforeAll(async () => {
  stage = await openStage({ wrap: telephone.wrap });
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.clock.advance(3_600_000);
  await resetSimulator(stage.simulator);
  mallory = stage.witness();
});

/** Ada is the victim; Noor's app and Grace's phone are the attacker's. */
const atAdasCode = async () => {
  const started = await stage.beginAs(mallory, stage.people.ada);
  const page = await mallory.visit(`/interaction/${started.uid}/options`, { form: { method: 'totp' } });
  return { ...started, page };
};

test('A11 each person signs in with their own factor', async () => {
  const { ada, noor } = stage.people;
  const own = stage.witness();
  const { page } = await stage.beginAs(own, noor);
  await enterCode(own, page, await codeAt(noor, stage.clock()));
  await expectSignedIn(stage, own, noor);
  const asked = await atAdasCode();
  await enterCode(mallory, asked.page, await codeAt(ada, stage.clock()));
  await expectSignedIn(stage, mallory, ada);
});

test('A11 the code of another person’s app is a failed attempt', async () => {
  const { ada, noor } = stage.people;
  const { page, uid } = await atAdasCode();

  const refused = await enterCode(mallory, page, await codeAt(noor, stage.clock()));

  expect(refused.status).toBe(422);
  expect(await stage.challenge(uid)).toMatchObject({ userId: ada.user.id, phase: 'pending', attemptsLeft: 4 });
  expect([await stage.failedAttempts(ada), await stage.failedAttempts(noor)]).toEqual([1, 0]);
  expect(await stage.outcome(mallory, uid)).toEqual(nobody);
  expect((await stage.auditedAbout('challenge.answered', ada)).at(-1)).toMatchObject({
    outcome: 'failure',
    facts: { factor: 'totp', reason: 'wrong', count: 1 },
  });
  await stage.forgiveStrikes(ada);
});

test('A11 the id of another person’s phone is refused and no phone is called', async () => {
  const { ada, grace } = stage.people;
  const { uid } = await atAdasCode();
  const before = telephone.sent.length;

  const refused = await mallory.visit(`/interaction/${uid}/options`, {
    form: { method: `call:${grace.user.defaultMethod?.authenticator ?? ''}` },
  });

  expect(refused.status).toBe(403);
  expect(telephone.sent).toHaveLength(before);
  expect(await stage.challenge(uid)).toMatchObject({ userId: ada.user.id, factor: 'totp' });
  expect(await stage.outcome(mallory, uid)).toEqual(nobody);
});

test('A11 # on the attacker’s own phone does not answer a call to another', async () => {
  const { ada, grace } = stage.people;
  const victims = await stage.beginAs(mallory, ada);
  const toAda = telephone.sent.at(-1);
  const own = stage.witness();
  const hers = await stage.beginAs(own, grace);
  const toGrace = telephone.sent.at(-1);
  if (toAda === undefined || toGrace === undefined) throw new Error('nobody was called');
  expect([toAda.to, toGrace.to]).toEqual([ada.number, grace.number]);

  await pickUp(grace, '#');
  await mallory.visit(`/interaction/${victims.uid}/factor`, { form: {} });
  const forwarded = await pressed(stage, { token: toAda.token, reference: toGrace.reference }, '#');

  expect(forwarded).toBe(403);
  expect(await stage.challenge(victims.uid)).toMatchObject({ userId: ada.user.id, phase: 'pending' });
  expect(await stage.outcome(mallory, victims.uid)).toEqual(nobody);
  expect((await stage.audited('callback.refused')).at(-1)).toMatchObject({ facts: { reason: 'unknown' } });
  await checkAgain(own, hers.page);
  await expectSignedIn(stage, own, grace);
});

test('A11 the attacker’s own proof in the same sign-in does not count for another person', async () => {
  const { ada, grace } = stage.people;
  const { page, uid } = await stage.begin(mallory);
  await enterPassword(mallory, page, grace);
  await pickUp(grace, '#');
  await mallory.visit(`/interaction/${uid}/password`, { form: { name: ada.name, password: ada.password } });

  await mallory.visit(`/interaction/${uid}/factor`, { form: {} });

  expect(await stage.challenge(uid)).toMatchObject({ userId: ada.user.id, phase: 'pending' });
  expect(await stage.outcome(mallory, uid)).toEqual(nobody);
});
