/**
 * RFC 8252 §8.6, with §8.5. Any program on a device can take the scheme, or a free port, of another one. It opens a browser in which
 * the person is signed in, and would get a code in silence. A secret that each copy of a program holds does not stop it.
 * Guards: `src/oidc/prompts/consent-prompt.ts#changeConsent` for codes in silence, `src/oidc/pkce.ts#isPkceRequired` for codes that were caught.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, redeem, signIn } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

const addresses = {
  scheme: 'com.example.app:/cb',
  loopback: 'http://127.0.0.1:49152/cb',
  claimed: 'https://native.test/cb',
};

describe('RFC 8252', () => {
  let world: World;
  let browser: Browser;
  beforeEach(async () => {
    world = await openWorld();
    browser = new Browser(world);
    await world.addUser('ada');
  });
  afterEach(() => world.close());

  const addProgram = async (redirectUri: string, more = {}): Promise<Rp> => ({
    ...(await world.addClient({
      client_id: 'native',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [redirectUri],
      ...more,
    })),
    redirectUri,
  });

  describe.each([true, false])('a program that is first-party: %s', firstParty => {
    test.each(['scheme', 'loopback'] as const)(
      'RFC 8252 a program whose %s another can take gets no code in silence, but after an answer of the person',
      async kind => {
        const program = await addProgram(addresses[kind], { first_party: firstParty });
        let first = await signIn(browser, program, 'ada');
        if (!firstParty)
          first = {
            ...(await browser.open('POST', first.url.pathname, { json: { consent: true } })),
            verifier: first.verifier,
          };
        expect((await redeem(world, program, first)).status).toBe(200);

        const silent = await authorize(browser, program);
        expect([silent.at, silent.params]).toEqual(['interaction', {}]);
        const none = await authorize(browser, program, { prompt: 'none' });
        expect(none.params).toMatchObject({ error: 'interaction_required' });
        expect(none.params).not.toHaveProperty('code');
        const allowed = await browser.open('POST', silent.url.pathname, { json: { consent: true } });
        expect((await redeem(world, program, { ...allowed, verifier: silent.verifier })).status).toBe(200);
      },
    );
  });

  test('RFC 8252 a program at an https address, and a page, need no second answer', async () => {
    for (const more of [{}, { client_id: 'page', application_type: 'web' as const }]) {
      const program = await addProgram(addresses.claimed, more);
      await signIn(browser, program, 'ada', 'sfa', { prompt: 'login' });
      expect((await authorize(browser, program)).params).toHaveProperty('code');
    }
  });

  test('RFC 8252 the secret of a program does not replace PKCE, nor does a nonce', async () => {
    const program = await addProgram(addresses.scheme, { token_endpoint_auth_method: 'client_secret_basic' });
    const none = { code_challenge: undefined, code_challenge_method: undefined, nonce: 'n' };
    const refused = await authorize(browser, program, none);
    expect(refused.params).toMatchObject({
      error: 'invalid_request',
      error_description: 'code_challenge is missing: a native client must send PKCE with S256',
    });
    expect((await redeem(world, program, await signIn(browser, program, 'ada'))).status).toBe(200);
    const loose = await world.clients.change('native', { set: { pkce: 'optional' } }, 'cli');
    expect(loose).toMatchObject({ ok: false, reason: 'invalid' });
  });
});
