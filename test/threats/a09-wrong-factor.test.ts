/**
 * A09. A challenge of one factor is answered at the address of another, with an answer that would be right there: the code of
 * the app on the page of a call, the `#` of a call that was switched away from. A challenge is of one type, and only that
 * type's answer, by that type's way, counts. The matrix is made of `factors/index.ts`. Guards: the cancelling in `begin` of
 * src/mfa/challenges.ts; `answeredBy` in its `answer`, past every page.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetWorld } from '../../simulator/person.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { answering } from './support-answering.ts';
import { expectSignedIn, nobody, openStage, type Stage, type Witness } from './support-stage.ts';
import { listenIn } from './support-telephone.ts';

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
  await resetWorld(stage.simulator);
  await stage.forgiveStrikes(stage.people.ada);
  browser = stage.witness();
});

const types = factors.map(({ type }) => type);
const cells = types.flatMap(asked => types.map(answered => [asked, answered] as const));

/** Ada after her password, asked by `first` and then by `last`; what was sent for each factor on the way. */
const askedBy = async (first: string, last: string) => {
  const { ada } = stage.people;
  const before = telephone.sent.length;
  const started = await stage.beginAs(browser, ada);
  for (const type of [first, last]) {
    const method = answering[type]?.row(ada) ?? '';
    await browser.visit(`/interaction/${started.uid}/options`, { form: { method } });
  }
  return { started, sent: telephone.sent.slice(before) };
};

test('A09 there is somebody who knows how to answer each factor', () => {
  expect(Object.keys(answering).toSorted()).toEqual(types.toSorted());
});

test.each(cells.filter(([asked, answered]) => asked === answered))(
  'A09 a challenge of %s takes the answer of %s',
  async (asked, answered) => {
    const { ada } = stage.people;
    const { started, sent } = await askedBy(asked, asked);
    await answering[answered]?.answer(stage, browser, started, ada, sent.at(-1));
    await expectSignedIn(stage, browser, ada);
  },
);

test.each(cells.filter(([asked, answered]) => asked !== answered))(
  'A09 a challenge of %s takes no answer of %s',
  async (asked, answered) => {
    const { ada } = stage.people;
    const passed = (await stage.auditedAbout('challenge.passed', ada)).length;
    const { started, sent } = await askedBy(answered, asked);

    await answering[answered]?.answer(stage, browser, started, ada, sent[0]);

    expect(await stage.challenge(started.uid)).toMatchObject({ factor: asked, phase: 'pending' });
    expect(await stage.outcome(browser, started.uid)).toEqual(nobody);
    expect(await stage.auditedAbout('challenge.passed', ada)).toHaveLength(passed);
    // It can still be answered the right way.
    await answering[asked]?.answer(stage, browser, started, ada, sent.at(-1));
    await expectSignedIn(stage, browser, ada);
  },
);

test.each(cells)(
  'A09 past every page, a challenge of %s is not open to a browser with the answer of %s',
  async (...cell) => {
    const { ada } = stage.people;
    const [asked, answered] = cell;
    const { started } = await askedBy(asked, asked);
    const isOwn = asked === answered && factors.find(({ type }) => type === asked)?.answeredBy === 'browser';

    const outcome = await stage.house.challenges.answer(
      `sign-in:${started.uid}`,
      (await answering[answered]?.right(stage, ada)) ?? '',
    );

    expect(outcome.ok).toBe(isOwn);
    expect((await stage.challenge(started.uid))?.phase).toBe(isOwn ? 'passed' : 'pending');
  },
);
