/**
 * Tests accounts for an emergency: exempt from rules that could shut everybody out, never from password, failed attempts or their own
 * second step, and each use is an alarm.
 */
import { afterEach, expect, test } from '@jest/globals';
import { createBreakGlass } from '../../src/users/break-glass.ts';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from '../threats/support/threat-world.ts';

const strict = { SALLYPORT_MIN_ACR: 'mfa', SALLYPORT_REQUIRED_METHODS: '2', SALLYPORT_ENROLL_GRACE: '0s' };

let world: ThreatWorld;
let open: ThreatWorld | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const start = async (names: string): Promise<ThreatWorld> => {
  world = await startThreatWorld({
    env: { ...strict, SALLYPORT_FACTORS: 'totp,call', ...(names !== '' && { SALLYPORT_BREAK_GLASS: names }) },
  });
  open = world;
  return world;
};

test('an account for an emergency signs in where a rule shuts the others out, and administrators are told', async () => {
  const { people, logged } = await start('ＬＩＮＵＳ,nobody');
  const browser = world.recordingBrowser();
  await world.beginAs(browser, people.linus);
  await expectSignedIn(world, browser, people.linus);
  expect(
    (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'break-glass-used'),
  ).toMatchObject([{ subject: people.linus.user.id, facts: { audience: 'administrators' } }]);
  expect(logged.filter(({ event }) => event === 'break-glass.used')).toMatchObject([{ level: 'error' }]);

  // Also with the session: the policy judges the same.
  const again = await browser.visit((await world.rp.begin()).url);
  expect(browser.next(again)?.searchParams.has('code')).toBe(true);
});

test('the same account without that name is shut out, and no alarm is raised for others', async () => {
  const { people, logged } = await start('');
  const browser = world.recordingBrowser();
  await world.beginAs(browser, people.linus);
  expect(browser.codes).toEqual([]);
  expect((await world.outcome(browser)).accountId).toBeUndefined();
  expect((await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'break-glass-used')).toEqual(
    [],
  );
  expect(logged.filter(({ event }) => event === 'break-glass.used')).toEqual([]);
});

test('its own second step is asked, and wrong passwords and codes are counted as those of anybody', async () => {
  const { people, services, clock } = await start('noor');
  const { noor } = people;
  const browser = world.recordingBrowser();
  const wrongPassword = await world.beginAs(browser, { ...noor, password: 'wrong' });
  expect(wrongPassword.page.status).toBe(422);
  const { page } = await world.beginAs(browser, noor);
  expect(page.text).toContain('Enter the code from your app');
  expect(browser.codes).toEqual([]);
  expect((await enterCode(browser, page, '000000')).status).toBe(422);
  expect(await world.failedAttempts(noor)).toBe(1);
  for (let wrong = 1; wrong < 50; wrong += 1) {
    await services.failedAttempts.admit({ userId: noor.user.id, name: 'totp', formerNames: [] });
    clock.advance(4_000_000);
  }
  const disabled = await world.beginAs(browser, noor);
  await enterCode(browser, disabled.page, await noor.phone.code()).catch(() => undefined);
  expect((await world.outcome(browser)).accountId).toBeUndefined();
});

test('its calls are not paused and its changes not stopped after "this was not me"', async () => {
  const { people, services, clock } = await start('grace');
  const { grace, ada } = people;
  const [browser, later] = [world.recordingBrowser(), world.recordingBrowser()];
  const calling = await world.beginAs(browser, grace);
  await pickUp(grace, '0#');
  await checkAgain(browser, calling.page).catch(() => undefined);
  expect((await services.users.get(grace.user.id))?.pausedUntil).toBeUndefined();
  const again = await world.beginAs(later, grace);
  await pickUp(grace, '#');
  await checkAgain(later, again.page);
  await expectSignedIn(world, later, grace);

  for (const { user } of [grace, ada]) await services.freezes.freeze(user.id, clock(), 'browser');
  expect((await services.users.get(ada.user.id))?.changesFrozenUntil).toBeDefined();
  expect(await services.users.get(grace.user.id)).toMatchObject({ signedOutAt: clock() });
  expect((await services.users.get(grace.user.id))?.changesFrozenUntil).toBeUndefined();
});

test('an e-mail address names no such account, because its owner can change it', () => {
  const isBreakGlass = createBreakGlass(['Emergency', 'ops@example.com']);
  expect(isBreakGlass({ signInNames: ['emergency'] })).toBe(true);
  expect(isBreakGlass({ signInNames: ['mallory', 'ops@example.com'] })).toBe(false);
});
