/**
 * A63 (last part). A thief has the password and the phone of a person who chose to sign in no weaker than by a passkey, and takes the
 * weaker method all the same: posts it directly, or uses what was begun before the choice. The account decides, in the pages and
 * once more in the policy. Recovery codes still open it, and nothing else does.
 * Guards: `src/mfa/chosen-min-acr.ts#chosenMinAcr`, `interactions/required-level.ts#requiredOf`, `interactions/required-level.ts#methodsFor`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { maxPasskeys } from '../../src/mfa/factors/passkey.ts';
import { resetSimulator } from '../../simulator/person.ts';
import { givePasskey, usePasskey, type OwnPasskey } from '../support/world/passkeys.ts';
import { atClient, checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { expectSignedIn, noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
let passkey: OwnPasskey;
beforeAll(async () => {
  world = await startThreatWorld({
    hostname: 'localhost',
    env: { SALLYPORT_FACTORS: 'passkey,totp,call,recovery-code' },
  });
  passkey = await givePasskey(world, world.people.ada);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  await resetSimulator(world.simulator);
});

const ada = async () => {
  const user = await world.services.users.get(world.people.ada.user.id);
  if (user === undefined) throw new Error('gone');
  return user;
};
const choose = async (minAcr: 'phr' | undefined): Promise<void> => {
  expect(await world.services.ownMethods.chooseMinAcr(await ada(), minAcr, 'cli')).toBe(true);
};

test('A63 a weaker method than the person chose is neither offered nor started, whatever is posted', async () => {
  await choose('phr');
  const honest = world.recordingBrowser();
  await usePasskey(world, honest, (await world.begin(honest)).page, passkey.authenticator);
  await expectSignedIn(world, honest, world.people.ada);

  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, world.people.ada);
  const phone = (await world.services.authenticators.of(await ada())).find(({ type }) => type === 'phone');
  expect((await browser.visit(`/interaction/${uid}/options`)).text).not.toMatch(/value="(?:call|totp)/);
  for (const method of [`call:${phone?.id}`, 'call', 'totp', `totp:${phone?.id}`]) {
    expect((await browser.go(`/interaction/${uid}/options`, { form: { method } })).status).toBe(403);
  }
  const code = await world.people.ada.phone.code();
  await browser.go(`/interaction/${uid}/factor`, { form: { code } });
  expect(await world.challenge(uid)).toMatchObject({ factor: 'passkey', phase: 'pending' });
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
  expect(await world.audited('message.sent')).toEqual([]);
});

test('A63 a call that was begun before the choice does not end the sign-in after it', async () => {
  await choose(undefined);
  const { ada: person } = world.people;
  const begin = async (browser: ReturnType<ThreatWorld['recordingBrowser']>) => {
    const started = await world.beginAs(browser, person);
    const phone = (await world.services.authenticators.of(await ada())).find(({ type }) => type === 'phone');
    return {
      ...started,
      page: await browser.visit(`/interaction/${started.uid}/options`, { form: { method: `call:${phone?.id}` } }),
    };
  };
  const honest = world.recordingBrowser();
  const { page } = await begin(honest);
  await pickUp(person, '#');
  await checkAgain(honest, page);
  await expectSignedIn(world, honest, person);
  await world.nextDay();

  const browser = world.recordingBrowser();
  const late = await begin(browser);
  await choose('phr');
  await pickUp(person, '#');
  await checkAgain(browser, late.page);
  await browser.visit(`/auth/${late.uid}`);
  expect(await world.outcome(browser, late.uid)).toEqual(noApproval);
});

test('A63 a session from before the choice does not satisfy it', async () => {
  await choose(undefined);
  const browser = world.recordingBrowser();
  const started = await world.beginAs(browser, world.people.ada);
  const page = await browser.visit(`/interaction/${started.uid}/options`, { form: { method: 'totp' } });
  await enterCode(browser, page, await world.people.ada.phone.code());
  const silently = async () => {
    const request = await world.rp.begin({ prompt: 'none' });
    return atClient(browser, await browser.visit(request.url)).searchParams;
  };
  expect((await silently()).has('code')).toBe(true);
  await choose('phr');
  expect((await silently()).get('error')).toBe('unmet_authentication_requirements');
});

test('A63 a recovery code still opens the account, for a session that stays open', async () => {
  await choose('phr');
  const [code = ''] = await world.services.recoveryCodes.renew((await ada()).id, { actor: 'cli' });
  const browser = world.recordingBrowser();
  const { uid, request } = await world.beginAs(browser, world.people.ada);
  const page = await browser.visit(`/interaction/${uid}/options`, { form: { method: 'recovery-code' } });
  const done = await enterCode(browser, page, code);
  expect((await request.redeem(atClient(browser, done))).claims()?.['acr']).toBe('aal2');
  expect((await ada()).minAcr).toBe('phr');
  const again = await world.rp.begin({ prompt: 'none' });
  const tokens = await again.redeem(atClient(browser, await browser.visit(again.url)));
  expect(tokens.claims()?.['acr']).toBe('aal2');
});

test('A63 the choice holds for a person with as many passkeys as one may have', async () => {
  await choose('phr');
  while ((await ada()).authenticators.length < 2 + maxPasskeys) await givePasskey(world, world.people.ada);
  const honest = world.recordingBrowser();
  await usePasskey(world, honest, (await world.begin(honest)).page, passkey.authenticator);
  await expectSignedIn(world, honest, world.people.ada);

  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, world.people.ada);
  expect(await world.challenge(uid)).toMatchObject({ factor: 'passkey', phase: 'pending' });
  expect((await browser.visit(`/interaction/${uid}/options`)).text).not.toMatch(/value="(?:call|totp)/);
  expect((await browser.go(`/interaction/${uid}/options`, { form: { method: 'totp' } })).status).toBe(403);
  await browser.go(`/interaction/${uid}/factor`, { form: { code: await world.people.ada.phone.code() } });
  expect(await world.outcome(browser, uid)).toEqual(noApproval);

  const [code = ''] = await world.services.recoveryCodes.renew((await ada()).id, { actor: 'cli' });
  const page = await browser.visit(`/interaction/${uid}/options`, { form: { method: 'recovery-code' } });
  await enterCode(browser, page, code);
  await expectSignedIn(world, browser, world.people.ada);
});
