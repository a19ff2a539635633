/**
 * A09. A challenge of one factor is answered at the address of another, with an answer that would be right there: the code of
 * the app on the page of a call, the `#` of a call that was switched away from, a code that was texted or dictated before. A
 * challenge is of one type, and only that type's answer, by that type's way, counts. The matrix is made of `factors/index.ts`.
 * Guards: the cancelling in `begin` of src/mfa/challenge/challenges.ts; `answeredBy` in its `answer`, past every page.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetSimulator } from '../../simulator/person.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { answering, type Answering } from './support/answering.ts';
import { expectSignedIn, nobody, openStage, type Stage, type Started, type Witness } from './support/stage.ts';
import { listenIn } from './support/telephone.ts';

const telephone = listenIn();
let stage: Stage;
let browser: Witness;
beforeAll(async () => {
  const env = { SALLYPORT_FACTORS: factors.map(({ type }) => type).join(',') };
  stage = await openStage({ wrap: telephone.wrap, env });
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.clock.advance(25 * 3_600_000);
  await resetSimulator(stage.simulator);
  for (const type of types) await stage.forgiveStrikes(stage.people.ada, type);
  browser = stage.witness();
});

const types = factors.map(({ type }) => type);
const cells = types.flatMap(asked => types.map(answered => [asked, answered] as const));

/** Ada is asked by this factor, and knows its right answer; `sent`: the call that was made for it. */
const askedBy = async (started: Started, type: string) => {
  const { ada } = stage.people;
  const { row, learn, answer } = knowing(type);
  const before = telephone.sent.length;
  await browser.visit(`/interaction/${started.uid}/options`, { form: { method: row(ada) } });
  const learnt = await learn(stage, ada);
  const sent = telephone.sent.slice(before).at(-1);
  return { learnt, answer: async () => answer(stage, browser, started, learnt, sent) };
};
/** A sign-in after the password in which nobody's phone rings yet. */
const begun = async (): Promise<Started> => {
  const started = await stage.beginAs(browser, stage.people.ada);
  await browser.visit(`/interaction/${started.uid}/options`, { form: { method: 'totp' } });
  return started;
};
const knowing = (type: string): Answering => {
  const known = answering[type];
  if (known === undefined) throw new Error(`nobody knows how to answer ${type}`);
  return known;
};

test('A09 every factor has a test answer', () => {
  expect(Object.keys(answering).toSorted()).toEqual(types.toSorted());
});

test.each(types)('A09 a challenge of %s accepts its own answer', async type => {
  const { answer } = await askedBy(await begun(), type);
  await answer();
  await expectSignedIn(stage, browser, stage.people.ada);
});

test.each(cells.filter(([asked, answered]) => asked !== answered))(
  'A09 a challenge of %s refuses the answer of %s',
  async (asked, answered) => {
    const { ada } = stage.people;
    const passed = (await stage.auditedAbout('challenge.passed', ada)).length;
    const started = await begun();
    const wrong = await askedBy(started, answered);
    const right = await askedBy(started, asked);
    expect(wrong.learnt).not.toBe(right.learnt);

    await wrong.answer();

    expect(await stage.challenge(started.uid)).toMatchObject({ factor: asked, phase: 'pending' });
    expect(await stage.outcome(browser, started.uid)).toEqual(nobody);
    expect(await stage.auditedAbout('challenge.passed', ada)).toHaveLength(passed);
    // It can still be answered the right way.
    await right.answer();
    await expectSignedIn(stage, browser, ada);
  },
);

test.each(cells)('A09 without any page, a challenge of %s refuses a browser with the answer of %s', async (...cell) => {
  const [asked, answered] = cell;
  const started = await begun();
  const first = await askedBy(started, answered);
  const { learnt } = asked === answered ? first : { ...(await askedBy(started, asked)), learnt: first.learnt };
  const isOwn = asked === answered && factors.find(({ type }) => type === asked)?.answeredBy === 'browser';

  const outcome = await stage.services.challenges.answer(`sign-in:${started.uid}`, learnt);

  expect(outcome.ok).toBe(isOwn);
  expect(await stage.challenge(started.uid)).toMatchObject({ factor: asked, phase: isOwn ? 'passed' : 'pending' });
});
