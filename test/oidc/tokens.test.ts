/** Tests the tokens that a client gets, and how they end. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stores } from '../support/world/stores.ts';
import {
  authorize,
  credentials,
  introspect,
  redeem,
  refresh,
  signedIn,
  signIn,
  userinfo,
  type Tokens,
} from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import type { Turnstile } from './support/turnstile.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
});
afterEach(() => world.close());

const parallel = <T>(times: number, act: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, at) => act(at)));
const granted = (all: readonly Tokens[]): number => all.filter(({ status }) => status === 200).length;
const post = (path: string, form: Record<string, string>, who: Rp = rp) =>
  send(world, 'POST', path, { form, headers: credentials(who) });

test('a sign-in ends with an ID token with sub, acr, amr and auth_time', async () => {
  const at = Math.floor(world.clock() / 1000);
  const done = await signIn(new Browser(world), rp, 'ada', 'mfa');
  expect({ at: done.at, error: done.params['error_description'] }).toEqual({ at: 'client' });
  const got = await redeem(world, rp, done);
  expect(got.claims).toMatchObject({
    sub: 'ada',
    acr: 'mfa',
    amr: ['pwd', 'tel', 'mfa'],
    auth_time: at,
    aud: 'contoso',
  });
  expect(got.claims).not.toHaveProperty('name');
  expect(JSON.parse((await userinfo(world, got.access_token)).text)).toEqual({
    sub: 'ada',
    name: 'The one called ada',
    preferred_username: 'ada',
    updated_at: at,
  });
  expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
});

test('each token of a client is noted for its developers by its grant type, and none of a refused request', async () => {
  const { refresh_token: token } = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada', 'mfa'));
  expect((await refresh(world, rp, token)).status).toBe(200);
  expect((await refresh(world, rp, 'x'.repeat(43))).status).toBe(400);
  expect(world.gotTokens).toEqual([
    { client: 'contoso', grantType: 'authorization_code' },
    { client: 'contoso', grantType: 'refresh_token' },
  ]);
});

const updatedAt = () => Math.floor(world.clock() / 1000) - 86_400;
/** What a client learns of Bob by a sign-in: the ID token, and the answer of the userinfo endpoint. */
const learned = async (who: Rp, params: Record<string, string>) => {
  const { claims, access_token } = await redeem(
    world,
    who,
    await signIn(new Browser(world), who, 'bob', 'sfa', params),
  );
  return { idToken: claims, userinfo: JSON.parse((await userinfo(world, access_token)).text) as object };
};

describe('claims of an account', () => {
  const everything = { scope: 'openid profile email groups' };
  const profile = {
    name: 'Bob Example',
    preferred_username: 'bob',
    locale: 'pt-BR',
    zoneinfo: 'America/Recife',
    email: 'bob@example.test',
    email_verified: true,
    groups: ['Accounting', 'staff'],
  };
  beforeEach(async () => {
    await world.addUser('bob', {
      displayName: profile.name,
      language: profile.locale,
      zoneinfo: profile.zoneinfo,
      groups: profile.groups,
      emailVerified: true,
      updatedAt: world.clock() - 86_400_000,
    });
  });
  test('each scope opens its own in userinfo, and the ID token holds none of them', async () => {
    const { idToken, userinfo: told } = await learned(rp, everything);
    expect(told).toEqual({ sub: 'bob', ...profile, updated_at: updatedAt() });
    for (const name of [...Object.keys(profile), 'updated_at']) expect(idToken).not.toHaveProperty(name);
    expect((await learned(rp, { scope: 'openid groups' })).userinfo).toEqual({ sub: 'bob', groups: profile.groups });
    expect((await learned(rp, { scope: 'openid' })).userinfo).toEqual({ sub: 'bob' });
  });

  test('the claims parameter opens single ones where it asks for them', async () => {
    const claims = JSON.stringify({ id_token: { email_verified: null, groups: null }, userinfo: { zoneinfo: null } });
    const { idToken, userinfo: told } = await learned(rp, { scope: 'openid', claims });
    expect(idToken).toMatchObject({ sub: 'bob', email_verified: true, groups: profile.groups });
    expect(idToken).not.toHaveProperty('email');
    expect(idToken).not.toHaveProperty('zoneinfo');
    expect(told).toEqual({ sub: 'bob', zoneinfo: profile.zoneinfo });
  });

  test('a client with claims_in_id_token gets those of granted scopes there too, and no others', async () => {
    const reader = await world.addClient({ client_id: 'reader', claims_in_id_token: true });
    const { idToken, userinfo: told } = await learned(reader, everything);
    expect(idToken).toMatchObject({ sub: 'bob', ...profile, updated_at: updatedAt(), acr: 'sfa', amr: ['pwd'] });
    expect(told).toEqual({ sub: 'bob', ...profile, updated_at: updatedAt() });
    const { idToken: less } = await learned(reader, { scope: 'openid email' });
    expect(less).toMatchObject({ email: profile.email, email_verified: true });
    expect(less).not.toHaveProperty('name');
    expect(less).not.toHaveProperty('groups');
  });

  test('an address that nobody verified is told as unverified', async () => {
    const { access_token } = await redeem(
      world,
      rp,
      await signIn(new Browser(world), rp, 'ada', 'sfa', { scope: 'openid email' }),
    );
    expect(JSON.parse((await userinfo(world, access_token)).text)).toEqual({
      sub: 'ada',
      email: 'ada@example.test',
      email_verified: false,
    });
  });
});

test.each(['ES256', 'RS256'] as const)(
  'a client may have its ID tokens signed by %s with a published key',
  async alg => {
    const other = await world.addClient({ client_id: 'other', id_token_signed_response_alg: alg });
    const { id_token: token = '' } = await redeem(world, other, await signIn(new Browser(world), other, 'ada'));
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const { keys } = JSON.parse((await send(world, 'GET', '/jwks')).text) as { keys: { kid: string }[] };
    expect(header).toMatchObject({ alg });
    expect(keys.find(({ kid }) => kid === header.kid)).toMatchObject({ alg, use: 'sig' });
    expect(JSON.stringify(keys)).not.toMatch(/"(d|p|q|dp|dq|qi)"/);
  },
);

describe.each(stores)('two nodes on $name', store => {
  beforeEach(async () => {
    await world.close();
    world = await openWorld({ store, nodes: 2 });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
  });

  test('give tokens to all of fifty parallel silent sign-ins of one browser', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const clients = await parallel(50, at => world.addClient({ client_id: `client-${at}` }));
    const tabs = clients.map((client, at) => ({
      client,
      tab: Object.assign(new Browser(world, at % 2), { cookies: browser.cookies }),
    }));
    // Each code is redeemed: if one client overwrote the session entry of another, a code would be refused.
    const codes = await Promise.all(
      tabs.map(async ({ client, tab }) => ({ client, code: await authorize(tab, client, { prompt: 'none' }) })),
    );
    const got = await Promise.all(codes.map(({ client, code }) => redeem(world, client, code)));
    expect(granted(got)).toBe(50);
  });

  test('give tokens to all of five parallel first sign-ins at one client', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const other = await world.addClient({ client_id: 'other' });
    const codes = await parallel(5, at =>
      authorize(Object.assign(new Browser(world, at % 2), { cookies: browser.cookies }), other),
    );
    expect(granted(await Promise.all(codes.map(code => redeem(world, other, code))))).toBe(5);
  });
});

const online = async (who = rp) => {
  const browser = new Browser(world);
  return { browser, first: await redeem(world, who, await signIn(browser, who, 'ada', 'mfa')) };
};

test('parallel tabs with different scopes each get their scopes', async () => {
  const browser = new Browser(world);
  await signIn(browser, rp, 'ada');
  const other = await world.addClient({ client_id: 'other' });
  const scopes = ['openid profile', 'openid email'];
  const codes = await Promise.all(
    scopes.map(scope => authorize(Object.assign(new Browser(world), { cookies: browser.cookies }), other, { scope })),
  );
  const got = await Promise.all(codes.map(code => redeem(world, other, code)));
  const told = await Promise.all(got.map(async ({ access_token: token }) => (await userinfo(world, token)).text));
  expect(told.map(text => Object.keys(JSON.parse(text) as object))).toEqual([
    ['sub', 'name', 'preferred_username', 'updated_at'],
    ['sub', 'email', 'email_verified'],
  ]);
});

describe('a refresh token', () => {
  test('is replaced at every use', async () => {
    const { first } = await online();
    const second = await refresh(world, rp, first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(world, rp, second.refresh_token)).status).toBe(200);
  });

  test('keeps the acr of its sign-in after a later step-up elsewhere', async () => {
    await world.changeUser('ada', { authenticators: ['a1'] });
    world.reaches.set('ada', 'aal2');
    const bank = await world.addClient({ client_id: 'bank' });
    const { browser, first } = await online();
    world.clock.advance(120_000);
    const asked = await authorize(browser, bank, { acr_values: 'aal2', prompt: 'login' });
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'aal2') });
    const stronger = await redeem(world, bank, { ...done, verifier: asked.verifier });
    expect(stronger.claims).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    expect(stronger.claims['auth_time']).not.toBe(first.claims['auth_time']);

    const { acr, amr, auth_time } = (await refresh(world, rp, first.refresh_token)).claims;
    expect({ acr, amr, auth_time }).toEqual({
      acr: 'mfa',
      amr: ['pwd', 'tel', 'mfa'],
      auth_time: first.claims['auth_time'],
    });
  });

  test('is given only to clients registered for it', async () => {
    const plain = await world.addClient({ client_id: 'plain', grant_types: ['authorization_code'] });
    const { first } = await online(plain);
    expect([first.status, first.refresh_token]).toEqual([200, undefined]);
  });

  test('ends with the session, unless the person granted offline access', async () => {
    const keep = async (params: Record<string, string>) => {
      const browser = new Browser(world);
      const asked = await signIn(browser, rp, 'ada', 'mfa', params);
      const done =
        asked.at === 'client'
          ? asked
          : {
              ...(await browser.open('POST', asked.url.pathname, { json: { consent: true } })),
              verifier: asked.verifier,
            };
      return { browser, got: await redeem(world, rp, done) };
    };
    const [online_, offline] = [await keep({}), await keep({ scope: 'openid offline_access', prompt: 'consent' })];
    for (const { browser } of [online_, offline]) await signOut(browser);
    expect((await refresh(world, rp, online_.got.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(world, rp, offline.got.refresh_token)).status).toBe(200);
  });

  test('of a session ends when the session is a day old, also in use', async () => {
    const { browser, first } = await online();
    let got = first;
    for (let minutes = 55; minutes < 24 * 60; minutes += 55) {
      world.clock.advance(55 * 60_000);
      expect((await authorize(browser, rp)).at).toBe('client');
      got = await refresh(world, rp, got.refresh_token);
      expect([minutes, got.status]).toEqual([minutes, 200]);
    }
    world.clock.advance(10 * 60_000 - 1000);
    got = await refresh(world, rp, got.refresh_token);
    expect(got.status).toBe(200);
    world.clock.advance(1000);
    expect((await refresh(world, rp, got.refresh_token)).error).toBe('invalid_grant');
  });

  test('ends after two weeks without use, and with its grant', async () => {
    const browser = new Browser(world);
    const asked = await signIn(browser, rp, 'ada', 'mfa', { scope: 'openid offline_access', prompt: 'consent' });
    const done = await browser.open('POST', asked.url.pathname, { json: { consent: true } });
    let got = await redeem(world, rp, { ...done, verifier: asked.verifier });
    const day = 24 * 3_600_000;
    for (let age = 13; age < 90; age += 13) {
      world.clock.advance(13 * day);
      got = await refresh(world, rp, got.refresh_token);
      expect([age, got.status]).toEqual([age, 200]);
    }
    world.clock.advance(13 * day);
    expect((await refresh(world, rp, got.refresh_token)).error).toBe('invalid_grant');

    const other = await online();
    world.clock.advance(14 * day + 6000);
    expect((await refresh(world, rp, other.first.refresh_token)).error).toBe('invalid_grant');
  });

  test('is refused for another client, with a wrong secret and for a locked person', async () => {
    const { first } = await online();
    const other = await world.addClient({ client_id: 'other' });
    expect((await refresh(world, other, first.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(world, { ...rp, secret: 'wrong' }, first.refresh_token)).error).toBe('invalid_client');
    await world.changeUser('ada', { lockedAt: world.clock() });
    expect((await refresh(world, rp, first.refresh_token)).error).toBe('invalid_grant');
    expect((await userinfo(world, first.access_token)).status).toBe(401);
  });
});

const known = (who: Rp, token?: string) => introspect(world, who, token);

/** Runs `meanwhile` once, right before the next refresh token is stored: alone, or in a batch with the use of the one before. */
const interruptIssuing = (): Turnstile & { meanwhile: (() => Promise<unknown>) | undefined } => {
  const interrupt = async (): Promise<void> => {
    const { meanwhile } = interruption;
    interruption.meanwhile = undefined;
    await meanwhile?.();
  };
  const interruption: ReturnType<typeof interruptIssuing> = {
    meanwhile: undefined,
    hold: () => {},
    beforeBatch: durable => ({
      async batch(writes) {
        await interrupt();
        return durable.batch(writes);
      },
    }),
    before: port =>
      new Proxy(port, {
        get: (target, member) => {
          const original: unknown = Reflect.get(target, member);
          if (member !== 'insert' || typeof original !== 'function') return original;
          return async (doc: { readonly model?: string }) => {
            if (doc.model === 'RefreshToken') await interrupt();
            return Reflect.apply(original, target, [doc]) as unknown;
          };
        },
      }),
  };
  return interruption;
};

test.each([
  ['code', 200],
  // Its token is gone with the grant, so that it gives none.
  ['refresh token', 400],
] as const)('tokens for a %s whose grant ends while they are issued are refused everywhere', async (source, status) => {
  await world.close();
  const turnstile = interruptIssuing();
  world = await openWorld({ turnstile });
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
  const { browser, first } = await online();
  const second = await redeem(world, rp, await authorize(browser, rp));
  const code = await authorize(browser, rp);
  // All three belong to one grant.
  turnstile.meanwhile = () => post('/token/revocation', { token: first.refresh_token ?? '' });

  const issued = await (source === 'code' ? redeem(world, rp, code) : refresh(world, rp, second.refresh_token));

  expect([issued.status, turnstile.meanwhile]).toEqual([status, undefined]);
  const left = status === 200 ? issued : second;
  expect((await userinfo(world, left.access_token)).status).toBe(401);
  expect(await known(rp, left.access_token)).toEqual({ active: false });
  expect(await known(rp, left.refresh_token)).toEqual({ active: false });
  expect((await refresh(world, rp, left.refresh_token)).error).toBe('invalid_grant');
});

test('a code is refused after its grant ended, and a used one that comes a third time is no new event', async () => {
  const browser = new Browser(world);
  const used = await signIn(browser, rp, 'ada', 'mfa');
  expect((await redeem(world, rp, used)).status).toBe(200);
  const [another, stillOpen] = [await authorize(browser, rp), await authorize(browser, rp)];
  expect((await redeem(world, rp, another)).status).toBe(200);
  for (const done of [used, used, stillOpen]) expect((await redeem(world, rp, done)).error).toBe('invalid_grant');
  expect(world.audited.filter(({ event }) => event === 'grant.revoked')).toHaveLength(1);
});

describe('introspection of a token', () => {
  let got: Tokens;
  let other: Rp;
  beforeEach(async () => {
    got = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada', 'mfa'));
    other = await world.addClient({ client_id: 'other' });
  });

  test('answers its own client', async () => {
    expect(await known(rp, got.access_token)).toMatchObject({ active: true, client_id: 'contoso', sub: 'ada' });
    expect(await known(rp, got.refresh_token)).toMatchObject({ active: true });
  });

  test('answers no other client', async () => {
    expect(await known(other, got.access_token)).toEqual({ active: false });
    const open = await world.addClient({ client_id: 'open', token_endpoint_auth_method: 'none' });
    const theirs = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
    const answer = await send(world, 'POST', '/token/introspection', {
      form: { token: theirs.access_token ?? '', client_id: open.id },
    });
    expect(JSON.parse(answer.text)).toEqual({ active: false });
  });

  test('shows it inactive after its client revoked it, not after another tried', async () => {
    await post('/token/revocation', { token: got.refresh_token ?? '' }, other);
    expect(await known(rp, got.refresh_token)).toMatchObject({ active: true });
    expect((await post('/token/revocation', { token: got.refresh_token ?? '' })).status).toBe(200);
    expect(await known(rp, got.refresh_token)).toEqual({ active: false });
    expect((await refresh(world, rp, got.refresh_token)).error).toBe('invalid_grant');
    expect((await userinfo(world, got.access_token)).status).toBe(401);
  });

  test('shows all tokens of its grant inactive after the client revoked one of them', async () => {
    const next = await refresh(world, rp, got.refresh_token);
    const again = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
    expect((await post('/token/revocation', { token: got.access_token ?? '' })).status).toBe(200);
    const left = [got.access_token, next.access_token, next.refresh_token];
    expect(await Promise.all(left.map(async token => known(rp, token)))).toEqual(left.map(() => ({ active: false })));
    expect((await userinfo(world, next.access_token)).status).toBe(401);
    expect((await refresh(world, rp, next.refresh_token)).error).toBe('invalid_grant');
    // Another sign-in of this person has a grant of its own.
    expect(await known(rp, again.access_token)).toMatchObject({ active: true });
  });

  test('shows it inactive after its client was removed', async () => {
    expect((await userinfo(world, got.access_token)).status).toBe(200);
    expect(await world.clients.remove('contoso', 'cli')).toEqual({ ok: true });
    expect((await userinfo(world, got.access_token)).status).toBe(401);
    // A later client of this id gets nothing of it: the grant is gone.
    rp = { ...rp, ...(await world.addClient({ client_id: 'contoso' })) };
    expect((await userinfo(world, got.access_token)).status).toBe(401);
    expect((await refresh(world, rp, got.refresh_token)).error).toBe('invalid_grant');
    expect(await known(rp, got.access_token)).toEqual({ active: false });
  });
});

test.each([
  [
    'with an empty challenge of PKCE',
    { code_challenge: '' },
    'invalid_request: code_challenge must be provided with code_challenge_method',
  ],
  [
    'with plain PKCE',
    { code_challenge_method: 'plain' },
    'invalid_request: not supported value of code_challenge_method',
  ],
  [
    'with plain PKCE, unsaid',
    { code_challenge_method: undefined },
    'invalid_request: code_challenge_method must be provided',
  ],
  ['for a token', { response_type: 'id_token' }, 'unsupported_response_type: unsupported response_type requested'],
])('a request %s is refused at the client, with its own reason', async (_title, params, reason) => {
  for (const client of [rp, await world.addClient({ client_id: 'spa', token_endpoint_auth_method: 'none' })]) {
    const accepted = await authorize(new Browser(world), client, { nonce: 'n' });
    expect(accepted.at).toBe('interaction');
    const refused = await authorize(new Browser(world), client, { nonce: 'n', ...params });
    const told = new URLSearchParams(refused.url.search || refused.url.hash.slice(1));
    expect(`${told.get('error')}: ${told.get('error_description')}`).toBe(reason);
    expect(told.has('code')).toBe(false);
  }
});

/** GET, then the form it shows, with "yes". */
const signOut = async (browser: Browser): Promise<string> => {
  const page = await browser.open('GET', '/session/end');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.answer.text) ?? [];
  return (await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } })).answer.text;
};
