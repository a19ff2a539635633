/** Tests requests for one thing (RFC 9396): the person allows each, and nothing that they did not see reaches a token. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readDetailTypes } from '../../src/config/authorization-details.ts';
import {
  credentials,
  introspect,
  push,
  redeem,
  refresh,
  tokens,
  tryPush,
  authorize,
  signedIn,
} from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const file = `
payment:
  words: { en: Make a payment, de: Eine Zahlung veranlassen }
  members: [amount, payee]
reading: { words: { en: Read one file } }
`;
const api = 'https://bank.test/';
let world: World;
let rp: Rp;
let bank: Rp;
beforeEach(async () => {
  const read = readDetailTypes(file);
  if (!read.ok) throw new Error('the file is wrong');
  world = await openWorld({ detailTypes: read.value });
  rp = await world.addClient({ client_id: 'shop', authorization_details_types: ['payment', 'reading'] });
  await world.addUser('ada');
  bank = await world.addClient({ client_id: 'bank', resource: api, resource_scopes: ['pay'] });
});
afterEach(() => world.close());

const payment = { type: 'payment', amount: { value: '48.00', currency: 'EUR' }, payee: 'Contoso' };
/** The library wants each such request to name an API (RFC 8707). */
const asking = (...details: unknown[]) => ({ resource: api, authorization_details: JSON.stringify(details) });

/** Signs in, allows what is asked, and gives the end; `prompts`: what the person was asked. */
const allow = async (browser: Browser, params: Record<string, string>) => {
  const prompts: string[] = [];
  const asked = await authorize(browser, rp, params);
  let stop = { at: asked.at, url: asked.url, params: asked.params, answer: asked.answer };
  for (let step = 0; step < 4 && stop.at === 'interaction'; step += 1) {
    const page = await browser.open('GET', stop.url.pathname);
    const { name } = (JSON.parse(page.answer.text) as { prompt: { name: string } }).prompt;
    prompts.push(name);
    const json = name === 'consent' ? { consent: true } : signedIn(world, 'ada');
    stop = await browser.open('POST', stop.url.pathname, { json });
  }
  return { ...stop, verifier: asked.verifier, prompts };
};

test('each request is shown to the person, also for a first-party client and with a session', async () => {
  const browser = new Browser(world);
  expect((await allow(browser, asking(payment))).prompts).toEqual(['login', 'consent']);
  expect((await allow(browser, asking(payment))).prompts).toEqual(['consent']);
  expect((await authorize(browser, rp, { ...asking(payment), prompt: 'none' })).params).toMatchObject({
    error: 'consent_required',
  });
  expect((await allow(browser, {})).prompts).toEqual([]);
});

test('what was allowed is in the answer, in introspection and after a refresh, and in no other token', async () => {
  const browser = new Browser(world);
  const got = await redeem(world, rp, await allow(browser, asking(payment)));
  expect(got).toMatchObject({ status: 200, authorization_details: [payment] });
  expect(await introspect(world, bank, got.access_token)).toMatchObject({ authorization_details: [payment] });
  const next = await refresh(world, rp, got.refresh_token);
  expect(await introspect(world, bank, next.access_token)).toMatchObject({ authorization_details: [payment] });
  const plain = await redeem(world, rp, await allow(browser, {}));
  expect(plain).not.toHaveProperty('authorization_details');
  expect(await introspect(world, rp, plain.access_token)).not.toHaveProperty('authorization_details');
});

test('a token request may ask for a part of it, and for nothing else', async () => {
  const reading = { type: 'reading', identifier: 'file-1' };
  const browser = new Browser(world);
  const bring = async (details: unknown) =>
    redeem(
      world,
      rp,
      await allow(browser, asking(payment, reading)),
      0,
      {},
      {
        resource: api,
        authorization_details: JSON.stringify(details),
      },
    );
  expect(await bring([reading])).toMatchObject({ status: 200, authorization_details: [reading] });
  for (const more of [{ ...payment, payee: 'Mallory' }, { type: 'reading', identifier: 'file-2' }, { type: 'other' }]) {
    expect(await bring([more])).toMatchObject({ status: 400, error: 'invalid_authorization_details' });
  }
});

test('what is for another API is in no token of this one', async () => {
  const here = { ...payment, locations: [api] };
  const elsewhere = { ...payment, locations: ['https://other.test/'] };
  const got = await redeem(world, rp, await allow(new Browser(world), asking(here, elsewhere)));
  expect(got).toMatchObject({ status: 200, authorization_details: [here] });
});

describe('is refused', () => {
  test.each<[string, unknown]>([
    ['a type that is not described', [{ type: 'other' }]],
    ['a member that is not described', [{ ...payment, secretly: 'x' }]],
    ['text that turns the line around', [{ ...payment, payee: 'osotnoC\u202E' }]],
    ['text of several lines', [{ ...payment, payee: 'Contoso\namount 0.01' }]],
    ['what is nested deep', [{ ...payment, amount: { a: { b: { c: { d: 1 } } } } }]],
    ['no list', payment],
    ['no type', [{ amount: 1 }]],
    ['what is too long', [{ ...payment, payee: 'x'.repeat(4100) }]],
  ])('%s', async (_title, details) => {
    const params = { resource: api, authorization_details: JSON.stringify(details) };
    const { error } = (await authorize(new Browser(world), rp, params)).params;
    expect(['invalid_authorization_details', 'invalid_request']).toContain(error);
    expect((await tryPush(world, rp, params)).status).toBe(400);
  });

  test('a type that the client is not registered for', async () => {
    expect((await tryPush(world, await world.addClient({ client_id: 'plain' }), asking(payment))).status).toBe(400);
    rp = await world.addClient({ client_id: 'reader', authorization_details_types: ['reading'] });
    expect(await push(world, rp, asking({ type: 'reading' }))).toContain('urn:');
    expect((await authorize(new Browser(world), rp, asking(payment))).params).toMatchObject({
      error: 'invalid_authorization_details',
    });
    const added = await world.clients.add(
      { redirect_uris: ['https://x.test/cb'], authorization_details_types: ['other'] },
      'cli',
    );
    expect(added).toMatchObject({ ok: false });
  });

  test('a device or a service, which shows the person no page of it', async () => {
    const device = await world.addClient({
      client_id: 'tv',
      authorization_details_types: ['payment'],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    });
    const form = { client_id: 'tv', scope: 'openid', ...asking(payment) };
    const { status } = await send(world, 'POST', '/device/auth', { form, headers: credentials(device) });
    expect(status).toBe(400);
    const service = await world.addClient({
      client_id: 'job',
      authorization_details_types: ['payment'],
      grant_types: ['client_credentials'],
      service_scopes: ['pay'],
      default_resource: api,
    });
    expect(await tokens(world, service, { grant_type: 'client_credentials', ...asking(payment) })).toMatchObject({
      status: 400,
    });
  });
});

test('without types the parameter has no effect, and discovery names none', async () => {
  await world.close();
  world = await openWorld();
  await world.addUser('ada');
  rp = await world.addClient({ client_id: 'shop' });
  const { authorization_details } = asking(payment);
  const got = await redeem(world, rp, await allow(new Browser(world), { authorization_details }));
  expect(got).not.toHaveProperty('authorization_details');
  const { text } = await send(world, 'GET', '/.well-known/openid-configuration');
  expect(JSON.parse(text)).not.toHaveProperty('authorization_details_types_supported');
});

test.each([
  ['payment: { members: [] }', 'words'],
  ['payment: { words: { de: Zahlung } }', 'en'],
  ['"a b": { words: { en: x } }', 'a name of 1 to 64'],
  ['payment: { words: { en: x }, members: ["a b"] }', 'a name of 1 to 64'],
  ['payment: { words: { en: x }, claims: [] }', 'payment'],
  ['payment: { words: { en: x }, remember: often }', 'true or false'],
  ['- payment', 'the file'],
])('the file %j is refused, with the place of the mistake', (text, told) => {
  const read = readDetailTypes(text);
  expect(read).toMatchObject({ ok: false });
  expect(JSON.stringify(read)).toContain(told);
});
