/**
 * A14. After four wrong codes the attacker wants a fresh counter. They ask for the code again, go back a page, or begin
 * a new sign-in. Asking again must reset neither the attempts of a challenge nor the failed attempts of an account
 * (NIST SP 800-63B-4 §3.1.3.2).
 * Guards: `src/mfa/challenge/challenges.ts#begin`, which keeps a live challenge;
 * `src/mfa/limits/failed-attempts.ts#admit`, which counts by account and authenticator.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enterCode } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  wrongCodes,
  type ThreatWorld,
  type StartedSignIn,
  type RecordingBrowser,
} from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

/** Ways to ask for the code again. No way may give an attempt back. */
const onceMore: Readonly<Record<string, (browser: RecordingBrowser, started: StartedSignIn) => Promise<unknown>>> = {
  'asking for a new challenge': (browser, { uid }) => browser.visit(`/interaction/${uid}/again`, { form: {} }),
  'choosing the same method again': (browser, { uid }) =>
    browser.visit(`/interaction/${uid}/options`, { form: { method: 'totp' } }),
  'pressing the button of a step-up': (browser, { uid }) => browser.visit(`/interaction/${uid}/start`, { form: {} }),
  'going back to the page': (browser, { uid }) => browser.visit(`/interaction/${uid}`),
  'typing the password again': async (browser, { uid }) => {
    const { name, password } = world.people.noor;
    return browser.visit(`/interaction/${uid}/password`, { form: { name, password } });
  },
};

/** Types wrong codes, each after the wait that the earlier ones caused. */
const guessWrong = async (browser: RecordingBrowser, uid: string, count: number): Promise<readonly number[]> => {
  const statuses = [];
  for (let done = 0; done < count; done += 1) {
    world.clock.advance(600);
    const wait = (await world.challenge(uid))?.waitUntil;
    if (wait !== undefined) world.clock.set(wait);
    const [code = ''] = wrongCodes(world.people.noor, world.clock(), 1);
    statuses.push((await browser.go(`/interaction/${uid}/factor`, { form: { code } })).status);
  }
  return statuses;
};

test('A14 four wrong codes and the right one sign in', async () => {
  const { noor } = world.people;
  const browser = world.recordingBrowser();
  const { uid, page } = await world.beginAs(browser, noor);
  expect(await guessWrong(browser, uid, 4)).toEqual([422, 422, 422, 422]);
  world.clock.advance(60_000);
  await enterCode(browser, page, codeAt(noor, world.clock()));
  await expectSignedIn(world, browser, noor);
  expect(await world.failedAttempts(noor)).toBe(0);
});

test.each(Object.keys(onceMore))('A14 %s after four wrong codes leaves one attempt', async way => {
  const { noor } = world.people;
  await world.clearFailedAttempts(noor);
  const browser = world.recordingBrowser();
  const started = await world.beginAs(browser, noor);
  const { uid } = started;
  expect(await guessWrong(browser, uid, 4)).toEqual([422, 422, 422, 422]);

  await onceMore[way]?.(browser, started);
  expect(await world.challenge(uid)).toMatchObject({ phase: 'pending', attemptsLeft: 1 });
  expect(await guessWrong(browser, uid, 1)).toEqual([429]);

  expect(await world.challenge(uid)).toMatchObject({ phase: 'ended', reason: 'attempts' });
  expect(await world.failedAttempts(noor)).toBe(5);
  world.clock.advance(60_000);
  const late = await browser.go(`/interaction/${uid}/factor`, {
    form: { code: codeAt(noor, world.clock()) },
  });
  expect(late.status).toBe(429);
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
});

/** Ways to a challenge with all its attempts, after the five of the first are used up. */
const anew: Readonly<
  Record<string, (browser: RecordingBrowser, uid: string) => Promise<readonly [RecordingBrowser, string]>>
> = {
  'another challenge on the same page': async (browser, uid) => {
    await browser.visit(`/interaction/${uid}/again`, { form: {} });
    return [browser, uid];
  },
  'another sign-in': async browser => [browser, (await world.beginAs(browser, world.people.noor)).uid],
  'another browser': async () => {
    const browser = world.recordingBrowser();
    return [browser, (await world.beginAs(browser, world.people.noor)).uid];
  },
};

test.each(Object.keys(anew))('A14 %s starts with the five failed attempts counted', async way => {
  const { noor } = world.people;
  await world.clearFailedAttempts(noor);
  const first = world.recordingBrowser();
  const spent = await world.beginAs(first, noor);
  await guessWrong(first, spent.uid, 5);

  const [browser, uid] = (await anew[way]?.(first, spent.uid)) ?? [first, spent.uid];

  const view = await world.challenge(uid);
  expect(view).toMatchObject({ phase: 'pending', attemptsLeft: 5 });
  expect((view?.waitUntil ?? 0) - world.clock()).toBe(8000);
  expect(await world.failedAttempts(noor)).toBe(5);
  expect(await guessWrong(browser, uid, 1)).toEqual([422]);
  expect(await world.failedAttempts(noor)).toBe(6);
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
  const rows = await world.auditedAbout('challenge.answered', noor);
  expect(rows.slice(-6).map(({ facts }) => facts['count'])).toEqual([1, 2, 3, 4, 5, 6]);
});

test('A14 "Not you?" and the same password keep the ended challenge', async () => {
  const { noor } = world.people;
  await world.clearFailedAttempts(noor);
  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, noor);
  await guessWrong(browser, uid, 5);

  await browser.visit(`/interaction/${uid}/restart`, { form: {} });
  await browser.visit(`/interaction/${uid}/password`, { form: { name: noor.name, password: noor.password } });

  expect(await world.challenge(uid)).toMatchObject({ phase: 'ended' });
  expect(await world.failedAttempts(noor)).toBe(5);
});
