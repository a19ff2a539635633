/** Tests that a browser cannot skip a step, plant a session or use a request twice, and when consent is asked again. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, authorizePushed, push, redeem, signedIn, signIn, userinfo } from './support/flows.ts';
import { Browser, type Stop } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada', { authenticators: ['a1'] });
});
afterEach(() => world.close());

const sessionCookie = ({ cookies }: Browser): string | undefined =>
  cookies.find(({ name }) => name === 'sallyport-session')?.value;
const resumeOf = ({ url }: Stop): string => url.pathname.replace('/interaction/', '/auth/');

describe('the resume address', () => {
  test('leads back to the question before the sign-in is done', async () => {
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    const again = await browser.open('GET', resumeOf(asked));
    expect([again.at, again.params]).toEqual(['interaction', {}]);
  });

  test('shows our error page in another browser or for a finished sign-in', async () => {
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    expect((await new Browser(world).open('GET', resumeOf(asked))).answer.status).toBe(400);
    await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    const back = await browser.open('GET', resumeOf(asked));
    expect([back.at, back.answer.status]).toEqual(['page', 400]);
    expect(back.answer.text).toContain('invalid_request');
  });

  test('of a step-up is refused after its session has signed out', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada', 'mfa');
    world.reaches.set('ada', 'aal2');
    const asked = await authorize(browser, rp, { acr_values: 'aal2' });
    await world.provider.Session.findByUid(
      (JSON.parse(asked.answer.text) as { session: { uid: string } }).session.uid,
    ).then(session => session?.destroy());
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'aal2') });
    expect([done.at, done.answer.status]).toEqual(['interaction', 400]);
  });
});

describe('the id of a session', () => {
  test('changes at sign-in and step-up, and the old one finds no session', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada', 'mfa');
    const before = browser.cookies;
    const first = sessionCookie(browser) ?? '';
    world.reaches.set('ada', 'aal2');
    const asked = await authorize(browser, rp, { acr_values: 'aal2' });
    await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'aal2') });
    expect(sessionCookie(browser)).not.toBe(first);
    expect(await world.provider.Session.find(first)).toBeUndefined();
    const thief = Object.assign(new Browser(world), { cookies: before });
    expect((await authorize(thief, rp, { prompt: 'none' })).params['error']).toBe('login_required');
  });

  test('is chosen by us, and a planted one is not used', async () => {
    const planted = 'planted-by-somebody-else';
    const browser = new Browser(world);
    browser.cookies = [{ name: 'sallyport-session', path: '/', value: planted }];
    await signIn(browser, rp, 'ada', 'mfa');
    expect(sessionCookie(browser)).not.toBe(planted);
    expect(await world.provider.Session.find(planted)).toBeUndefined();
  });
});

describe('a third-party client', () => {
  test('asks for consent once a session', async () => {
    const other = await world.addClient({ client_id: 'other', first_party: false });
    const browser = new Browser(world);
    const asked = await signIn(browser, other, 'ada', 'mfa');
    expect(JSON.parse(asked.answer.text)).toMatchObject({
      prompt: { name: 'consent', details: { missingOIDCScope: ['openid', 'profile'] } },
      session: { accountId: 'ada' },
    });
    const done = await browser.open('POST', asked.url.pathname, { json: { consent: true } });
    const got = await redeem(world, other, { ...done, verifier: asked.verifier });
    expect((await userinfo(world, got.access_token)).status).toBe(200);
    expect((await authorize(browser, other, { prompt: 'none' })).params['code']).toBeDefined();
    expect((await authorize(browser, other, { prompt: 'none', scope: 'openid email' })).params['error']).toBe(
      'consent_required',
    );
  });
});

describe('a pushed request', () => {
  test('is answered in its own sign-in, also if that takes long', async () => {
    const browser = new Browser(world);
    const asked = await authorizePushed(browser, rp, await push(world, rp));
    world.clock.advance(9 * 60_000);
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    expect(done.params['code']).toBeDefined();
  });

  test('must be used within a minute', async () => {
    const uri = await push(world, rp);
    world.clock.advance(61_000);
    expect((await authorizePushed(new Browser(world), rp, uri)).answer.text).toContain('invalid_request_uri');
  });
});
