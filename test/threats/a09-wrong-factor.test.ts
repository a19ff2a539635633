/**
 * A09. A challenge of one factor is answered at the address of another, with an answer that would be right there.
 * Examples are the code of the app on the page of a call, the `#` of an earlier call, an earlier texted or dictated
 * code, or what a phone has signed. A challenge has one type and accepts only that type's answer, by that type's way. The matrix is built from
 * `src/mfa/factors/index.ts`.
 * Guards: the cancelling in `src/mfa/challenge/challenges.ts#begin`; the check of `answeredBy` in
 * `src/mfa/challenge/challenges.ts#answer`, below every page.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetSimulator } from '../../simulator/person.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { answering, byApproval, byPasskey, isAnsweredHere, type FactorAnswering } from './support/answering.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type StartedSignIn,
  type RecordingBrowser,
} from './support/threat-world.ts';
import { SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { givePhone } from '../support/world/phones.ts';
import { givePasskey } from '../support/world/passkeys.ts';
import { createCallRecorder } from './support/call-recorder.ts';

const telephone = createCallRecorder();
const authenticator = new SoftwareAuthenticator();
const answeringAll: Record<string, FactorAnswering> = { ...answering, passkey: byPasskey(authenticator) };
let world: ThreatWorld;
let browser: RecordingBrowser;
beforeAll(async () => {
  const env = { SALLYPORT_FACTORS: factors.map(({ type }) => type).join(',') };
  // An IP address has no passkeys.
  world = await startThreatWorld({ wrap: telephone.wrap, env, hostname: 'localhost' });
  await givePasskey(world, world.people.ada, authenticator);
  answeringAll['push'] = byApproval(await givePhone(world, world.people.ada.user.id));
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(25 * 3_600_000);
  await resetSimulator(world.simulator);
  for (const type of types) await world.clearFailedAttempts(world.people.ada, type);
  browser = world.recordingBrowser();
});

const types = factors.filter(isAnsweredHere).map(({ type }) => type);
const cells = types.flatMap(asked => types.map(answered => [asked, answered] as const));

/** Ada is asked by this factor and knows its right answer. `sent` is the call that was made for it. */
const askedBy = async (started: StartedSignIn, type: string) => {
  const { ada } = world.people;
  const { row, learn, answer } = knowing(type);
  const before = telephone.sent.length;
  await browser.visit(`/interaction/${started.uid}/options`, { form: { method: row(ada) } });
  const learnt = await learn(world, ada, started);
  const sent = telephone.sent.slice(before).at(-1);
  return { learnt, answer: async () => answer(world, browser, started, learnt, sent) };
};
/** A sign-in after the password, before any phone rings. */
const begun = async (): Promise<StartedSignIn> => {
  const started = await world.beginAs(browser, world.people.ada);
  await browser.visit(`/interaction/${started.uid}/options`, { form: { method: 'totp' } });
  return started;
};
const knowing = (type: string): FactorAnswering => {
  const known = answeringAll[type];
  if (known === undefined) throw new Error(`nobody knows how to answer ${type}`);
  return known;
};

test('A09 every factor has a test answer', () => {
  expect(Object.keys(answeringAll).toSorted()).toEqual(types.toSorted());
});

test.each(types)('A09 a challenge of %s accepts its own answer', async type => {
  const { answer } = await askedBy(await begun(), type);
  await answer();
  await expectSignedIn(world, browser, world.people.ada);
});

test.each(cells.filter(([asked, answered]) => asked !== answered))(
  'A09 a challenge of %s refuses the answer of %s',
  async (asked, answered) => {
    const { ada } = world.people;
    const passed = (await world.auditedAbout('challenge.passed', ada)).length;
    const started = await begun();
    const wrong = await askedBy(started, answered);
    const right = await askedBy(started, asked);
    expect(wrong.learnt).not.toBe(right.learnt);

    await wrong.answer();

    expect(await world.challenge(started.uid)).toMatchObject({ factor: asked, phase: 'pending' });
    expect(await world.outcome(browser, started.uid)).toEqual(noApproval);
    expect(await world.auditedAbout('challenge.passed', ada)).toHaveLength(passed);
    // The challenge still accepts its own answer.
    await right.answer();
    await expectSignedIn(world, browser, ada);
  },
);

test.each(cells)('A09 without any page, a challenge of %s refuses a browser with the answer of %s', async (...cell) => {
  const [asked, answered] = cell;
  const started = await begun();
  const first = await askedBy(started, answered);
  const { learnt } = asked === answered ? first : { ...(await askedBy(started, asked)), learnt: first.learnt };
  const isOwn = asked === answered && factors.find(({ type }) => type === asked)?.answeredBy === 'browser';

  const answer = knowing(answered).below?.(learnt) ?? learnt;
  const outcome = await world.services.challenges.answer(`sign-in:${started.uid}`, answer);

  expect(outcome.ok).toBe(isOwn);
  expect(await world.challenge(started.uid)).toMatchObject({ factor: asked, phase: isOwn ? 'passed' : 'pending' });
});
