/** Tests what a browser and a client get when more sign-ins begin than the limits allow. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProver } from '../oidc/support/dpop.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import { writeClient } from '../support/world/clients.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const most = 5;
const operations = countOperations();
let world: World;
let rp: RelyingParty;
beforeEach(async () => {
  world = await startWorld({
    wrap: operations.wrap,
    env: {
      SALLYPORT_PROXY_HOPS: '1',
      SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: `${most}`,
      SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: `${most}`,
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterEach(() => world.close());

const at = (address: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { 'x-forwarded-for': address, ...more },
});
const flooded = '203.0.113.9';
/** Begins as many sign-ins as the flooded address may, each in another browser. */
const flood = async (): Promise<void> => {
  for (let each = 0; each < most; each += 1) {
    expect((await world.browser().go((await rp.begin()).url, at(flooded))).status).toBe(303);
  }
};
const begin = async (browser: Browser, how = at(flooded), wish = {}): Promise<Answer> =>
  browser.go((await rp.begin(wish)).url, how);

test('one sign-in beyond the limit gets 429, Retry-After and a page with the wait, in each language', async () => {
  await flood();
  world.clock.advance(23_000);
  const pages = [
    ['en', 'Too many sign-ins at once', '37 seconds</b>'],
    ['de', 'Zu viele Anmeldungen auf einmal', '37 Sekunden</b>'],
    ['fr', 'Trop de connexions à la fois', '37 secondes</b>'],
  ] as const;
  for (const [language, title, wait] of pages) {
    const refused = await begin(world.browser(), at(flooded, { 'accept-language': language }));
    expect([refused.status, refused.headers['retry-after'], heading(refused)]).toEqual([429, '37', title]);
    expect(refused.text.replaceAll('\u00A0', ' ')).toContain(wait);
    expect(refused.text).toContain('IDP-1004');
  }
  // The language of the request counts as on every page of a sign-in, and the same request can be tried again.
  const wish = await rp.begin({ ui_locales: 'fr' });
  const asked = await world.browser().go(wish.url, at(flooded));
  expect(heading(asked)).toBe('Trop de connexions à la fois');
  const { pathname, search } = new URL(wish.url);
  expect(asked.text).toContain(`href="${(pathname + search).replaceAll('&', '&amp;')}"`);
  const program = await begin(world.browser(), at(flooded, { accept: 'application/json' }));
  expect(JSON.parse(program.text)).toMatchObject({ error: 'too-many-sign-ins', label: 'IDP-1004' });
  world.clock.advance(37_000);
  expect((await begin(world.browser())).status).toBe(303);
});

/** True where the page of a refused sign-in offers the same request again. */
const offers = async (path: string): Promise<boolean> =>
  (await world.browser().go(path, at(flooded))).text.includes(`href="${path.replaceAll('&', '&amp;')}"`);

test('a request as long as its parameters may be is offered again, a longer one is not', async () => {
  await flood();
  const { url } = await rp.begin();
  const { pathname, search } = new URL(url);
  const padded = (length: number): string => `${pathname}${search}&x=`.padEnd(length, 'x');
  const longest = 8192 + '/auth?'.length;
  expect([await offers(padded(longest)), await offers(padded(longest + 1))]).toEqual([true, false]);
});

test('prompt=none, HEAD and other spellings of the address count too', async () => {
  const counted: readonly ((browser: Browser, url: string) => Promise<Answer>)[] = [
    (browser, url) => browser.go(`${url}&prompt=none`, at(flooded)),
    (browser, url) => browser.go(url, { ...at(flooded), method: 'HEAD' }),
    (browser, url) => browser.go(url.replace('/auth?', '/AUTH?'), at(flooded)),
    (browser, url) => browser.go(url.replace('/auth?', '/auth/?'), at(flooded)),
    (browser, url) => browser.go(url.replace('/auth?', '/Auth/?'), at(flooded)),
  ];
  const { url } = await rp.begin();
  for (const ask of counted) expect((await ask(world.browser(), url)).status).not.toBe(429);
  for (const ask of counted) expect((await ask(world.browser(), url)).status).toBe(429);
});

test('other addresses, and a known browser at the flooded one, go on', async () => {
  const known = world.browser();
  await signIn(rp, known, world.people.linus);
  world.clock.advance(60_000);
  await flood();
  expect((await begin(world.browser())).status).toBe(429);
  expect((await begin(world.browser(), at('198.51.100.1'))).status).toBe(303);
  for (let each = 0; each < most; each += 1) expect((await begin(known)).status).toBe(303);
  expect((await begin(known)).status).toBe(429);
});

test('one line of the log tells that an address reached its limit, however many requests follow', async () => {
  await flood();
  for (let each = 0; each < 10; each += 1) expect((await begin(world.browser())).status).toBe(429);
  const lines = world.logged.filter(({ event }) => event === 'sign-ins.refused');
  expect(lines).toEqual([expect.objectContaining({ level: 'warn' })]);
});

test('an address that reached its limit is not refused the pages of its running sign-ins', async () => {
  const browser = world.browser();
  const page = await browser.visit((await rp.begin()).url, at(flooded));
  for (let each = 1; each < most; each += 1) await begin(world.browser());
  expect((await begin(world.browser())).status).toBe(429);
  expect((await browser.go(page.path, at(flooded))).status).toBe(200);
});

test('pushed requests of a public client are limited by address, those of a client with a secret are not', async () => {
  const { secret: _none, ...open } = await world.addClient({ id: 'app' });
  await writeClient(world.services, open);
  const push = (id: string, headers: Readonly<Record<string, string>> = {}) =>
    world.browser().go('/request', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'x-forwarded-for': flooded,
        ...headers,
      },
      body: new URLSearchParams({
        client_id: id,
        response_type: 'code',
        redirect_uri: `https://${id}.test/callback`,
        scope: 'openid',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      }).toString(),
    });
  // Each proof of possession leaves a mark in the store (RFC 9449 §11.1).
  const prove = await createProver(world);
  const pushProven = async () => push(open.id, await prove('POST', '/request'));
  const statuses = [];
  for (let each = 0; each <= most; each += 1) statuses.push((await push(open.id)).status);
  expect(statuses).toEqual([...Array<number>(most).fill(201), 429]);
  const refused = await push(open.id);
  expect(refused.headers['retry-after']).toMatch(/^\d+$/);
  expect(JSON.parse(refused.text)).toMatchObject({ error: 'temporarily_unavailable' });
  operations.done.length = 0;
  expect((await pushProven()).status).toBe(429);
  expect(operations.done.filter(each => !each.startsWith('get '))).toEqual(['incrementMany begun-sign-ins']);
  world.clock.advance(60_000);
  expect((await pushProven()).status).toBe(201);
  expect(operations.done.filter(each => each.endsWith('begun-sign-ins'))).toHaveLength(3);
  const authorization = `Basic ${Buffer.from(`contoso:${encodeURIComponent('secret of contoso')}`).toString('base64')}`;
  for (let each = 0; each <= most; each += 1) expect((await push('contoso', { authorization })).status).toBe(201);
});
