/** Tests where requests must be pushed (RFC 9126 §5, §6): by each client of a server, or by one client. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { callbackPathOf, portalClients } from '../../src/oidc/clients/built-in.ts';
import { authorize, authorizePushed, push } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.close());
const refused = {
  error: 'invalid_request',
  error_description: 'Pushed Authorization Request must be used',
  iss: 'http://idp.test',
};
const discovery = async () =>
  JSON.parse((await send(world, 'GET', '/.well-known/openid-configuration')).text) as Record<string, unknown>;

test('a client that must push is refused plain requests; another client is not', async () => {
  world = await openWorld();
  const rp = await world.addClient({ client_id: 'contoso', require_pushed_authorization_requests: true });
  expect((await authorize(new Browser(world), rp)).params).toMatchObject(refused);
  expect((await authorizePushed(new Browser(world), rp, await push(world, rp))).at).toBe('interaction');
  const other = await world.addClient({ client_id: 'fabrikam' });
  expect((await authorize(new Browser(world), other)).at).toBe('interaction');
  expect(await discovery()).not.toHaveProperty('require_pushed_authorization_requests');
});

describe('on a server that requires it', () => {
  test('each client must push, also one that is registered otherwise, and discovery says so', async () => {
    world = await openWorld({ requiresPushedRequests: true });
    const rp = await world.addClient({ client_id: 'contoso', require_pushed_authorization_requests: false });
    expect((await authorize(new Browser(world), rp)).params).toMatchObject(refused);
    expect((await authorizePushed(new Browser(world), rp, await push(world, rp))).at).toBe('interaction');
    expect(await discovery()).toMatchObject({ require_pushed_authorization_requests: true });
  });

  test.each(portalClients)('the portal $path still begins its sign-ins', async portal => {
    world = await openWorld({ requiresPushedRequests: true });
    const own = { id: portal.clientId, redirectUri: `http://idp.test${callbackPathOf(portal)}` };
    expect((await authorize(new Browser(world), own, { scope: 'openid' })).at).toBe('interaction');
  });
});
