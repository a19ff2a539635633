/**
 * Ported checks of the plan "Dynamic OP" (oidcc-dynamic-certification-test-plan): its modules of registration and redirect addresses. The
 * plan as a whole demands the implicit flow, which is not offered (docs/certification.md).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { heading } from '../support/browser/plain.ts';
import { registering, type Registering } from '../support/world/registering.ts';
import { atPage, openSuite, type Suite, type SuiteClient } from './support/suite.ts';

const callback = 'https://suite.test/test/a/sallyport/callback';
let suite: Suite;
let registration: Registering;
let token: string;
beforeAll(async () => {
  suite = await openSuite('https://suite.test', { SALLYPORT_REGISTRATION: 'tokens' });
  registration = registering(suite.world);
});
afterAll(() => suite.close());
beforeEach(async () => {
  await suite.world.nextDay();
  const wish = { policy: 'standard', uses: 10, expiresIn: 3_600_000 };
  token = await suite.world.services.registrationTokens.add(wish, 'cli');
});

const register = (metadata: object) => registration.post(token, { redirect_uris: [callback], ...metadata });
/** A client that must be registered. */
const registered = async (metadata: object = {}): Promise<SuiteClient> => {
  const { status, json } = await register(metadata);
  expect({ status, error: json.error_description }).toEqual({ status: 201, error: undefined });
  return { id: json.client_id, secret: json.client_secret ?? '', redirectUri: json.redirect_uris?.[0] ?? '' };
};
const browser = () => suite.world.browser();

describe('ported checks, Dynamic OP', () => {
  test('oidcc-server: a client that registered itself signs a person in', async () => {
    expect(suite.discovery['registration_endpoint']).toBe(`${suite.world.issuer.origin}/reg`);
    const client = await registered();
    expect((await suite.signIn(browser(), {}, { client })).claims.aud).toBe(client.id);
  });

  test('oidcc-idtoken-rs256: ID tokens are signed as the client has registered', async () => {
    const client = await registered({ id_token_signed_response_alg: 'RS256' });
    expect(decodeProtectedHeader((await suite.signIn(browser(), {}, { client })).rawIdToken).alg).toBe('RS256');
  });

  test('oidcc-ensure-redirect-uri-in-authorization-request: a request without an address gets a page', async () => {
    const client = await registered();
    const page = atPage(await suite.authorize(browser(), {}, { client, without: ['redirect_uri'] }));
    expect({ status: page.status, hasHeading: heading(page) !== '' }).toEqual({ status: 400, hasHeading: true });
  });

  test('oidcc-redirect-uri-query-ok: the query of a registered address comes back', async () => {
    const redirectUri = `${callback}?foo=bar`;
    const client = await registered({ redirect_uris: [redirectUri] });
    const outcome = await suite.authorize(browser(), {}, { client });
    expect('callback' in outcome ? outcome.callback.get('foo') : undefined).toBe('bar');
    expect('callback' in outcome && outcome.callback.has('code')).toBe(true);
  });

  test.each([
    ['oidcc-redirect-uri-query-mismatch', [`${callback}?foo=bar`], `${callback}?bar=foo`],
    ['oidcc-redirect-uri-query-added', [callback], `${callback}?foo=bar`],
  ])('%s: an address with another query gets a page', async (_module, redirect_uris, redirect_uri) => {
    const client = await registered({ redirect_uris });
    expect(atPage(await suite.authorize(browser(), { redirect_uri }, { client })).status).toBe(400);
  });

  test('oidcc-redirect-uri-regfrag: an address with a fragment cannot be registered', async () => {
    const { status, json } = await register({ redirect_uris: [`${callback}#foobar`] });
    expect({ status, error: json.error }).toEqual({
      status: 400,
      error: expect.stringMatching(/^invalid_(?:redirect_uri|client_metadata)$/),
    });
  });

  test('oidcc-refresh-token: a client that registered for it gets one', async () => {
    const client = await registered({ grant_types: ['authorization_code', 'refresh_token'] });
    const more = { scope: 'openid offline_access', prompt: 'consent' };
    const { answer } = await suite.signIn(browser(), more, { client });
    expect(await suite.refresh(String(answer.body['refresh_token']), client)).toMatchObject({ status: 200 });
  });

  test('a client without a token is not registered', async () => {
    const { status } = await registration.send('POST', '/reg', { body: { redirect_uris: [callback] } });
    expect(status).toBe(401);
  });
});
