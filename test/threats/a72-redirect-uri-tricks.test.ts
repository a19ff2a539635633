/**
 * A72. An attacker sends a person to the sign-in of a real client with a `redirect_uri` that is almost the registered one, and gets
 * the code (RFC 9700 §4.1, ASVS 10.4.1). Addresses are compared as text: thirty variants of a registered one, and an omitted
 * one, are refused with a page, never with a redirect, at every endpoint that takes one. A native client alone may have another
 * port, at the loopback address that it registered (RFC 8252 §7.3).
 * Guards: `src/oidc/configuration.ts#protocol` (`allowOmittingSingleRegisteredRedirectUri`),
 * `src/oidc/prompts/guard-prompt.ts#refuseRemovedAddress`, `src/oidc/clients/addresses.ts#addressProblem`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { trimmedAddress } from '../../src/oidc/clients/addresses.ts';
import { authorize, authorizePushed, push, signIn, tokens, tryPush } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

const registered = 'https://crm.test/app/cb';
const nativeUri = 'http://127.0.0.1/cb';

/** Each differs from the registered address in one trick. */
const variants: readonly (readonly [trick: string, uri: string])[] = [
  ['a slash at the end', 'https://crm.test/app/cb/'],
  ['a path below', 'https://crm.test/app/cb/evil'],
  ['a path above', 'https://crm.test/app'],
  ['dot segments that lead back', 'https://crm.test/app/x/../cb'],
  ['dot segments that lead away', 'https://crm.test/app/cb/../../evil'],
  ['encoded dot segments', 'https://crm.test/app/cb/%2e%2e/evil'],
  ['a dot segment', 'https://crm.test/app/./cb'],
  ['an encoded slash', 'https://crm.test/app%2fcb'],
  ['a backslash for a slash', 'https://crm.test\\app\\cb'],
  ['a doubled slash', 'https://crm.test//app/cb'],
  ['an encoded letter', 'https://crm.test/app/%63b'],
  ['another case of the path', 'https://crm.test/App/cb'],
  ['another case of the host', 'https://CRM.test/app/cb'],
  ['another case of the scheme', 'HTTPS://crm.test/app/cb'],
  ['the default port', 'https://crm.test:443/app/cb'],
  ['another port', 'https://crm.test:8443/app/cb'],
  ['no TLS', 'http://crm.test/app/cb'],
  ['a fragment', 'https://crm.test/app/cb#x'],
  ['an empty fragment', 'https://crm.test/app/cb#'],
  ['an added query', 'https://crm.test/app/cb?x=1'],
  ['an empty query', 'https://crm.test/app/cb?'],
  ['a user name', 'https://user@crm.test/app/cb'],
  ['our host as the user name', 'https://crm.test@evil.test/app/cb'],
  ['our host as the beginning', 'https://crm.test.evil.test/app/cb'],
  ['our host as the end', 'https://evil-crm.test/app/cb'],
  ['a dot behind the host', 'https://crm.test./app/cb'],
  ['a look-alike host', 'https://crm\u2024test/app/cb'],
  ['a space behind it', `${registered} `],
  ['a line feed behind it', `${registered}\n`],
  ['a NUL behind it', `${registered}\u0000`],
  ['a second address behind it', `${registered} https://evil.test/`],
  ['script', 'javascript:alert(1)//https://crm.test/app/cb'],
];
/** Variants of the loopback address of a native client. Only its port may differ. */
const nativeVariants: readonly (readonly [trick: string, uri: string])[] = [
  ['a name for the address', 'http://localhost:4000/cb'],
  ['the address of IPv6', 'http://[::1]:4000/cb'],
  ['another address of this machine', 'http://127.0.0.2:4000/cb'],
  ['a short form', 'http://127.1:4000/cb'],
  ['a number', 'http://2130706433:4000/cb'],
  ['a name that begins so', 'http://127.0.0.1.evil.test:4000/cb'],
  ['a user name that looks so', 'http://127.0.0.1:4000@evil.test/cb'],
  ['another path', 'http://127.0.0.1:4000/cb/evil'],
  ['TLS', 'https://127.0.0.1:4000/cb'],
  ['an added query', 'http://127.0.0.1:4000/cb?x=1'],
];

let world: World;
let web: Rp;
let native: Rp;
beforeEach(async () => {
  world = await openWorld();
  await world.addUser('ada');
  web = { ...(await world.addClient({ client_id: 'crm', redirect_uris: [registered] })), redirectUri: registered };
  const added = await world.addClient({
    client_id: 'tool',
    redirect_uris: [nativeUri],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  });
  native = { ...added, redirectUri: nativeUri };
});
afterEach(() => world.close());

/** Sends a request by GET and by POST, to a browser in which ada is signed in at the client, so that no page stands between. */
const signedInBrowser = async (rp: Rp): Promise<Browser> => {
  const browser = new Browser(world);
  const done = await signIn(browser, rp, 'ada');
  expect(done.params['code']).toBeDefined();
  return browser;
};
const refusedWithPage = { status: 400, location: undefined, hasCode: false, isPage: true };
const asked = async (browser: Browser, rp: Rp, more: Readonly<Record<string, string | undefined>>) => {
  const outcomes: (typeof refusedWithPage)[] = [];
  for (const mode of [undefined, 'query', 'fragment', 'form_post']) {
    for (const prompt of [undefined, 'none']) {
      const { answer } = await authorize(browser, rp, { response_mode: mode, prompt, ...more });
      outcomes.push({
        status: answer.status,
        location: answer.headers['location'] as undefined,
        hasCode: /code=|name="code"|<form/.test(answer.text),
        isPage: answer.text.includes('invalid_re'),
      });
    }
  }
  return outcomes;
};

describe('A72 addresses that are not the registered one', () => {
  test('A72 the registered address gets a code, and a native client at any port', async () => {
    await signedInBrowser(web);
    for (const port of ['', ':1024', ':65535']) {
      const uri = `http://127.0.0.1${port}/cb`;
      const done = await signIn(new Browser(world), { ...native, redirectUri: uri }, 'ada');
      expect(done.url.href.startsWith(`${uri}?code=`)).toBe(true);
    }
  });

  test('A72 thirty variants get a page and no redirect, in every response mode, for a person who is signed in', async () => {
    expect(variants.length).toBeGreaterThanOrEqual(30);
    const browser = await signedInBrowser(web);
    const wrong: unknown[] = [];
    for (const [trick, uri] of variants) {
      for (const outcome of await asked(browser, web, { redirect_uri: uri })) {
        if (JSON.stringify(outcome) !== JSON.stringify(refusedWithPage)) wrong.push([trick, outcome]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('A72 variants of a loopback address get a page, and no redirect', async () => {
    const browser = await signedInBrowser(native);
    const wrong: unknown[] = [];
    for (const [trick, uri] of nativeVariants) {
      for (const outcome of await asked(browser, native, { redirect_uri: uri })) {
        if (JSON.stringify(outcome) !== JSON.stringify(refusedWithPage)) wrong.push([trick, outcome]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('A72 an omitted or doubled address is refused, also where one alone is registered', async () => {
    const browser = await signedInBrowser(web);
    for (const uri of [undefined, '']) {
      expect(new Set((await asked(browser, web, { redirect_uri: uri })).map(each => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify(refusedWithPage)]),
      );
    }
    const { answer, params } = await authorize(browser, web, { redirect_uri: [registered, 'https://evil.test/'] });
    expect([answer.status, params['code'], answer.headers['location']]).toEqual([400, undefined, undefined]);
  });

  test('A72 a pushed request is refused before it has an address, and one that was pushed keeps its own', async () => {
    const browser = await signedInBrowser(web);
    const uri = await push(world, web);
    for (const [, other] of variants) expect((await tryPush(world, web, { redirect_uri: other })).status).toBe(400);
    const query = new URLSearchParams({ client_id: 'crm', request_uri: uri, redirect_uri: 'https://evil.test/' });
    const { url } = await browser.open('GET', `/auth?${query.toString()}`);
    expect(url.href.startsWith('https://evil.test')).toBe(false);
    const kept = await authorizePushed(new Browser(world), web, await push(world, web));
    expect(kept.at).toBe('interaction');
  });

  test('A72 the token endpoint wants the address of the request, and the code stays good for its client', async () => {
    const { params, verifier } = await signIn(new Browser(world), web, 'ada');
    const form = { grant_type: 'authorization_code', code: params['code'] ?? '', code_verifier: verifier };
    for (const [trick, uri] of [...variants, ['none', ''] as const]) {
      expect([trick, (await tokens(world, web, { ...form, redirect_uri: uri })).access_token]).toEqual([
        trick,
        undefined,
      ]);
    }
    expect((await tokens(world, web, { ...form, redirect_uri: registered })).access_token).toEqual(expect.any(String));
  });

  test('A72 no variant can be registered beside the real address by a spelling that browsers would change', async () => {
    const { clients } = world;
    // White space at the ends comes from a clipboard, and is cut off.
    const spelt = variants.filter(
      ([, uri]) =>
        trimmedAddress(uri) !== registered && URL.canParse(uri) && new URL(uri).href !== uri && !uri.includes('#'),
    );
    expect(spelt.length).toBeGreaterThan(5);
    for (const [trick, uri] of spelt) {
      const added = await clients.add({ redirect_uris: [uri], client_id: 'other' }, 'cli');
      expect([trick, added.ok]).toEqual([trick, false]);
    }
  });
});

test('A72 an error of a request whose address is not registered goes to a page, never to that address', async () => {
  const browser = await signedInBrowser(web);
  const faults = [
    { response_type: 'token' },
    { scope: 'openid openid2', prompt: 'none login' },
    { code_challenge_method: 'plain' },
    { claims: '[' },
    { max_age: 'x' },
    { request: 'x' },
    { acr_values: 'none-of-ours', claims: '{"id_token":{"acr":{"essential":true,"value":"x"}}}' },
  ];
  for (const fault of faults) {
    const honest = await authorize(browser, web, fault);
    expect([fault, honest.url.origin]).toEqual([fault, 'https://crm.test']);
    const { answer } = await authorize(browser, web, { ...fault, redirect_uri: 'https://evil.test/cb' });
    expect([fault, answer.status, answer.headers['location']]).toEqual([fault, 400, undefined]);
  }
});
