/**
 * A16. A second step is locked after wrong answers at one door, and another door does not know it: a step-up, the security page, the
 * confirmation of an enrollment, a recovery code (CVE-2026-9798, CVE-2026-16103, GHSA-7j7j-66cv-m239). The lock belongs to account
 * and authenticator, and is asked where an answer is verified, so that each door has it.
 *
 * Guards: `src/mfa/challenge/verification.ts#Verification`, which counts before it compares, for each purpose;
 * `src/mfa/limits/failed-attempts.ts#guessTarget`, which knows no door.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failedAttemptsKind } from '../../src/records.ts';
import { formTo, uidOf, type Answer } from '../support/browser/plain.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { chooseOption, enterCode, enterPassword, signIn } from '../support/world/relying-party.ts';
import { expectSignedIn, startThreatWorld, type RecordingBrowser, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
let codes: readonly string[];
beforeEach(async () => {
  world = await startThreatWorld({ env: { SALLYPORT_FACTORS: 'totp,call,recovery-code,temporary-access-pass' } });
  codes = await world.services.recoveryCodes.renew(world.people.noor.user.id, 'cli');
});
afterEach(() => world.close());

/** Fifty wrong answers at a usual sign-in. */
const lock = async (name: string): Promise<void> => {
  for (let wrong = 0; wrong < 50; wrong += 1) {
    await world.services.failedAttempts.admit({ userId: world.people.noor.user.id, name, formerNames: [] });
    world.clock.advance(4_000_000);
  }
};

/** The page at each door that asks for a code of the app. */
const doors: Readonly<Record<string, (browser: RecordingBrowser) => Promise<Answer>>> = {
  'a sign-in': async browser => (await world.beginAs(browser, world.people.noor)).page,
  'a step-up': async browser => {
    const page = await browser.visit((await world.rp.begin({ prompt: 'mfa' })).url);
    const start = /action="[^"]*\/start"/u.test(page.text) ? formTo(page, /\/start$/u).action : undefined;
    return start === undefined ? page : browser.visit(start, { form: {} });
  },
  'the security page': async browser => {
    const page = await browser.visit('/account');
    return page.text.includes('type="password"') ? enterPassword(browser, page, world.people.noor) : page;
  },
};

/** Posts the right code of now, past whatever the page shows. */
const answerAt = async (browser: RecordingBrowser, page: Answer): Promise<Answer> => {
  const uid = uidOf(page);
  await browser.visit(`/interaction/${uid}/options`, { form: { method: 'totp' } });
  return browser.visit(`/interaction/${uid}/factor`, { form: { code: await world.people.noor.phone.code() } });
};

describe.each(Object.entries(doors))('A16 at %s', (door, open) => {
  test(`A16 a code of an app that a sign-in locked is refused at ${door}`, async () => {
    const { noor } = world.people;
    // Twin: the door opens for the right code.
    const owner = world.recordingBrowser();
    if (door === 'a step-up') {
      await signIn(world.rp, owner, noor);
      world.clock.advance(30_000);
    }
    const twin = await open(owner);
    expect(twin.text).toContain('Enter the code from your app');
    const passed = (await world.auditedAbout('challenge.passed', noor)).length;
    await enterCode(owner, twin, await noor.phone.code());
    expect(await world.auditedAbout('challenge.passed', noor)).toHaveLength(passed + 1);

    // The session of a step-up must be younger than the wrong answers.
    const browser = world.recordingBrowser();
    if (door === 'a step-up') {
      await lockBehind(browser);
    } else await lock('totp');
    const page = await open(browser);
    const refused = await answerAt(browser, page);

    expect(refused.status).toBeLessThan(500);
    expect(await world.auditedAbout('challenge.passed', noor)).toHaveLength(passed + (door === 'a step-up' ? 2 : 1));
    expect(await world.failedAttempts(noor)).toBe(50);
  });
});

/** Signs in, and locks the app without letting the session grow old. */
const lockBehind = async (browser: RecordingBrowser): Promise<void> => {
  world.clock.advance(30_000);
  await signIn(world.rp, browser, world.people.noor);
  const records = world.store.durable.collection(failedAttemptsKind);
  const id = `${world.people.noor.user.id}:totp`;
  const was = await records.get(id);
  await records.replace({ id, rev: was?.rev ?? 1, count: 50, notBefore: 0 });
};

test('A16 recovery codes that were guessed at are refused, and the app still works', async () => {
  const { noor } = world.people;
  const owner = world.recordingBrowser();
  const { page } = await world.beginAs(owner, noor);
  await enterCode(owner, await chooseOption(owner, page, /recovery code/u), codes[0] ?? '');
  await expectSignedIn(world, owner, noor);

  await lock('recovery-codes');

  const browser = world.recordingBrowser();
  const locked = await world.beginAs(browser, noor);
  const rows = (await browser.visit(`/interaction/${locked.uid}/options`)).text;
  expect(rows).toContain('Turned off after too many wrong codes');
  await browser.visit(`/interaction/${locked.uid}/options`, { form: { method: 'recovery-code' } });
  await browser.visit(`/interaction/${locked.uid}/factor`, { form: { code: codes[1] ?? '' } });
  expect(await world.outcome(browser)).toMatchObject({ codes: [], accountId: undefined });
  const user = await world.services.users.get(noor.user.id);
  expect(user && (await world.services.recoveryCodes.left(user))).toBe(9);
  const other = world.recordingBrowser();
  const byApp = await world.beginAs(other, noor);
  await enterCode(other, byApp.page, await noor.phone.code());
  await expectSignedIn(world, other, noor);
});

test('A16 the confirmation of an enrollment takes five wrong codes, and then not the right one', async () => {
  const { noor } = world.people;
  const { challenges, enrollments } = world.services;
  const request = {
    reference: '7K3MQ2XA',
    client: 'Contoso Office',
    language: 'en',
    origin: world.issuer.origin,
    address: '127.0.0.1',
    person: { id: noor.user.id, name: noor.name },
  };
  const begin = async (boundTo: string) => {
    const { view } = await enrollments.begin({ userId: noor.user.id, factor: 'totp' }, boundTo, request);
    const uri = view.prompt.kind === 'scan' ? view.prompt.uri : '';
    const bound = { ...noor, totpSecret: new URL(uri).searchParams.get('secret') ?? '' };
    return { right: () => codeAt(bound, world.clock()), wrong: () => wrongCodeAt(bound, world.clock()) };
  };
  const twin = await begin('twin');
  expect(await challenges.answer('twin', twin.right())).toMatchObject({ ok: true });

  const { right, wrong } = await begin('attack');
  for (let left = 4; left >= 0; left -= 1) {
    expect(await challenges.answer('attack', wrong())).toMatchObject({ reason: 'wrong', attemptsLeft: left });
  }
  expect(await challenges.answer('attack', right())).toMatchObject({ ok: false, reason: 'over' });
  expect(await enrollments.finish('attack', 'cli')).toBeUndefined();
});
