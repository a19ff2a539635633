/** Tests that an authorization request with a parameter beyond its length is refused, at both endpoints, and not kept. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { authorize, tryPush } from './support/flows.ts';
import { Browser } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
let written: string[];
beforeAll(async () => {
  world = await openWorld({
    turnstile: {
      hold: () => {},
      before: kept =>
        new Proxy(kept, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name, target);
            if (typeof value !== 'function') return value;
            return (...given: readonly unknown[]): unknown => {
              if (['put', 'setIfAbsent', 'setWith', 'writeMany', 'insert'].includes(String(name)))
                written.push(String(given[0]));
              return Reflect.apply(value, target, given);
            };
          },
        }),
    },
  });
  rp = await world.addClient({ client_id: 'contoso' });
  written = [];
});
afterAll(() => world.close());

const text = (bytes: number): string => 'x'.repeat(bytes);
/** A value of the claims parameter, of exactly this length. */
const claimsOf = (bytes: number): string => {
  const empty = JSON.stringify({ userinfo: { '': null } }).length;
  return JSON.stringify({ userinfo: { [text(bytes - empty)]: null } });
};
/** An allowed value of exactly this length, for parameters that the library does not take as any text. */
const values: Readonly<Record<string, (bytes: number) => string>> = { claims: claimsOf };

/** Parameters that may have any value, each with its limit in bytes. */
const limits = [
  ['state', 1024],
  ['nonce', 1024],
  ['login_hint', 1024],
  ['claims', 4096],
  ['ui_locales', 256],
  ['claims_locales', 256],
] as const;

describe.each(limits)('the parameter %s', (name, longest) => {
  const valueOf = values[name] ?? text;

  test(`${name} of ${longest} bytes begins a sign-in, and can be pushed`, async () => {
    written = [];
    expect((await authorize(new Browser(world), rp, { [name]: valueOf(longest) })).at).toBe('interaction');
    expect((await tryPush(world, rp, { [name]: valueOf(longest) })).status).toBe(201);
    expect(written.length).toBeGreaterThan(1);
  });

  test(`${name} of one byte more is an error at the client that names it and its limit, and nothing is kept`, async () => {
    written = [];
    const refusal = {
      error: 'invalid_request',
      error_description: `${name} is too long: got ${longest + 1} bytes, expected at most ${longest}`,
    };
    const refused = await authorize(new Browser(world), rp, { [name]: valueOf(longest + 1) });
    expect([refused.at, refused.params]).toEqual(['client', expect.objectContaining(refusal)]);
    const pushed = await tryPush(world, rp, { [name]: valueOf(longest + 1) });
    expect([pushed.status, JSON.parse(pushed.text)]).toEqual([400, expect.objectContaining(refusal)]);
    expect(written).toEqual([]);
  });
});

test('the limit counts bytes, not characters', async () => {
  const refused = await authorize(new Browser(world), rp, { state: 'ü'.repeat(513) });
  expect(refused.params['error_description']).toBe('state is too long: got 1026 bytes, expected at most 1024');
});

test('parameters of allowed length are refused where all of them together are too long', async () => {
  const wish = {
    state: text(1024),
    nonce: text(1024),
    login_hint: text(1024),
    claims: claimsOf(4096),
    acr_values: text(512),
    ui_locales: text(256),
    claims_locales: text(256),
  };
  written = [];
  const refused = await authorize(new Browser(world), rp, wish);
  expect(refused.params['error_description']).toMatch(
    /^the parameters are too long: got \d+ bytes in all, expected at most 8192$/,
  );
  expect((await tryPush(world, rp, wish)).status).toBe(400);
  expect(written).toEqual([]);
});

test('a redirect_uri that is too long is told on a page of ours: no redirect is safe', async () => {
  const refused = await authorize(new Browser(world), rp, { redirect_uri: `${rp.redirectUri}?${text(3000)}` });
  expect([refused.at, refused.answer.status]).toEqual(['page', 400]);
});

test('prompt=none gets the error too', async () => {
  const refused = await authorize(new Browser(world), rp, { prompt: 'none', state: text(1025) });
  expect(refused.params['error']).toBe('invalid_request');
});
