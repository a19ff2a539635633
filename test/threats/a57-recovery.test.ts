/**
 * A57. A way back into an account must not be a way around its second step, and must not leave a thief inside. A recovery code
 * counts beside the password only (NIST SP 800-63B-4 §4.2.2.2), is never asked for first, and after it every other session and
 * token of the account has ended.
 *
 * Guards: `src/mfa/assurance.ts#reached`, which counts a code beside a password only; `src/recovery/recovery.ts#Recovery`, which ends
 * the sessions; `src/mfa/assurance.ts#usable`, which never offers a code first.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { formTo } from '../support/browser/plain.ts';
import { atClient, chooseOption, enterCode, enterPassword, signIn } from '../support/world/relying-party.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
let codes: readonly string[];
beforeEach(async () => {
  world = await startThreatWorld({ env: { SALLYPORT_FACTORS: 'totp,call,recovery-code' } });
  codes = await world.services.recoveryCodes.renew(world.people.noor.user.id, 'cli');
});
afterEach(() => world.close());

/** Signs Noor in with this code, in a new browser. */
const recover = async (code: string) => {
  const browser = world.recordingBrowser();
  const started = await world.beginAs(browser, world.people.noor);
  const asked = await chooseOption(browser, started.page, /recovery code/u);
  return { browser, asked, done: await enterCode(browser, asked, code) };
};

test('A57 a recovery code signs in beside the password, and ends every other session and token', async () => {
  const { noor } = world.people;
  const [first = ''] = codes;
  const thief = world.recordingBrowser();
  const tokens = await signIn(world.rp, thief, noor);
  expect((await world.session(thief))?.accountId).toBe(noor.user.id);
  world.clock.advance(60_000);

  const { browser, asked } = await recover(first);

  expect(asked.text).toContain('You have 10 left.');
  await expectSignedIn(world, browser, noor);
  expect(await world.outcome(browser)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  const [event] = await world.audited('session.ended');
  expect(event).toMatchObject({ subject: noor.user.id, facts: { reason: 'recovery-code' } });
  // The thief is asked for the password, and the token is refused.
  expect((await world.begin(thief)).page.text).toContain('type="password"');
  const userinfo = await fetch(new URL('/me', world.issuer), {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(userinfo.status).toBe(401);
  // The owner is not.
  const again = await browser.visit((await world.rp.begin()).url);
  expect(browser.next(again)?.searchParams.has('code')).toBe(true);
});

test('A57 a recovery in a browser that has an older session of the same person leaves them signed in', async () => {
  const { noor } = world.people;
  const browser = world.recordingBrowser();
  await signIn(world.rp, browser, noor);
  world.clock.advance(60_000);
  const request = await world.rp.begin({ prompt: 'login' });
  const page = await enterPassword(browser, await browser.visit(request.url), noor);
  const asked = await chooseOption(browser, page, /recovery code/u);

  const done = await enterCode(browser, asked, codes[0] ?? '');

  const tokens = await request.redeem(atClient(browser, done));
  expect(tokens.claims()).toMatchObject({ sub: noor.user.id, amr: ['pwd', 'otp', 'mfa'] });
  const again = await browser.visit((await world.rp.begin()).url);
  expect(browser.next(again)?.searchParams.has('code')).toBe(true);
});

test('A57 a recovery code without the password is refused', async () => {
  const browser = world.recordingBrowser();
  const { page, uid } = await world.begin(browser);
  expect(page.text).toContain('type="password"');

  for (const [path, form] of [
    ['options', { method: 'recovery-code' }],
    ['factor', { code: codes[0] ?? '' }],
  ] as const) {
    await browser.visit(`/interaction/${uid}/${path}`, { form });
  }

  expect(await world.outcome(browser, uid)).toMatchObject({ codes: [], accountId: undefined });
  expect(await world.challenge(uid)).toBeUndefined();
  const user = await world.services.users.get(world.people.noor.user.id);
  expect(user && (await world.services.recoveryCodes.left(user))).toBe(10);
});

test('A57 a recovery code is the last row, and never asked for first', async () => {
  const { noor } = world.people;
  const browser = world.recordingBrowser();
  const { page, uid } = await world.beginAs(browser, noor);
  expect(page.text).toContain('Enter the code from your app');
  const rows = [
    ...(await browser.visit(`/interaction/${uid}/options`)).text.matchAll(/name="method" value="([^"]*)"/gu),
  ];
  expect(rows.map(([, method]) => method)).toEqual(['recovery-code']);
});

test('A57 a step-up by a recovery code keeps its own session, and ends the others', async () => {
  const { noor } = world.people;
  const [thief, browser] = [world.recordingBrowser(), world.recordingBrowser()];
  await signIn(world.rp, thief, noor);
  world.clock.advance(60_000);
  await signIn(world.rp, browser, noor);
  world.clock.advance(60_000);
  const request = await world.rp.begin({ prompt: 'mfa' });
  const page = await browser.visit(request.url);
  const asked = await chooseOption(browser, page, /recovery code/u);

  const done = await enterCode(browser, asked, codes[0] ?? '');

  expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
  const again = await browser.visit((await world.rp.begin()).url);
  expect(browser.next(again)?.searchParams.has('code')).toBe(true);
  expect((await world.begin(thief)).page.text).toContain('type="password"');
});

test('A57 an account with recovery codes and a call is not made to use a code for a level that is optional', async () => {
  const { grace } = world.people;
  await world.services.recoveryCodes.renew(grace.user.id, 'cli');
  const browser = world.recordingBrowser();

  const { page } = await world.beginAs(browser, grace, { acr_values: 'aal2' });

  expect(page.text).toContain('calling');
  expect(formTo(page, /\/factor$/u)).toBeDefined();
});

test('A57 with three codes left the page says so, and waits to be read', async () => {
  for (const code of codes.slice(0, 6)) {
    await recover(code);
    world.clock.advance(1000);
  }
  const { done } = await recover(codes[6] ?? '');
  expect(done.text).toContain('You have 3 recovery codes left.');
  expect(done.text).not.toContain('http-equiv="refresh"');
});
