/** Tests how a person connects a device (RFC 8628): the pages, the answers to the device, and the tokens. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writtenAfter } from '../../src/oidc/developers/client-notes.ts';
import { formTo, heading, type Browser } from '../support/browser/plain.ts';
import {
  addDeviceClient,
  answer,
  ask,
  askForCodes,
  connectDevice,
  poll,
  pollAtOnce,
  typeCode,
} from '../support/world/device.ts';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld();
  await addDeviceClient(world, 'contoso');
  await addDeviceClient(world, 'guest', { first_party: false });
  await addDeviceClient(world, 'strict', { min_acr: 'phr' });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});
const userinfo = async (token: unknown) =>
  (await fetch(new URL('/me', world.issuer), { headers: { authorization: `Bearer ${String(token)}` } })).json();

test('a device gets tokens once a person has typed its code, confirmed it and signed in with a second step', async () => {
  const { noor } = world.people;
  const codes = await askForCodes(world, 'contoso');
  expect(codes).toMatchObject({
    user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
    verification_uri: `${world.issuer.origin}/device`,
    verification_uri_complete: `${world.issuer.origin}/device?user_code=${codes.user_code}`,
    expires_in: 600,
    interval: 5,
  });
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });

  const question = await typeCode(browser, codes.user_code);
  expect([question.status, heading(question)]).toEqual([200, 'Connect contoso TV?']);
  expect(question.text).toContain(codes.user_code);
  expect(question.text).toMatch(/<bdi dir="ltr">127\.0\.0\.1<\/bdi> <span>\(the same network as you\)/);
  expect(question.text).toContain('<code>contoso-tv/1.2</code>');
  expect(question.text).toContain('Did somebody send you this code or a link?');
  const password = await answer(browser, question, 'allow');
  expect(heading(password)).toBe('Sign in to contoso TV');
  const second = await enterPassword(browser, password, noor);
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });
  const end = await enterCode(browser, second, await noor.phone.code());
  expect([end.status, heading(end)]).toEqual([200, 'Device connected']);

  const got = await poll(world, 'contoso', codes);
  expect(got).toMatchObject({ token_type: 'Bearer', scope: 'openid profile' });
  expect(got).toHaveProperty('refresh_token');
  const claims = JSON.parse(Buffer.from(String(got['id_token']).split('.')[1] ?? '', 'base64url').toString()) as object;
  expect(claims).toMatchObject({ sub: noor.user.id, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'], aud: 'contoso' });
  expect(await userinfo(got['access_token'])).toMatchObject({ sub: noor.user.id });
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'invalid_grant' });
  expect(await userinfo(got['access_token'])).toMatchObject({ error: 'invalid_token' });
  expect((await world.audited('device.confirmed')).at(-1)).toMatchObject({
    facts: { client: 'contoso' },
    outcome: 'success',
  });
  expect((await world.audited('sign-in.finished')).at(-1)).toMatchObject({
    subject: noor.user.id,
    facts: { client: 'contoso' },
  });
});

test('the developers of the client learn why a second step was asked for, or why the device was not connected', async () => {
  const { noor } = world.people;
  const codes = await askForCodes(world, 'strict');
  const password = await answer(browser, await typeCode(browser, codes.user_code), 'allow');
  const unmet = await enterPassword(browser, password, noor);
  const end = await browser.visit(formTo(unmet, /\/cancel$/).action, { form: {} });
  expect(end.status).toBe(400);
  expect(await poll(world, 'strict', codes)).toMatchObject({ error: 'unmet_authentication_requirements' });
  expect((await world.audited('sign-in.refused')).at(-1)).toMatchObject({
    subject: noor.user.id,
    facts: { client: 'strict', reason: 'unmet_authentication_requirements' },
  });
  await connectDevice(world.browser(), (await askForCodes(world, 'contoso')).user_code, noor);
  world.clock.advance(writtenAfter);
  await world.clock.fired();
  expect(await world.services.clientSignIns.of('strict')).toMatchObject([
    { flow: 'device', refused: 'unmet_authentication_requirements', required: 'phr', decided: ['client'] },
  ]);
  const [connected] = await world.services.clientSignIns.of('contoso');
  expect(connected).toMatchObject({ flow: 'device', how: 'asked', factor: 'totp', decided: ['person'] });
  expect(JSON.stringify(connected)).not.toContain(noor.user.id);
});

test('a link only prefills the code; the button and the confirmation are still needed', async () => {
  const codes = await askForCodes(world, 'contoso');
  const page = await browser.go(codes.verification_uri_complete);
  expect(page.text).toContain(`value="${codes.user_code}"`);
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });
  const question = await browser.go(formTo(page, /^\/device$/).action, { form: { user_code: codes.user_code } });
  expect(heading(question)).toBe('Connect contoso TV?');
  const odd = await browser.go('/device?user_code=%22%3E%3Cb%3Eevil');
  expect([odd.status, odd.text.includes('evil')]).toEqual([200, false]);
});

test.each([
  ['small letters without a dash', (code: string) => code.toLowerCase().replace('-', '')],
  ['spaces', (code: string) => ` ${code.slice(0, 2)} ${code.slice(2)} `],
  [
    'full-width letters',
    (code: string) => code.replaceAll(/[A-Z]/g, each => String.fromCodePoint(each.charCodeAt(0) + 0xfee0)),
  ],
  ['another dash and an invisible character', (code: string) => `\u200b${code.replace('-', '–')}`],
])('a code typed with %s is understood', async (_title, written) => {
  const codes = await askForCodes(world, 'contoso');
  expect(heading(await typeCode(browser, written(codes.user_code)))).toBe('Connect contoso TV?');
});

test('a signed-in person is asked for the second step again', async () => {
  const { noor } = world.people;
  await connectDevice(browser, (await askForCodes(world, 'contoso')).user_code, noor);
  const codes = await askForCodes(world, 'contoso');
  const page = await answer(browser, await typeCode(browser, codes.user_code), 'allow');
  expect(page.text).not.toContain('name="password"');
  expect(page.text.replaceAll(/<[^>]*>/g, '')).toContain('After this, contoso TV on your device is connected');
  const asked = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });
  world.clock.advance(60_000);
  expect(heading(await enterCode(browser, asked, await noor.phone.code()))).toBe('Device connected');
  expect(await poll(world, 'contoso', codes)).toHaveProperty('access_token');
});

test('a third-party client asks for consent, and a refusal reaches the device', async () => {
  const { noor } = world.people;
  const codes = await askForCodes(world, 'guest', { scope: 'openid email' });
  const consent = await connectDevice(browser, codes.user_code, noor);
  expect(consent.text).toContain('See your e-mail address');
  const end = await browser.visit(formTo(consent, /\/consent$/).action, { form: { answer: 'deny' } });
  expect([end.status, heading(end)]).toEqual([200, 'Device not connected']);
  expect(await poll(world, 'guest', codes)).toMatchObject({ error: 'access_denied' });
  expect(await poll(world, 'guest', codes)).toMatchObject({ error: 'invalid_grant' });
  expect((await world.audited('sign-in.cancelled')).at(-1)).toMatchObject({
    subject: noor.user.id,
    facts: { client: 'guest' },
  });
});

test('cancelling at the confirmation or at the sign-in refuses the device', async () => {
  const denied = await askForCodes(world, 'contoso');
  expect(heading(await answer(browser, await typeCode(browser, denied.user_code), 'deny'))).toBe(
    'Device not connected',
  );
  expect(await poll(world, 'contoso', denied)).toMatchObject({ error: 'access_denied' });
  expect((await world.audited('device.denied')).at(-1)).toMatchObject({
    facts: { client: 'contoso' },
    outcome: 'refused',
  });

  const left = await askForCodes(world, 'contoso');
  const password = await answer(browser, await typeCode(browser, left.user_code), 'allow');
  const end = await browser.visit(formTo(password, /\/cancel$/).action, { form: {} });
  expect([end.status, heading(end)]).toEqual([200, 'Device not connected']);
  expect(await poll(world, 'contoso', left)).toMatchObject({ error: 'access_denied' });
});

test('a code that has expired says so to the person and to the device', async () => {
  const { noor } = world.people;
  const codes = await askForCodes(world, 'contoso');
  const open = await askForCodes(world, 'contoso');
  const password = await answer(browser, await typeCode(browser, open.user_code), 'allow');
  world.clock.advance(620_000);
  const typed = await typeCode(world.browser(), codes.user_code);
  expect([typed.status, heading(typed)]).toEqual([409, 'This code has expired']);
  expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'expired_token' });
  const late = await enterPassword(browser, password, noor);
  expect([late.status, heading(late)]).toEqual([400, 'Let’s start again']);
  expect(await poll(world, 'contoso', open)).toMatchObject({ error: 'expired_token' });
});

test('a second click on the confirmation continues the same sign-in, and so does Back', async () => {
  const codes = await askForCodes(world, 'contoso');
  const question = await typeCode(browser, codes.user_code);
  const first = await answer(browser, question, 'allow');
  expect((await answer(browser, question, 'allow')).path).toBe(first.path);
});

describe('a device', () => {
  test('that polls too often is told to slow down, and one that keeps the interval is not', async () => {
    const codes = await askForCodes(world, 'contoso');
    expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });
    expect(await pollAtOnce(world, 'contoso', codes)).toMatchObject({ error: 'slow_down' });
    expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'authorization_pending' });
    // Polls refuse nothing: neither log nor audit fills with them.
    expect(
      world.logged.filter(({ event, fields }) => event === 'grant.error' && JSON.stringify(fields).includes('pending')),
    ).toEqual([]);
  });

  test('of a client that is not registered for it is refused', async () => {
    await world.addClient({ id: 'web' });
    const authorization = `Basic ${Buffer.from('web:secret of web').toString('base64')}`;
    const { status, body } = await ask(world, 'web', {}, { authorization });
    expect([status, body['error']]).toEqual([400, 'unauthorized_client']);
  });
});

test('the pages speak the language of the person', async () => {
  const page = await browser.go('/device', { headers: { 'accept-language': 'fr' } });
  expect(heading(page)).toBe('Connecter un appareil');
  const chosen = await browser.visit('/language', { form: { language: 'de', back: '/device' } });
  expect([chosen.path, heading(chosen)]).toEqual(['/device', 'Gerät verbinden']);
});
