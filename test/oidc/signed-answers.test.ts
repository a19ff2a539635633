/** Tests answers that clients and APIs get as signed JWTs: of the authorization endpoint (JARM), and of introspection (RFC 9701). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { authorize, credentials, redeem, signedIn, signIn } from './support/flows.ts';
import { Browser, send, type Stop } from './support/http.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.addUser('ada');
});
afterEach(() => world.close());

/** The claims of a JWT of this server, and how it was signed. */
const verified = async (jwt: string) => {
  const keys = createLocalJWKSet(JSON.parse((await send(world, 'GET', '/jwks')).text) as JSONWebKeySet);
  return jwtVerify(jwt, keys, { currentDate: new Date(world.clock()) });
};
const responseIn = ({ url, answer, at }: Stop): string =>
  at === 'client'
    ? (new URLSearchParams(url.search || url.hash.slice(1)).get('response') ?? '')
    : (/name="response" value="([^"]*)"/.exec(answer.text)?.[1] ?? '');

describe.each([
  ['jwt', undefined, 'ES256'],
  ['query.jwt', 'RS256', 'RS256'],
  ['fragment.jwt', undefined, 'ES256'],
  ['form_post.jwt', undefined, 'ES256'],
] as const)('an answer by %s', (response_mode, authorization_signed_response_alg, alg) => {
  test(`is signed by ${alg}, for this client, for two minutes`, async () => {
    const rp = await world.addClient({
      client_id: 'contoso',
      ...(authorization_signed_response_alg && { authorization_signed_response_alg }),
    });
    const browser = new Browser(world);
    const asked = await authorize(browser, rp, { response_mode, state: 's' });
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    const { payload, protectedHeader } = await verified(responseIn(done));
    expect(protectedHeader.alg).toBe(alg);
    expect(payload).toMatchObject({ aud: rp.id, iss: world.issuer.origin, state: 's', code: expect.any(String) });
    expect(Number(payload.exp) * 1000 - world.clock()).toBeLessThanOrEqual(120_000);
    const code = { ...done, params: { code: String(payload['code']) }, verifier: asked.verifier };
    expect((await redeem(world, rp, code)).status).toBe(200);
  });
});

test.each(['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])(
  'an error by %s names its page inside of the signed answer alone, and a success names none',
  async response_mode => {
    const rp = await world.addClient({ client_id: 'contoso' });
    const browser = new Browser(world);
    const refused = await authorize(browser, rp, { response_mode, prompt: 'none', state: 's' });
    const { payload } = await verified(responseIn(refused));
    const told = { error: 'login_required', error_uri: 'http://idp.test/errors/IDP-4401' };
    expect(payload).toMatchObject({ ...told, aud: rp.id, iss: world.issuer.origin, state: 's' });
    expect(`${refused.url.href} ${refused.answer.text}`).not.toMatch(/error|IDP-4401/);
    const asked = await authorize(browser, rp, { response_mode });
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    expect((await verified(responseIn(done))).payload).not.toHaveProperty('error_uri');
  },
);

test('a form post with a signed answer may leave for the client alone', async () => {
  await world.close();
  world = await openWorld({ csp: "default-src 'none'; script-src 'self'; form-action 'self'" });
  await world.addUser('ada');
  const rp = await world.addClient({ client_id: 'contoso' });
  const stop = await authorize(new Browser(world), rp, { response_mode: 'form_post.jwt', prompt: 'none' });
  expect(responseIn(stop)).not.toBe('');
  expect(stop.answer.text).toContain('<form action="https://contoso.test/cb">');
  expect(stop.answer.headers['content-security-policy']).toContain("form-action 'self' https://contoso.test");
  expect(stop.answer.headers['content-security-policy']).not.toContain('sha256');
});

test('a client that is registered for signed answers gets no other', async () => {
  const rp = await world.addClient({ client_id: 'contoso', response_modes: ['query.jwt'] });
  const asked = await authorize(new Browser(world), rp, { response_mode: 'query.jwt' });
  expect(asked.at).toBe('interaction');
  expect((await authorize(new Browser(world), rp)).params).toMatchObject({ error: 'invalid_request' });
});

test('an API that asks for it gets introspection answers as a JWT for itself', async () => {
  const rp = await world.addClient({ client_id: 'contoso' });
  const { access_token: token = '' } = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
  const ask = async (accept: string) => {
    const headers = { ...credentials(rp), accept };
    return send(world, 'POST', '/token/introspection', { form: { token }, headers });
  };
  const answer = await ask('application/token-introspection+jwt');
  expect(answer.headers['content-type']).toContain('application/token-introspection+jwt');
  const { payload, protectedHeader } = await verified(answer.text);
  expect(protectedHeader).toMatchObject({ typ: 'token-introspection+jwt', alg: 'ES256' });
  expect(payload).toMatchObject({ aud: rp.id, iss: world.issuer.origin, token_introspection: { active: true } });
  expect(JSON.parse((await ask('application/json')).text)).toMatchObject({ active: true });
});
