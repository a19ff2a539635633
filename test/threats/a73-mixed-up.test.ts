/**
 * A73. A client works with two servers, and an attacker runs one of them or confuses which one the client asked. The client brings the code
 * of the honest server to the attacker (RFC 9700 §4.4). It can only tell where each answer says from whom it comes.
 * Guards: `src/oidc/pages.ts#ownForms` for answers that a form of ours posts; oidc-provider adds `iss` to each answer (RFC 9207).
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import type { OutboundRequest } from '../../src/http/outbound.ts';
import { authorize, authorizePushed, push, redeem, signedIn } from '../oidc/support/flows.ts';
import { Browser, send, type Stop } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

const sent: string[] = [];
const bodyOf = (request?: OutboundRequest): string =>
  request?.body instanceof URLSearchParams ? request.body.toString() : '';
let world: World;
let rp: Rp;
beforeEach(async () => {
  sent.length = 0;
  world = await openWorld({
    outbound: async (_address, request) => (sent.push(bodyOf(request)), new Response(null, { status: 200 })),
  });
  rp = await world.addClient({ client_id: 'contoso', backchannel_logout_uri: 'https://contoso.test/logout' });
  await world.addUser('ada');
});
afterEach(() => world.close());

/** What the client gets, by whichever way. */
const received = ({ at, url, answer }: Stop): Readonly<Record<string, unknown>> => {
  const fields = [...answer.text.matchAll(/<input name="([^"]*)" value="([^"]*)">/g)];
  const plain =
    at === 'client'
      ? Object.fromEntries(new URLSearchParams(url.search || url.hash.slice(1)))
      : Object.fromEntries(fields.map(([, name = '', value]) => [name, value]));
  const { response } = plain;
  // A signed answer has all members inside (OpenID JARM §2.1).
  return response === undefined ? plain : decodeJwt(response);
};

const modes = ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'];

describe.each(modes)('A73 an answer with response_mode=%s', response_mode => {
  test('A73 that is a code names the issuer', async () => {
    const browser = new Browser(world);
    const asked = await authorize(browser, rp, { response_mode, state: 's' });
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    expect(received(done)).toMatchObject({ code: expect.any(String), state: 's', iss: world.issuer.origin });
  });

  test.each<[string, Record<string, string>, string]>([
    ['a person who is not signed in', { prompt: 'none' }, 'login_required'],
    ['a response type that is unknown', { response_type: 'pigeon' }, 'unsupported_response_type'],
    ['a wrong parameter', { max_age: '-1' }, 'invalid_request'],
    ['a request object', { request: 'x' }, 'invalid_request_object'],
    ['a request that was not pushed', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request_uri'],
  ])('A73 that is an error for %s names the issuer', async (_title, params, error) => {
    const stop = await authorize(new Browser(world), rp, { response_mode, state: 's', ...params });
    expect(received(stop)).toMatchObject({ error, state: 's', iss: world.issuer.origin });
  });

  test('A73 that is an error after the pages names the issuer, also for a pushed request', async () => {
    for (const begin of [
      async (browser: Browser) => authorize(browser, rp, { response_mode, state: 's' }),
      async (browser: Browser) => authorizePushed(browser, rp, await push(world, rp, { response_mode, state: 's' })),
    ]) {
      const browser = new Browser(world);
      const json = { error: 'access_denied', error_description: 'cancelled' };
      const done = await browser.open('POST', (await begin(browser)).url.pathname, { json });
      expect(received(done)).toMatchObject({ error: 'access_denied', state: 's', iss: world.issuer.origin });
    }
  });
});

test('A73 discovery announces it, and tokens and logout tokens name the issuer', async () => {
  const { text } = await send(world, 'GET', '/.well-known/openid-configuration');
  expect(JSON.parse(text)).toMatchObject({
    issuer: world.issuer.origin,
    authorization_response_iss_parameter_supported: true,
  });
  const browser = new Browser(world);
  const asked = await authorize(browser, rp);
  const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
  expect((await redeem(world, rp, { ...done, verifier: asked.verifier })).claims['iss']).toBe(world.issuer.origin);
  const client: unknown = await world.provider.Client.find(rp.id);
  await (client as { backchannelLogout(sub: string, sid: string): Promise<void> }).backchannelLogout('ada', 'sid');
  const logout = new URLSearchParams(sent[0]).get('logout_token') ?? '';
  expect(decodeJwt(logout)).toMatchObject({ iss: world.issuer.origin, aud: rp.id });
});

test('A73 a client believes the answer of this server, and neither one without its name nor one of another', async () => {
  const asked: string[] = [];
  const metadata = {
    issuer: world.issuer.origin,
    token_endpoint: `${world.issuer.origin}/token`,
    authorization_response_iss_parameter_supported: true,
  };
  const config = new oidc.Configuration(metadata, rp.id, rp.secret);
  // oxlint-disable-next-line typescript/no-deprecated -- plain http in a test
  oidc.allowInsecureRequests(config);
  config[oidc.customFetch] = async url => {
    asked.push(url);
    return new Response('{}', { status: 400 });
  };
  const bring = async (change: (at: URL) => void): Promise<number> => {
    asked.length = 0;
    const browser = new Browser(world);
    const started = await authorize(browser, rp);
    const { url } = await browser.open('POST', started.url.pathname, { json: signedIn(world, 'ada') });
    change(url);
    await oidc.authorizationCodeGrant(config, url, { pkceCodeVerifier: started.verifier }).catch(() => {});
    return asked.length;
  };
  expect(await bring(() => {})).toBe(1);
  expect(await bring(at => at.searchParams.delete('iss'))).toBe(0);
  expect(await bring(at => at.searchParams.set('iss', 'https://attacker.test'))).toBe(0);
});
