/**
 * RFC 6819. The playground redeems codes of any client in its own process. An attacker leads somebody else into a try by a link, and
 * hopes to see their tokens, or to get their own shown in the other browser (§4.4.1.7, §4.4.1.8). Or they use its address
 * or its stand-in to get tokens of a client that is not theirs.
 * Guards: `src/oidc/playground/callback.ts#createCallbacks`, `src/oidc/playground/stand-in.ts#admitPlayground`,
 * `portals/playground/cookies.ts#createPlaygroundCookies`, `portals/playground/steps.ts#showResult`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCallbacks, flowLifetime } from '../../src/oidc/playground/callback.ts';
import { authorizationOf } from '../../src/oidc/playground/stand-in.ts';
import { loadSecrets } from '../../src/keys/rings.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { chosenRequest, sendLinkOf } from '../support/world/playground.ts';
import { enterPassword, openRelyingParty, signIn } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const verifier = 'v'.repeat(43);
/** The same request with a challenge to which this verifier belongs. */
const knownVerifier = async (link: URL, more: Readonly<Record<string, string>> = {}): Promise<URL> => {
  const changed = new URL(link);
  const hash = await crypto.subtle.digest('SHA-256', Buffer.from(verifier));
  const members = { ...more, code_challenge: Buffer.from(hash).toString('base64url') };
  for (const [name, value] of Object.entries(members)) changed.searchParams.set(name, value);
  return changed;
};
const shows = ({ text }: Answer): boolean => /access_token|linus@example\.com/.test(text);
const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/** What an answer leads to: `refused` for an address that the client does not accept. */
const endOf = (answer: Answer): string => (answer.text.includes('invalid_redirect_uri') ? 'refused' : heading(answer));

/** The last address before the answer is shown: a redirect with the code, not followed. */
const codeIn = async (browser: Browser, link: string): Promise<URL> => {
  let answer: Answer = await browser.go(link);
  for (let hop = 0; hop < 5; hop += 1) {
    const next = browser.next(answer);
    if (next === undefined) throw new Error(`still at "${heading(answer)}"`);
    if (next.pathname.startsWith('/playground/callback/')) return next;
    answer = await browser.go(next.href);
  }
  throw new Error('too many redirects');
};

describe('RFC 6819 the playground', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.addClient({ id: 'contoso-office' });
    await world.addClient({ id: 'fabrikam' });
  });
  afterEach(() => world.close());

  /** A browser in which linus has signed in already. */
  const signedIn = async (): Promise<Browser> => {
    const browser = world.browser();
    const client = { id: 'contoso-office', name: '', secret: 'secret of contoso-office' };
    const redirectUris = ['https://contoso-office.test/callback'];
    const rp = await openRelyingParty(world, { ...client, redirectUris, postLogoutRedirectUris: [] });
    await signIn(rp, browser, world.people.linus);
    return browser;
  };

  test.each([{}, { par: 'yes' }])(
    'RFC 6819 a link to a try is refused in any other browser, signed in or not: %j',
    async form => {
      const [attacker, twin] = [world.browser(), await signedIn()];
      const own = await twin.visit(sendLinkOf(await chosenRequest(twin, form)));
      expect([heading(own), shows(own)]).toEqual(['It worked', true]);

      const begunToo = await signedIn();
      await chosenRequest(begunToo, form);
      for (const victim of [world.browser(), await signedIn(), begunToo]) {
        const link = sendLinkOf(await chosenRequest(attacker, form));
        const refused = await victim.visit(link);
        expect(refused.status).toBe(400);
        expect(refused.text).toContain('invalid_redirect_uri');
        expect(shows(refused)).toBe(false);
      }
      // The browser that began it is not disturbed by the refusals.
      const still = await attacker.visit(sendLinkOf(await chosenRequest(attacker, form)));
      expect(heading(await enterPassword(attacker, still, world.people.linus))).toBe('It worked');
    },
  );

  test('RFC 6819 a code that arrives in another browser shows nothing there, and is ended', async () => {
    const [owner, other] = [await signedIn(), await signedIn()];
    const twin = await codeIn(owner, sendLinkOf(await chosenRequest(owner, {})));
    expect(heading(await owner.visit(twin.href))).toBe('It worked');

    const caught = await codeIn(owner, sendLinkOf(await chosenRequest(owner, {})));
    const elsewhere = await other.visit(caught.href);
    expect([elsewhere.status, heading(elsewhere), shows(elsewhere)]).toEqual([400, 'This try is over', false]);
    const back = await owner.visit(caught.href);
    expect([heading(back), shows(back)]).toEqual(['No tokens', false]);
  });

  test('RFC 6819 an answer of somebody else does not end a try of this browser (login CSRF)', async () => {
    const [victim, attacker] = [await signedIn(), await signedIn()];
    const begun = sendLinkOf(await chosenRequest(victim, {}));
    const planted = await codeIn(attacker, sendLinkOf(await chosenRequest(attacker, {})));
    const shown = await victim.visit(planted.href);
    expect([shown.status, shows(shown)]).toEqual([400, false]);

    // With the state of the victim's own try, which an attacker does not know, the address is still the wrong one.
    planted.searchParams.set('state', new URL(begun).searchParams.get('state') ?? '');
    expect((await victim.visit(planted.href)).status).toBe(400);
    expect(heading(await victim.visit(sendLinkOf(await chosenRequest(victim, {}))))).toBe('It worked');
  });

  test('RFC 6819 an address counts for its client alone, for a while, and cannot be made up', async () => {
    const browser = await signedIn();
    const link = new URL(sendLinkOf(await chosenRequest(browser, {})));
    const at = async (name = '', value = ''): Promise<string> => {
      const changed = new URL(link);
      if (name !== '') changed.searchParams.set(name, value);
      const answer = await browser.visit(changed.href);
      return endOf(answer);
    };
    expect(await at()).toBe('It worked');

    const address = link.searchParams.get('redirect_uri') ?? '';
    expect(await at('client_id', 'fabrikam')).toBe('refused');
    expect(await at('client_id', 'account')).toBe('refused');
    for (const made of [
      `${address}x`,
      `${address}.x`,
      address.replace(/callback\/\w+/, 'callback/zzzzzzzz'),
      `${world.issuer.origin}/playground/callback/zzzzzzzz.${'A'.repeat(43)}`,
      `${world.issuer.origin}/playground/callback/`,
      `${world.issuer.origin}/playground`,
      address.replace(world.issuer.origin, 'https://evil.example'),
    ]) {
      expect([made, await at('redirect_uri', made)]).toEqual([made, 'refused']);
    }
    world.clock.advance(flowLifetime);
    expect(await at()).toBe('refused');
  });

  test('RFC 6819 the stand-in of a client redeems no other code, and only our process knows its secret', async () => {
    const browser = await signedIn();
    const { hashKey } = await loadSecrets({ ...world.services, durable: world.store.durable, clock: world.clock });
    const link = new URL(sendLinkOf(await chosenRequest(browser, {})));
    const standIn = { clientId: 'contoso-office', redirectUri: link.searchParams.get('redirect_uri') ?? '' };
    const redeem = async (authorization: string, form: Readonly<Record<string, string>>) => {
      const headers = {
        authorization,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      };
      const body = new URLSearchParams(form).toString();
      const { status, text } = await world.browser().go('/token', { method: 'POST', headers, body });
      return { status, error: (JSON.parse(text) as { error?: string }).error };
    };

    // Its own code, with a verifier that is wrong: authenticated, and refused for the verifier.
    const code = (await codeIn(browser, link.href)).searchParams.get('code') ?? '';
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: standIn.redirectUri,
      code_verifier: 'w'.repeat(43),
    };
    const ours = authorizationOf(hashKey, standIn);
    expect(await redeem(ours, form)).toEqual({ status: 400, error: 'invalid_grant' });

    const id = Buffer.from(ours.replace('Basic ', ''), 'base64').toString().split(':')[0] ?? '';
    for (const secret of ['', 'secret of contoso-office', 'x'.repeat(43)]) {
      const refused = await redeem(basic(decodeURIComponent(id), secret), form);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(['invalid_client', 'invalid_request']).toContain(refused.error);
    }
    for (const other of [
      { ...standIn, clientId: 'account' },
      { ...standIn, clientId: 'unknown' },
    ]) {
      expect(await redeem(authorizationOf(hashKey, other), form)).toEqual({ status: 401, error: 'invalid_client' });
    }

    // A code of the real client with its verifier, and other grants.
    const address = 'https://contoso-office.test/callback';
    const began = await knownVerifier(link, { redirect_uri: address });
    const real = browser.next(await browser.visit(began.href))?.searchParams.get('code') ?? '';
    const taken = { ...form, code: real, redirect_uri: address, code_verifier: verifier };
    expect(await redeem(ours, taken)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await redeem(ours, { grant_type: 'refresh_token', refresh_token: 'x' })).toMatchObject({ status: 400 });
    expect(await redeem(basic('contoso-office', 'secret of contoso-office'), taken)).toMatchObject({ status: 200 });
  });

  test('RFC 6819 the real client gets no tokens for a code that went to the playground', async () => {
    const browser = await signedIn();
    const link = new URL(sendLinkOf(await chosenRequest(browser, {})));
    // A developer changes the challenge in the address, and so knows the verifier. They know the cookie of their browser too.
    const came = await codeIn(browser, (await knownVerifier(link)).href);
    const cookie = `sallyport-playground=${browser.jar.seen.findLast(({ name }) => name === 'sallyport-playground')?.value}`;
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: came.searchParams.get('code') ?? '',
      redirect_uri: link.searchParams.get('redirect_uri') ?? '',
      code_verifier: verifier,
    }).toString();
    const authorization = `Basic ${Buffer.from('contoso-office:secret%20of%20contoso-office').toString('base64')}`;
    const headers = {
      authorization,
      cookie,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const answer = await browser.go('/token', { method: 'POST', headers, body });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('invalid_grant')]);
  });

  test('RFC 6819 the id of a stand-in opens no sign-in, at whatever address (open redirect)', async () => {
    const browser = await signedIn();
    const link = new URL(sendLinkOf(await chosenRequest(browser, {})));
    const asked = async (client: string, address: string, more: Readonly<Record<string, string>> = {}) => {
      const changed = await knownVerifier(link, { client_id: client, redirect_uri: address, ...more });
      const answer = await browser.go(changed.href);
      return [answer.status, String(answer.headers['location']).split('?')[0]];
    };
    const registered = 'https://contoso-office.test/callback';
    expect(await asked('contoso-office', registered)).toEqual([303, registered]);

    for (const address of ['https://evil.example/callback', registered, `${world.issuer.origin}/playground`]) {
      const id = `playground:?${new URLSearchParams({ client: 'contoso-office', address }).toString()}`;
      for (const more of [{}, { prompt: 'none' }, { scope: 'unknown' }, { response_mode: 'form_post' }]) {
        expect([address, more, await asked(id, address, more)]).toEqual([address, more, [400, 'undefined']]);
      }
    }
  });

  test('RFC 6819 another site cannot begin a try', async () => {
    const form = { client: 'contoso-office', scope: 'openid' };
    const browser = world.browser();
    expect((await browser.go('/playground', { form })).status).toBe(200);
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const refused = await browser.go('/playground', { form, headers });
    expect([refused.status, refused.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

test('RFC 6819 production has no playground, and accepts none of its addresses', async () => {
  const world = await startWorld({
    wrap: resources => ({ ...resources, settings: { ...resources.settings, mode: 'production' } }),
  });
  await world.addClient({ id: 'contoso-office' });
  const { hashKey } = await loadSecrets({ ...world.services, durable: world.store.durable, clock: world.clock });
  const browser = world.browser();
  expect((await browser.go('/playground')).status).toBe(404);
  const callbacks = createCallbacks({ ...world, hashKey, pages: ['/playground'] });
  const query = new URLSearchParams({
    client_id: 'contoso-office',
    response_type: 'code',
    scope: 'openid',
    nonce: 'n',
    redirect_uri: callbacks.make('/playground', { clientId: 'contoso-office', browser: 'secret' }),
  });
  const refused = await browser.go(`/auth?${query.toString()}`, { headers: { cookie: 'sallyport-playground=secret' } });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('invalid_redirect_uri')]);
  await world.close();
});
