/** Tests which requested scopes have an effect, and that the log says which have none. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, authorizePushed, push, redeem, refresh, signIn } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
});
afterEach(() => world.close());

const offline = { scope: 'openid offline_access' } as const;
const ignored = () => world.logged.filter(({ event }) => event === 'scopes.ignored').map(({ fields }) => fields);

/** Signs out, and gives whether the refresh token of the sign-in still works. */
const staysAfterSignOut = async (browser: Browser, refreshToken: string | undefined): Promise<boolean> => {
  const page = await browser.open('GET', '/session/end');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.answer.text) ?? [];
  await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
  return (await refresh(world, rp, refreshToken)).status === 200;
};

describe('offline_access without prompt=consent', () => {
  test('is given to a first-party client, and outlives the session', async () => {
    const browser = new Browser(world);
    const got = await redeem(world, rp, await signIn(browser, rp, 'ada', 'sfa', offline));
    expect(got).toMatchObject({ status: 200, scope: 'openid offline_access' });
    expect(await staysAfterSignOut(browser, got.refresh_token)).toBe(true);
    expect(ignored()).toEqual([]);
  });

  test('is not given where a first-party client does not ask for it', async () => {
    const browser = new Browser(world);
    const got = await redeem(world, rp, await signIn(browser, rp, 'ada', 'sfa', { scope: 'openid' }));
    expect(got).toMatchObject({ status: 200, scope: 'openid' });
    expect(await staysAfterSignOut(browser, got.refresh_token)).toBe(false);
  });

  test('is given where the request is pushed, and with a session', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const done = await authorizePushed(browser, rp, await push(world, rp, offline));
    expect(done.params).toHaveProperty('code');
    const code = await world.provider.AuthorizationCode.find(done.params['code'] ?? '');
    expect(code?.scope).toBe('openid offline_access');
  });

  test.each([
    ['a third-party client', { first_party: false }],
    ['a client without refresh tokens', { grant_types: ['authorization_code'] as const }],
    ['a client whose scopes do not hold it', { scope: 'openid profile' }],
  ])('is dropped for %s, and the log says so', async (_, metadata) => {
    const other = await world.addClient({ client_id: 'other', ...metadata });
    const asked = await authorize(new Browser(world), other, offline);
    const interaction = await world.provider.Interaction.find(asked.url.pathname.split('/').at(-1) ?? '');
    expect(interaction?.params).toMatchObject({ scope: 'openid' });
    expect(ignored()).toEqual([
      {
        client: 'other',
        scopes: 'offline_access',
        reason: 'needs prompt=consent or a first-party client, and the grant type refresh_token',
      },
    ]);
  });
});

describe('the log', () => {
  test('names unknown scopes, and the sign-in goes on without them', async () => {
    const done = await signIn(new Browser(world), rp, 'ada', 'sfa', { scope: 'openid roles api:read' });
    expect(await redeem(world, rp, done)).toMatchObject({ status: 200, scope: 'openid' });
    expect(ignored()).toEqual([{ client: 'contoso', scopes: 'roles api:read', reason: 'unknown here' }]);
  });

  test('names unknown scopes of a pushed request once', async () => {
    const uri = await push(world, rp, { scope: 'openid roles' });
    expect((await authorizePushed(new Browser(world), rp, uri)).at).toBe('interaction');
    expect(ignored()).toEqual([{ client: 'contoso', scopes: 'roles', reason: 'unknown here' }]);
  });

  test('says where openid is missing', async () => {
    await authorize(new Browser(world), rp, { scope: 'profile' });
    expect(ignored()).toEqual([
      { client: 'contoso', scopes: 'profile', reason: 'without openid there is no ID token and no userinfo' },
    ]);
  });

  test('says once where openid is missing in a pushed request', async () => {
    const uri = await push(world, rp, { scope: 'profile' });
    expect(ignored()).toHaveLength(1);
    expect((await authorizePushed(new Browser(world), rp, uri)).at).toBe('interaction');
    expect(ignored()).toHaveLength(1);
  });

  test('says nothing of scopes that have an effect, and nothing of a parameter named as the check', async () => {
    await authorize(new Browser(world), rp, {
      scope: 'openid profile email groups',
      'sallyport-scopes': 'anything',
    });
    expect(ignored()).toEqual([]);
    expect((await send(world, 'GET', '/.well-known/openid-configuration')).text).not.toContain('sallyport-scopes');
  });
});
