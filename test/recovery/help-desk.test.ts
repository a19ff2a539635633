/** Tests what an administrator does for a person whose phone is lost: reset, pass, unlock, end of sessions. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { chooseOption, enterCode, signIn } from '../support/world/relying-party.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from '../threats/support/threat-world.ts';

const source = { actor: 'cli', reason: 'lost her phone' };

let world: ThreatWorld;
beforeEach(async () => {
  world = await startThreatWorld({ env: { SALLYPORT_FACTORS: 'totp,call,recovery-code,temporary-access-pass' } });
});
afterEach(() => world.close());

const account = async (person: { readonly user: { readonly id: string } }) => {
  const user = await world.services.users.get(person.user.id);
  if (user === undefined) throw new Error('the account is gone');
  return user;
};

test('a reset removes methods, codes and sessions, and only its pass opens the account', async () => {
  const { grace } = world.people;
  const { helpDesk, recoveryCodes } = world.services;
  const [code = ''] = await recoveryCodes.renew(grace.user.id, 'cli');
  const thief = world.recordingBrowser();
  await signIn(world.rp, thief, grace);
  world.clock.advance(2000);
  const before = await account(grace);

  const pass = await helpDesk.resetMethods(before, source);

  const after = await account(grace);
  expect(after).toMatchObject({ authenticators: [], signedOutAt: world.clock() });
  expect(after.recoveryAuthenticators).toHaveLength(1);
  expect(await world.auditedAbout('methods.reset', grace)).toMatchObject([{ facts: { note: 'lost her phone' } }]);
  const notices = await world.auditedAbout('notice.sent', grace);
  expect(notices.filter(({ facts }) => facts['notice'] === 'methods-reset')).toMatchObject([
    { facts: { note: 'lost her phone' } },
  ]);
  expect((await world.begin(thief)).page.text).toContain('type="password"');

  // The password alone neither signs in nor sets up a method; an old code is no code.
  const browser = world.recordingBrowser();
  const { page, uid } = await world.beginAs(browser, grace);
  expect(browser.codes).toEqual([]);
  const forged = await browser.visit(`/interaction/${uid}/options`, { form: { method: 'recovery-code' } });
  expect(forged.status).toBe(403);
  const asked = await chooseOption(browser, page, /temporary pass/u);
  expect((await enterCode(browser, asked, code)).status).toBe(422);
  await enterCode(browser, asked, pass?.pass ?? '');
  expect(await world.auditedAbout('challenge.passed', grace)).toContainEqual(
    expect.objectContaining({ facts: expect.objectContaining({ factor: 'temporary-access-pass', acr: 'mfa' }) }),
  );
});

test('a reset without a pass lets the password alone set up methods again', async () => {
  const { grace } = world.people;
  expect(await world.services.helpDesk.resetMethods(await account(grace), source, { withPass: false })).toBeUndefined();
  const after = await account(grace);
  expect(after.everHadMethodAt).toBeUndefined();
  expect(after.recoveryAuthenticators).toBeUndefined();
});

test('a pass beside methods that are left is the last choice, and signs in', async () => {
  const { noor } = world.people;
  const { pass } = await world.services.passes.issue(noor.user.id, {}, source);
  const browser = world.recordingBrowser();
  const { page } = await world.beginAs(browser, noor);
  expect(page.text).toContain('Enter the code from your app');
  await enterCode(browser, await chooseOption(browser, page, /temporary pass/u), pass);
  await expectSignedIn(world, browser, noor);
});

test('an unlock lets wrong codes begin anew, also at a method that they disabled, and ends a pause', async () => {
  const { noor } = world.people;
  const { helpDesk, failedAttempts, users } = world.services;
  for (let wrong = 0; wrong < 50; wrong += 1) {
    await failedAttempts.admit({ userId: noor.user.id, name: 'totp', formerNames: [] });
    world.clock.advance(4_000_000);
  }
  await users.lock(noor.user.id, 'cli');
  const browser = world.recordingBrowser();
  expect((await world.beginAs(browser, noor)).page.status).toBe(422);

  await helpDesk.unlock(await account(noor), source);

  expect(await world.failedAttempts(noor)).toBe(0);
  expect(await world.auditedAbout('user.unlocked', noor)).toMatchObject([{ facts: { note: 'lost her phone' } }]);
  world.clock.advance(3_600_000);
  const { page } = await world.beginAs(browser, noor);
  await enterCode(browser, page, await noor.phone.code());
  await expectSignedIn(world, browser, noor);
});

test('an end of sessions ends them on every browser, tells the person and says why', async () => {
  const { noor } = world.people;
  const browser = world.recordingBrowser();
  await signIn(world.rp, browser, noor);
  world.clock.advance(2000);
  expect(await world.services.accountSessions.endAll(noor.user.id, source)).toBe(1);
  expect((await world.begin(browser)).page.text).toContain('type="password"');
  expect(await world.auditedAbout('session.ended', noor)).toMatchObject([{ facts: { note: 'lost her phone' } }]);
  expect((await world.auditedAbout('notice.sent', noor)).at(-1)).toMatchObject({
    facts: { notice: 'sessions-ended', note: 'lost her phone' },
  });
});
