/**
 * A12. An attacker with the password tries two hundred six-digit codes at once, over every node. All of them could read
 * "no failed attempt yet" before one is written (Keycloak CVE-2024-4629, Zitadel GHSA-7h8m-vrxx-vr4m). So a guess is
 * counted in one atomic step before it is compared.
 * Guards: `src/mfa/challenge/verification.ts#countAttempt` and `src/mfa/challenge/verification.ts#countFailure`, the
 * first steps of `src/mfa/challenge/verification.ts#verify`; `src/mfa/limits/failed-attempts.ts#admit`, which keeps
 * count and waiting time in one document.
 * Takes more than a second for each race: two hundred whole requests on two nodes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Factor } from '../../src/mfa/factor.ts';
import { enterCode } from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { codeAt } from '../support/codes.ts';
import { expectSignedIn, noApproval, startThreatWorld, wrongCodes, type ThreatWorld } from './support/threat-world.ts';

const racers = 200;
const rounds = { memory: 2, sqlite: 1, redis: 2, mongodb: 1 } as const;

/** Counts real comparisons, and can delay the first one until the test releases it. */
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

describe.each(everyStore)('A12 on $name', store => {
  const { counter, counted } = createCounter();
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startThreatWorld({
      store,
      nodes: 2,
      wrap: resources => ({ ...resources, factors: resources.factors.map(counted) }),
    });
  });
  afterAll(() => world.close());

  /** A new sign-in of Noor at the page of her code, in a later step of her app. */
  const atCode = async () => {
    world.clock.advance(60_000);
    await world.clearFailedAttempts(world.people.noor);
    counter.compared = 0;
    const browser = world.recordingBrowser();
    const started = await world.beginAs(browser, world.people.noor);
    const guess = (code: string, at: number) =>
      browser.go(`/interaction/${started.uid}/factor`, { form: { code }, node: at % 2 });
    return { ...started, browser, guess };
  };

  test('A12 a single right code signs in', async () => {
    const { browser, page } = await atCode();
    await enterCode(browser, page, codeAt(world.people.noor, world.clock()));
    await expectSignedIn(world, browser, world.people.noor);
    expect(counter.compared).toBe(1);
  });

  test('A12 at most five of 199 wrong codes and the right one in parallel are compared', async () => {
    const { noor } = world.people;
    for (let round = 0; round < rounds[store.name]; round += 1) {
      const { browser, uid, guess } = await atCode();
      const right = codeAt(noor, world.clock());
      const codes = [...wrongCodes(noor, world.clock(), racers - 1), right];

      const answers = await Promise.all(codes.map(guess));

      // A challenge allows five; the failed attempts of the account stop at three. Guesses during the wait cost no attempt.
      expect(counter.compared).toBeLessThanOrEqual(3);
      expect(await world.challenge(uid)).toMatchObject({ phase: expect.stringMatching(/^(?:pending|ended)$/u) });
      const statuses = answers.slice(0, -1).map(({ status }) => status);
      expect(statuses.filter(status => status !== 422 && status !== 429)).toEqual([]);
      expect(statuses.filter(status => status === 422).length).toBeLessThanOrEqual(5);
      expect(await world.failedAttempts(noor)).toBe(counter.compared);
      // The right code was sent last, after the limit, and refused. It is refused once more after the race.
      expect((await guess(right, round)).status).toBe(429);
      expect(await world.outcome(browser, uid)).toEqual(noApproval);
      expect(counter.compared).toBeLessThanOrEqual(5);
    }
    const refused = await world.auditedAbout('challenge.answered', noor);
    expect(refused.filter(({ outcome }) => outcome === 'failure').length).toBeGreaterThan(0);
    expect(await world.auditedAbout('challenge.passed', noor)).toHaveLength(1);
  });

  test('A12 wrong codes during the comparison of the right one leave exactly one success', async () => {
    const { noor } = world.people;
    const { browser, uid, guess } = await atCode();
    const right = codeAt(noor, world.clock());
    const [looking, comparing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    counter.onCompare = async () => {
      counter.onCompare = async () => {};
      looking.resolve();
      await comparing.promise;
    };

    const first = guess(right, 0);
    await looking.promise;
    const wrong = wrongCodes(noor, world.clock(), racers / 2 - 1);
    const rest = await Promise.all([...wrong.map(guess), guess(right, 1)]);
    comparing.resolve();
    const answers = [await first, ...rest];

    // One of them gets the page that continues to the client. The others are refused, or redirected to the sign-in.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(counter.compared).toBeLessThanOrEqual(5);
    await browser.visit(`/auth/${uid}`);
    await expectSignedIn(world, browser, noor);
    expect(await world.auditedAbout('sign-in.finished', noor)).toHaveLength(2);
  });

  test('A12 one of two hundred parallel right codes signs in', async () => {
    const { noor } = world.people;
    const { guess } = await atCode();
    const right = codeAt(noor, world.clock());
    const before = (await world.auditedAbout('challenge.passed', noor)).length;

    const answers = await Promise.all(Array.from({ length: racers }, (_, at) => guess(right, at)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    // Five attempts. A right code is compared once more where another answer used the authenticator first.
    expect(counter.compared).toBeLessThanOrEqual(10);
    expect(await world.auditedAbout('challenge.passed', noor)).toHaveLength(before + 1);
  });
});
