/**
 * R15. Keys change while people sign in. At each point of a sign-in on two nodes the keys of tokens and of cookies are replaced: the
 * person goes on, the code is redeemed, and the tokens verify, also at a relying party with a cached JWKS. A key that others know is
 * replaced at once: what it signed is refused.
 * Guards: `src/keys/ring.ts#advanced`, `src/keys/ring.ts#published`, `src/keys/follow.ts#followKeys`,
 * `src/oidc/http/cookie-keys.ts#createCookieKeys`, `src/keys/rotation.ts#replaceAll`.
 */
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

let world: World;
let rp: RelyingParty;
/** Requests for the JWKS since the last test began. */
let fetches = 0;

const counted =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === '/jwks') fetches += 1;
    answer(request, response);
  };

beforeAll(async () => {
  const store = stores.find(({ name }) => name === 'sqlite') ?? stores[0];
  world = await startWorld({ ...(store !== undefined && { store }), nodes: 2, front: counted });
  rp = await openRelyingParty(
    world,
    await world.addClient({ id: 'contoso', secret: 'a secret of contoso that is long' }),
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  await follow();
  fetches = 0;
});

/** Lets so much time pass, in which every node follows the keys. */
const follow = async (time = 5 * second): Promise<void> => {
  for (const step of [time - 5 * second, 5 * second]) {
    if (step <= 0) continue;
    world.clock.advance(step);
    await world.clock.fired();
  }
};

const jwksOf = async (node: number): Promise<JSONWebKeySet> => {
  const { text } = await world.browser().visit('/jwks', { node });
  return JSON.parse(text) as JSONWebKeySet;
};
const kidsOf = async (node: number) => (await jwksOf(node)).keys.map(({ kid }) => kid);
const kidOf = (token = ''): string | undefined => decodeProtectedHeader(token).kid;
const signing = async () =>
  (await world.services.keys.list()).find(key => key.ring.alg === 'ES256' && key.state === 'current');

/** Publishes next keys of tokens and cookies, which begin to sign so much time later. */
const rotateIn = async (time: number): Promise<void> => {
  await world.services.keys.rotate('cli');
  await follow(24 * hour);
  // The cookie key has begun to sign meanwhile. Its next one begins together with the key of tokens.
  await world.services.keys.rotate('cli');
  await follow(minute - time);
};

/** What a relying party checks of an ID token, with these keys. */
const verify = (token: string | undefined, keys: Parameters<typeof jwtVerify>[1]) =>
  jwtVerify(token ?? '', keys, {
    issuer: world.issuer.origin,
    audience: 'contoso',
    currentDate: new Date(world.clock()),
  });

describe('R15 at each point of a sign-in on two nodes', () => {
  const points = [
    'nowhere',
    'before the password',
    'before the second step',
    'before the code is redeemed',
    'after the tokens',
  ] as const;

  test.each(points)('R15 keys that change %s break no sign-in, and the tokens verify', async point => {
    await rotateIn(30 * second);
    const before = await signing();
    const cached = createLocalJWKSet(await jwksOf(0));
    const at = async (here: (typeof points)[number]): Promise<void> => {
      if (here === point) await follow(30 * second);
    };
    const { noor } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    let page = await browser.visit(request.url, { node: 0 });
    await at('before the password');
    browser.node = 1;
    page = await enterPassword(browser, page, noor);
    await at('before the second step');
    browser.node = 0;
    const back = atClient(browser, await enterCode(browser, page, await noor.phone.code()));
    await at('before the code is redeemed');
    const tokens = await request.redeem(back);
    await at('after the tokens');

    // The cached keys were read before the change, and hold the key that was only published then.
    await verify(tokens.id_token, cached);
    const after = await signing();
    expect(after?.kid === before?.kid).toBe(point === 'nowhere');
    expect(kidOf(tokens.id_token)).toBe(point === 'after the tokens' ? before?.kid : after?.kid);
    expect((await fetchUserInfo(rp.config, tokens.access_token, noor.user.id)).sub).toBe(noor.user.id);
    const refreshed = await refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
    await verify(refreshed.id_token, cached);
    // The session of before still counts, on both nodes.
    for (const node of [0, 1]) {
      browser.node = node;
      const silent = await rp.begin({ prompt: 'none' });
      await silent.redeem(atClient(browser, await browser.visit(silent.url)));
    }
    for (const node of [0, 1]) expect((await kidsOf(node))[0]).toBe(after?.kid);
  });
});

test('R15 a relying party that caches the JWKS for a day fetches it for no unknown key', async () => {
  const keys = createRemoteJWKSet(new URL('/jwks', world.issuer), { cacheMaxAge: 24 * hour });
  const { noor } = world.people;
  await verify((await signIn(rp, world.browser(), noor)).id_token, keys);
  await world.services.keys.rotate('cli');
  const seen = new Set<string | undefined>();
  for (let day = 0; day < 3; day += 1) {
    await follow(12 * hour + 30 * minute);
    const { id_token: token } = await signIn(rp, world.browser(), noor);
    seen.add(kidOf(token));
    await verify(token, keys);
  }
  expect(seen.size).toBe(2);
  // At first, and where the day of the cache was over: each time it knew the key already, or fetched because of its age.
  expect(fetches).toBe(2);
});

test('R15 an ID token of the key of before still ends its session', async () => {
  await rotateIn(30 * second);
  const browser = world.browser();
  const { id_token: hint = '' } = await signIn(rp, browser, world.people.noor);
  await follow(30 * minute);
  expect(kidOf(hint)).not.toBe((await signing())?.kid);
  const query = new URLSearchParams({ id_token_hint: hint, client_id: 'contoso' }).toString();
  const question = await browser.visit(`/session/end?${query}`);
  const { action, hidden } = formTo(question, /\/confirm$/);
  expect(heading(await browser.visit(action, { form: { ...hidden, logout: 'yes' } }))).toBe('You’re signed out');
});

test('R15 a page that waits on the node keeps its event stream while keys change', async () => {
  await rotateIn(30 * second);
  const { ada } = world.people;
  const browser = world.browser();
  const request = await rp.begin();
  const page: Answer = await enterPassword(browser, await browser.visit(request.url), ada);
  const stream = browser.go(`/interaction/${uidOf(page)}/events`, { headers: { accept: 'text/event-stream' } });
  const before = await signing();
  await follow(30 * second);
  expect((await signing())?.kid).not.toBe(before?.kid);
  await pickUp(ada, '#');
  expect((await stream).text).toMatch(/^data: .*passed/mu);
  await request.redeem(atClient(browser, await checkAgain(browser, page)));
});

const isSignedIn = async (browser: Browser): Promise<boolean> => {
  const silent = await rp.begin({ prompt: 'none' });
  return atClient(browser, await browser.visit(silent.url)).searchParams.has('code');
};

describe('R15 keys that others know', () => {
  test('R15 end a sign-in that has begun with a page that offers to begin again, on each node', async () => {
    const { noor } = world.people;
    for (const node of [0, 1]) {
      const browser = world.browser();
      const page = await enterPassword(browser, await browser.visit((await rp.begin()).url, { node }), noor);
      await world.services.keys.replaceAll('cli');
      await follow(10 * second);
      for (const answer of [
        await enterCode(browser, page, await noor.phone.code()),
        await browser.visit(page.path),
        await browser.visit((await rp.begin({ prompt: 'none' })).url),
      ]) {
        expect(answer.status).toBeLessThan(500);
        expect(browser.next(answer)?.searchParams.has('code') ?? false).toBe(false);
      }
      world.clock.advance(minute);
      await signIn(rp, browser, noor);
    }
  });

  test('R15 are void within ten seconds on each node: tokens, cookies, and values that a thief signs', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const tokens = await signIn(rp, browser, noor);
    await verify(tokens.id_token, createLocalJWKSet(await jwksOf(0)));
    expect(await isSignedIn(browser)).toBe(true);

    await world.services.keys.replaceAll('cli');
    await follow(10 * second);
    for (const node of [0, 1]) {
      await expect(verify(tokens.id_token, createLocalJWKSet(await jwksOf(node)))).rejects.toThrow('no applicable key');
      browser.node = node;
      expect(await isSignedIn(browser)).toBe(false);
    }
    // People sign in again.
    world.clock.advance(minute);
    const again = await signIn(rp, browser, noor, { prompt: 'login' });
    await verify(again.id_token, createLocalJWKSet(await jwksOf(1)));
    expect((await world.audited('key.removed')).length).toBeGreaterThanOrEqual(3);
  });
});
