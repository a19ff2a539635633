/**
 * A ported check of the plan for FAPI 2.0 (fapi2-security-profile-final-test-plan, private_key_jwt and DPoP): its happy path, and what the
 * profile must refuse, with the clients and private keys that the plan's file has.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importJWK, type CryptoKey } from 'jose';
import * as oidc from 'openid-client';
import { fapiClients, idPrefix } from '../../cli/dev/certification/clients.ts';
import { relaxed } from '../../cli/dev/certification/settings.ts';
import { newFapiKey, publicPart } from '../../cli/dev/certification/state.ts';
import { formTo, type Browser } from '../support/browser/plain.ts';
import { atClient } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let config: oidc.Configuration;
const redirectUri = 'https://suite.test/test/a/sallyport/callback';
beforeAll(async () => {
  world = await startWorld({ env: relaxed });
  const keys = [await newFapiKey('fapi-1'), await newFapiKey('fapi-2')] as const;
  const clients = await world.services.clients();
  const address = { suite: 'https://suite.test', alias: 'sallyport' };
  for (const client of fapiClients(address, [publicPart(keys[0]), publicPart(keys[1])])) await clients.write(client);
  const key = (await importJWK(keys[0], 'ES256')) as CryptoKey;
  // The audience of its assertions is the issuer, as FAPI 2.0 §5.3.2.1 demands.
  const proof = oidc.PrivateKeyJwt({ key, kid: 'fapi-1' });
  // oxlint-disable-next-line typescript/no-deprecated -- plain http over loopback
  const execute = [oidc.allowInsecureRequests];
  config = await oidc.discovery(world.issuer, `${idPrefix}fapi-1`, undefined, proof, { execute });
});
afterAll(() => world.close());

/** Signs the person in by the pages, from the address of a pushed request. */
const signIn = async (browser: Browser, url: URL): Promise<URL> => {
  const { linus } = world.people;
  let page = await browser.visit(url.href);
  for (const [action, form] of [
    [/\/password$/, { name: linus.name, password: linus.password }],
    [/\/consent$/, { answer: 'allow' }],
  ] as const) {
    page = await browser.visit(formTo(page, action).action, { form });
  }
  return atClient(browser, page);
};

const parameters = async (verifier: string) => ({
  redirect_uri: redirectUri,
  scope: 'openid',
  state: randomUUID(),
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});

describe('ported checks, FAPI 2.0', () => {
  test('fapi2-security-profile-final-happy-flow: pushed request, proven key, and a token bound to a DPoP key', async () => {
    const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const verifier = oidc.randomPKCECodeVerifier();
    const request = await parameters(verifier);
    const url = await oidc.buildAuthorizationUrlWithPAR(config, request, { DPoP: dpop });
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
    const callback = await signIn(world.browser(), url);
    expect(callback.searchParams.get('iss')).toBe(world.issuer.origin);
    const checks = { pkceCodeVerifier: verifier, expectedState: request.state, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(config, callback, checks, undefined, { DPoP: dpop });
    expect(tokens.token_type).toBe('dpop');
    const sub = tokens.claims()?.sub ?? '';
    const told = await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP: dpop });
    expect(told.sub).toBe(sub);
    // Without the key the token is worth nothing (RFC 9449 §7.1).
    const bare = await fetch(new URL('/me', world.issuer), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(bare.status).toBe(401);
  });

  test('fapi2-security-profile-final-ensure-request-without-par-fails: a request in the address is refused', async () => {
    const url = oidc.buildAuthorizationUrl(config, await parameters(oidc.randomPKCECodeVerifier()));
    const browser = world.browser();
    const page = await browser.visit(url.href);
    expect(browser.next(page)?.searchParams.has('code') ?? false).toBe(false);
    expect(page.text).not.toContain('/password"');
  });

  test('fapi2-security-profile-final-par-ensure-pkce-required: a pushed request without PKCE is refused', async () => {
    const { code_challenge: _challenge, code_challenge_method: _method, ...rest } = await parameters('x'.repeat(43));
    await expect(oidc.buildAuthorizationUrlWithPAR(config, rest)).rejects.toMatchObject({ error: 'invalid_request' });
  });
});
