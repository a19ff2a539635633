/**
 * A12. Whoever has a password tries codes of six digits, two hundred at once and over every node, so that all of them read
 * "no wrong answer yet" before any of them writes one (Keycloak CVE-2024-4629, Zitadel GHSA-7h8m-vrxx-vr4m). So a guess is
 * counted before it is looked at, in one atomic step. Guards: `countTry` before `judge` in src/mfa/challenge/challenges.ts; `admit`
 * of src/mfa/limits/failed-attempts.ts, whose count and waiting time are one document.
 * Takes a second and more for each race: two hundred whole requests on two nodes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Factor } from '../../src/mfa/factor.ts';
import { enterCode } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { codeAt, expectSignedIn, nobody, openStage, wrongCodes, type Stage } from './support/stage.ts';

const racers = 200;
const rounds = { memory: 2, sqlite: 1, redis: 2 } as const;

/** Counts what is really compared, and can hold the first comparison until it is told. */
const createCounter = () => {
  const counter = { compared: 0, onCompare: async (): Promise<void> => {} };
  const counted = (factor: Factor): Factor => ({
    ...factor,
    challenge: {
      ...factor.challenge,
      async finish(...given) {
        counter.compared += 1;
        await counter.onCompare();
        return factor.challenge.finish(...given);
      },
    },
  });
  return { counter, counted };
};

describe.each(stores)('A12 on $name', store => {
  const { counter, counted } = createCounter();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      store,
      nodes: 2,
      wrap: parts => ({ ...parts, factors: parts.factors.map(counted) }),
    });
  });
  afterAll(() => stage.close());

  /** A new sign-in of Noor at the page of her code; her app has moved on. */
  const atCode = async () => {
    stage.clock.advance(60_000);
    await stage.forgiveStrikes(stage.people.noor);
    counter.compared = 0;
    const browser = stage.witness();
    const started = await stage.beginAs(browser, stage.people.noor);
    const guess = (code: string, at: number) =>
      browser.go(`/interaction/${started.uid}/factor`, { form: { code }, node: at % 2 });
    return { ...started, browser, guess };
  };

  test('A12 a single right code signs in', async () => {
    const { browser, page } = await atCode();
    await enterCode(browser, page, await codeAt(stage.people.noor, stage.clock()));
    await expectSignedIn(stage, browser, stage.people.noor);
    expect(counter.compared).toBe(1);
  });

  test('A12 at most five of 199 wrong codes and the right one in parallel are compared', async () => {
    const { noor } = stage.people;
    for (let round = 0; round < rounds[store.name]; round += 1) {
      const { browser, uid, guess } = await atCode();
      const right = await codeAt(noor, stage.clock());
      const codes = [...(await wrongCodes(noor, stage.clock(), racers - 1)), right];

      const answers = await Promise.all(codes.map(guess));

      // Five by the tries of a challenge; three already by the strikes of an account.
      expect(counter.compared).toBeLessThanOrEqual(3);
      expect(await stage.challenge(uid)).toMatchObject({ phase: 'ended', reason: 'attempts' });
      const statuses = answers.slice(0, -1).map(({ status }) => status);
      expect(statuses.filter(status => status !== 422 && status !== 429)).toEqual([]);
      expect(statuses.filter(status => status === 422).length).toBeLessThanOrEqual(5);
      expect(await stage.failedAttempts(noor)).toBe(counter.compared);
      // Sent last it came after the limit: right, and refused; and refused once more when the race is over.
      expect((await guess(right, round)).status).toBe(429);
      expect(await stage.outcome(browser, uid)).toEqual(nobody);
      expect(counter.compared).toBeLessThanOrEqual(5);
    }
    const refused = await stage.auditedAbout('challenge.answered', noor);
    expect(refused.filter(({ outcome }) => outcome === 'failure').length).toBeGreaterThan(0);
    expect(await stage.auditedAbout('challenge.passed', noor)).toHaveLength(1);
  });

  test('A12 wrong codes during the comparison of the right one leave exactly one success', async () => {
    const { noor } = stage.people;
    const { browser, uid, guess } = await atCode();
    const right = await codeAt(noor, stage.clock());
    const [looking, comparing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    counter.onCompare = async () => {
      counter.onCompare = async () => {};
      looking.resolve();
      await comparing.promise;
    };

    const first = guess(right, 0);
    await looking.promise;
    const wrong = await wrongCodes(noor, stage.clock(), racers / 2 - 1);
    const rest = await Promise.all([...wrong.map(guess), guess(right, 1)]);
    comparing.resolve();
    const answers = [await first, ...rest];

    // The page that goes on by itself is what one of them gets; the others are refused, or sent back to see what became of it.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(counter.compared).toBeLessThanOrEqual(5);
    await browser.visit(`/auth/${uid}`);
    await expectSignedIn(stage, browser, noor);
    expect(await stage.auditedAbout('sign-in.finished', noor)).toHaveLength(2);
  });

  test('A12 one of two hundred parallel right codes signs in', async () => {
    const { noor } = stage.people;
    const { guess } = await atCode();
    const right = await codeAt(noor, stage.clock());
    const before = (await stage.auditedAbout('challenge.passed', noor)).length;

    const answers = await Promise.all(Array.from({ length: racers }, (_, at) => guess(right, at)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(counter.compared).toBeLessThanOrEqual(5);
    expect(await stage.auditedAbout('challenge.passed', noor)).toHaveLength(before + 1);
  });
});
