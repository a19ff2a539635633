/**
 * A ported check of the plans for FAPI 2.0 (fapi2-security-profile-final-test-plan, private_key_jwt with DPoP, and mtls with mtls): their
 * happy paths, and what the profile must refuse, with the clients, private keys and certificates that the files of the plans have.
 */
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importJWK, type CryptoKey } from 'jose';
import * as oidc from 'openid-client';
import { newCertificate, type OwnCertificate } from '../../cli/dev/certification/certificate.ts';
import { fapiClients, idPrefix, mtlsClients } from '../../cli/dev/certification/clients.ts';
import { planFiles } from '../../cli/dev/certification/plans.ts';
import { certificatesByProxy, relaxed } from '../../cli/dev/certification/settings.ts';
import { newFapiKey, publicPart } from '../../cli/dev/certification/state.ts';
import { formTo, type Browser } from '../support/browser/plain.ts';
import { atClient } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let config: oidc.Configuration;
/** The second plan: its file, and a client with the certificate of that file. */
let file: MtlsFile;
let byCertificate: oidc.Configuration;
const redirectUri = 'https://suite.test/test/a/sallyport/callback';
beforeAll(async () => {
  world = await startWorld({ env: { ...relaxed, ...certificatesByProxy } });
  const keys = [await newFapiKey('fapi-1'), await newFapiKey('fapi-2')] as const;
  const clients = await world.services.clients();
  const address = { suite: 'https://suite.test', alias: 'sallyport' };
  for (const client of fapiClients(address, [publicPart(keys[0]), publicPart(keys[1])])) await clients.write(client);
  const certificates = [newCertificate('mtls-1'), newCertificate('mtls-2')] as const;
  for (const client of mtlsClients(address, certificates)) await clients.write(client);
  const facts = { ...address, issuer: 'https://op.test', name: 'linus', registrationToken: '' };
  const [fapiKeys, fapiCertificates]: [[Key, Key], [OwnCertificate, OwnCertificate]] = [[...keys], [...certificates]];
  const state = { password: '', sealingKey: '', secrets: {}, fapiKeys, fapiCertificates };
  file = planFiles({ ...facts, state })['fapi2-mtls'] as MtlsFile;
  const key = (await importJWK(keys[0], 'ES256')) as CryptoKey;
  // The audience of its assertions is the issuer, as FAPI 2.0 §5.3.2.1 demands.
  const proof = oidc.PrivateKeyJwt({ key, kid: 'fapi-1' });
  // oxlint-disable-next-line typescript/no-deprecated -- plain http over loopback
  const execute = [oidc.allowInsecureRequests];
  config = await oidc.discovery(world.issuer, `${idPrefix}fapi-1`, undefined, proof, { execute });
  byCertificate = await oidc.discovery(world.issuer, file.client.client_id, undefined, oidc.TlsClientAuth(), {
    execute,
    [oidc.customFetch]: withCertificate(file.mtls),
  });
});
afterAll(() => world.close());

type Key = Awaited<ReturnType<typeof newFapiKey>>;
interface MtlsFile {
  readonly client: { readonly client_id: string };
  readonly mtls: { readonly cert: string; readonly key: string };
  readonly mtls2: { readonly cert: string; readonly key: string };
}

/** Sends a certificate as the proxy does that has verified its key. */
const withCertificate =
  ({ cert }: MtlsFile['mtls']) =>
  (at: string, { headers, ...options }: object & Pick<oidc.CustomFetchOptions, 'headers'>): Promise<Response> =>
    fetch(at, { ...options, headers: { ...headers, 'x-client-certificate': encodeURIComponent(cert) } });

/** Signs the person in by the pages, from the address of a pushed request. */
const signIn = async (browser: Browser, url: URL): Promise<URL> => {
  const { linus } = world.people;
  const first = await browser.visit(url.href);
  const form = { name: linus.name, password: linus.password };
  let page = await browser.visit(formTo(first, /\/password$/).action, { form });
  // A client that the person has allowed before gets its code without a page.
  if (page.text.includes('/consent"')) {
    page = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
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

  test('fapi2-security-profile-final-happy-flow, mtls: a client proves itself by its certificate, and its token works with it alone', async () => {
    const { cert, key } = file.mtls;
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
    const verifier = oidc.randomPKCECodeVerifier();
    const request = await parameters(verifier);
    const url = await oidc.buildAuthorizationUrlWithPAR(byCertificate, request);
    const callback = await signIn(world.browser(), url);
    const checks = { pkceCodeVerifier: verifier, expectedState: request.state, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(byCertificate, callback, checks);
    const sub = tokens.claims()?.sub ?? '';
    expect((await oidc.fetchUserInfo(byCertificate, tokens.access_token, sub)).sub).toBe(sub);
    const askWith = async (certificate?: MtlsFile['mtls']): Promise<number> => {
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      const send = certificate === undefined ? fetch : withCertificate(certificate);
      return (await send(new URL('/me', world.issuer).href, { headers })).status;
    };
    expect([await askWith(file.mtls), await askWith(file.mtls2), await askWith()]).toEqual([200, 401, 401]);
  });

  test('fapi2-security-profile-final-ensure-holder-of-key-required, mtls: no token without the certificate, or for another one', async () => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = await oidc.buildAuthorizationUrlWithPAR(byCertificate, await parameters(verifier));
    const code = (await signIn(world.browser(), url)).searchParams.get('code') ?? '';
    const redeem = async (certificate?: MtlsFile['mtls']): Promise<unknown> => {
      const send = certificate === undefined ? fetch : withCertificate(certificate);
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
      const options = {
        method: 'POST',
        headers: {},
        body: new URLSearchParams({ ...form, client_id: file.client.client_id }),
      };
      return (await send(new URL('/token', world.issuer).href, options)).json();
    };
    const refused = expect.objectContaining({ error: 'invalid_client' });
    expect([await redeem(), await redeem(file.mtls2)]).toEqual([refused, refused]);
    expect(await redeem(file.mtls)).toHaveProperty('access_token');
  });
});
