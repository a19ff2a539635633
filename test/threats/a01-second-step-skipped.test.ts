/**
 * A01. After the password, an attacker skips the second step. They open the address where the sign-in continues, or
 * post to every address that ends one. No half-finished result is stored where those addresses could find it, and each
 * of them asks for the proofs.
 *
 * Guards: `interactions/step.ts#stepOf`, asked by every route; `interactions/finish.ts#writeSignedIn`, which asks again
 * for the proofs that were consumed; `src/oidc/prompts/mfa-prompt.ts#isProven`, which checks the finished sign-in independently.
 * Takes a second or two: every address that ends a sign-in, from every state.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enterCode } from '../support/world/relying-party.ts';
import { failedAttemptsKind } from '../../src/records.ts';
import { posts } from './support/routes.ts';
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

const guessWrong = async (browser: RecordingBrowser, { page }: StartedSignIn, count: number): Promise<void> => {
  for (let done = 0; done < count; done += 1) {
    world.clock.advance(20_000);
    const [code = ''] = wrongCodes(world.people.noor, world.clock(), 1);
    await enterCode(browser, page, code);
  }
};

const codeAsked = async (browser: RecordingBrowser): Promise<StartedSignIn> => {
  await world.clearFailedAttempts(world.people.noor);
  return world.beginAs(browser, world.people.noor);
};

/** States of a sign-in without its second step. */
const states: Readonly<Record<string, (browser: RecordingBrowser) => Promise<StartedSignIn>>> = {
  'nothing proven': browser => world.begin(browser),
  'a code asked for': codeAsked,
  'a wrong code': async browser => {
    const started = await codeAsked(browser);
    await guessWrong(browser, started, 1);
    return started;
  },
  'no try left': async browser => {
    const started = await codeAsked(browser);
    await guessWrong(browser, started, 5);
    return started;
  },
  'the factor disabled': async browser => {
    const started = await codeAsked(browser);
    const rows = world.store.durable.collection(failedAttemptsKind);
    const row = await rows.get(`${world.people.noor.user.id}:totp`);
    if (row === undefined) throw new Error('Noor was never asked for a code');
    await rows.replace({ ...row, count: 50 });
    return started;
  },
  'a phone that rings': async browser => {
    world.clock.advance(3_600_000);
    return world.beginAs(browser, world.people.ada);
  },
  'a phone that nobody answered': async browser => {
    world.clock.advance(3_600_000);
    const started = await world.beginAs(browser, world.people.ada);
    world.clock.advance(120_000);
    return started;
  },
};

/** Bodies that a form of that address could carry; every other address gets an empty form. */
const bodies: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  '/password': [{ name: '', password: '' }],
  '/factor': [{}, { code: '' }],
  '/options': [{}],
  '/consent': [{ answer: 'allow' }],
  '/account': [{ account: 'same' }, { account: 'another' }],
};
/** Addresses that cancel or empty the sign-in. They are tested separately. */
const leaving = new Set(['/cancel', '/restart']);

test('A01 after both steps the resume address continues', async () => {
  const browser = world.recordingBrowser();
  const started = await codeAsked(browser);
  await enterCode(browser, started.page, codeAt(world.people.noor, world.clock()));
  await expectSignedIn(world, browser, world.people.noor);
  expect(browser.answers.map(({ path }) => path)).toContain(`/auth/${started.uid}`);
});

/** Requests every address that might end the sign-in, with every body that its form could carry. */
const tryAll = async (browser: RecordingBrowser, uid: string): Promise<void> => {
  for (const step of posts.filter(each => !leaving.has(each))) {
    for (const form of bodies[step] ?? [{}]) {
      await browser.visit(`/interaction/${uid}${step}`, { form });
      expect([step, form, await world.outcome(browser, uid)]).toEqual([step, form, noApproval]);
    }
  }
};

test('A01 after all attempts the right code still signs in', async () => {
  const browser = world.recordingBrowser();
  const { uid, page } = await codeAsked(browser);
  await tryAll(browser, uid);
  world.clock.advance(60_000);
  await enterCode(browser, page, codeAt(world.people.noor, world.clock()));
  await expectSignedIn(world, browser, world.people.noor);
});

describe.each(Object.keys(states))('A01 from %s', state => {
  const reach = async (browser: RecordingBrowser): Promise<StartedSignIn> => {
    const started = await states[state]?.(browser);
    if (started === undefined) throw new Error(state);
    return started;
  };

  test('A01 no address of the conversation ends the sign-in', async () => {
    const browser = world.recordingBrowser();
    const { uid } = await reach(browser);
    await tryAll(browser, uid);
    const last = await browser.visit(`/interaction/${uid}/cancel`, { form: {} });
    expect(browser.next(last)?.searchParams.get('error')).toBe('access_denied');
    expect(await world.outcome(browser)).toEqual(noApproval);
    expect(await world.audited('sign-in.finished')).toHaveLength(2);
  });

  test('A01 the resume address ends nothing before the second step, with and without its cookie', async () => {
    const [browser, stranger] = [world.recordingBrowser(), world.recordingBrowser()];
    const { uid } = await reach(browser);

    expect((await stranger.go(`/auth/${uid}`)).status).toBe(400);
    expect((await browser.go(`/auth/${uid}`, { form: {} })).status).toBeGreaterThanOrEqual(400);
    // The request is kept in the browser, for the pages alone: there is nothing to resume.
    expect((await browser.go(`/auth/${uid}`)).status).toBe(400);

    expect(await world.outcome(browser, uid)).toEqual(noApproval);
    expect(await world.outcome(stranger, uid)).toEqual(noApproval);
    expect(await world.audited('sign-in.finished')).toHaveLength(2);
  });
});
