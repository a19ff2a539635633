/**
 * A63, A64, A65. Somebody with the password looks for a way around the second step that policy or the person demand: a weaker
 * method than the client asked for, posted directly (ASVS 6.3.4); an installation in which a second step is optional, or was
 * when the session began (Zitadel CVE-2025-64103, Kratos CVE-2024-45042); a header that claims to come from an inner network
 * (Keycloak CVE-2026-96445). The server decides from the account, the request and its own records alone.
 * Guards: `interactions/required-level.ts#methodsFor`; `src/mfa/assurance.ts#minimumFor`; `src/oidc/prompts/mfa-prompt.ts#isProven`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { resetSimulator } from '../../simulator/person.ts';
import { atClient, checkAgain, enterCode, pickUp, signIn } from '../support/world/relying-party.ts';
import { heading } from '../support/browser/plain.ts';
import { expectSignedIn, noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(25 * 3_600_000);
  await resetSimulator(world.simulator);
});

const strong = { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'aal2' } } }) };

test('A63 a method below the level of the request is neither offered nor started, whatever is posted', async () => {
  const { ada } = world.people;
  const honest = world.recordingBrowser();
  const { page } = await world.beginAs(honest, ada, strong);
  await enterCode(honest, page, await ada.phone.code());
  await expectSignedIn(world, honest, ada);

  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, ada, strong);
  const phone = (await world.services.authenticators.of(ada.user)).find(({ type }) => type === 'phone');
  const before = (await world.audited('message.sent')).length;
  const picker = await browser.visit(`/interaction/${uid}/options`);
  expect(picker.text).not.toContain('value="call:');
  for (const method of [`call:${phone?.id}`, `sms:${phone?.id}`, 'call', 'recovery-code', 'temporary-access-pass']) {
    expect((await browser.go(`/interaction/${uid}/options`, { form: { method } })).status).toBe(403);
  }
  expect(await world.challenge(uid)).toMatchObject({ factor: 'totp', phase: 'pending' });
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
  expect(await world.audited('message.sent')).toHaveLength(before);
});

test('A64 a person with a method is asked for it where nothing else demands a second step', async () => {
  const { grace } = world.people;
  const honest = world.recordingBrowser();
  const { page } = await world.beginAs(honest, grace);
  await pickUp(grace, '#');
  await checkAgain(honest, page);
  await expectSignedIn(world, honest, grace);

  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, grace);
  for (const step of ['/factor', '/enroll/skip', '/switch', '/account', '/consent']) {
    await browser.visit(`/interaction/${uid}${step}`, { form: {} });
  }
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
});

test('A64 a session from before a client demanded a second step does not satisfy it', async () => {
  const { linus } = world.people;
  const browser = world.recordingBrowser();
  const tokens = await signIn(world.rp, browser, linus);
  expect(tokens.claims()?.['acr']).toBe('sfa');
  const silently = await world.rp.begin({ prompt: 'none' });
  expect((await silently.redeem(atClient(browser, await browser.visit(silently.url)))).claims()?.['acr']).toBe('sfa');

  const clients = await world.services.clients();
  const changed = await clients.change('contoso', { set: { min_acr: 'mfa' } }, 'cli');
  expect(changed).toMatchObject({ ok: true });
  try {
    const again = await world.rp.begin({ prompt: 'none' });
    const error = atClient(browser, await browser.visit(again.url)).searchParams.get('error');
    expect(error).toBe('unmet_authentication_requirements');
    const asked = await world.rp.begin();
    expect(heading(await browser.visit(asked.url))).toBe('Sign in to Contoso Office');
  } finally {
    await clients.change('contoso', { unset: ['min_acr'] }, 'cli');
  }
});

const claims: readonly Readonly<Record<string, string>>[] = [
  { 'x-forwarded-for': '10.0.0.1, 127.0.0.1' },
  { 'x-real-ip': '127.0.0.1' },
  { forwarded: 'for=127.0.0.1;proto=https' },
  { 'x-debug': '1' },
  { 'x-skip-otp': 'true' },
  { 'x-ms-proxy': 'true', 'x-forwarded-user': 'grace', 'remote-user': 'grace' },
];

test.each(claims)('A65 no header of an untrusted sender spares a second step: %j', async headers => {
  const { grace } = world.people;
  const honest = world.recordingBrowser();
  const started = await world.beginAs(honest, grace);
  await pickUp(grace, '#');
  await checkAgain(honest, started.page);
  await expectSignedIn(world, honest, grace);
  world.clock.advance(3_600_000);

  const browser = world.recordingBrowser();
  const { uid } = await world.begin(browser);
  const form = { name: grace.name, password: grace.password };
  await browser.visit(`/interaction/${uid}/password`, { form, headers });
  expect(await world.challenge(uid)).toMatchObject({ factor: 'call' });
  await browser.visit(`/interaction/${uid}/factor`, { form: {}, headers });
  await browser.visit(`/auth/${uid}`, { headers });
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
});
