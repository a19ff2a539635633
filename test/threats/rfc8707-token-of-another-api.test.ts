/**
 * RFC 8707 §2. An API passes a token that it got on to another API, or asks about tokens that were never meant for it. If that
 * worked, the weakest API of an organisation would open all others, and each would learn who uses them.
 * Guards: `src/oidc/resource-servers.ts#introspection`, `src/oidc/resource-servers.ts#resourceIndicators`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { introspect, redeem, signIn, userinfo } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

describe('RFC 8707 a token for one resource server', () => {
  const filesUri = 'https://files.test/api';
  let world: World;
  let rp: Rp;
  let files: Rp;
  let mail: Rp;
  const addApi = (client_id: string, resource: string) =>
    world.addClient({ client_id, grant_types: [], resource, resource_scopes: [`${client_id}:read`] });
  beforeEach(async () => {
    world = await openWorld();
    rp = await world.addClient({ client_id: 'contoso' });
    files = await addApi('files', filesUri);
    mail = await addApi('mail', 'https://mail.test/');
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  const got = async (params: Record<string, string>) =>
    redeem(world, rp, await signIn(new Browser(world), rp, 'ada', 'mfa', params));
  const active = async (token = '', ...who: readonly Rp[]) =>
    Promise.all(who.map(async each => (await introspect(world, each, token))['active']));

  test('RFC 8707 an opaque token is active for the resource server that it is for and for its own client, and for nobody else', async () => {
    const { access_token, scope } = await got({
      resource: filesUri,
      scope: 'openid profile files:read files:erase mail:read',
    });
    expect(scope).toBe('files:read');
    expect(await introspect(world, files, access_token)).toMatchObject({
      active: true,
      aud: filesUri,
      client_id: 'contoso',
      iss: 'http://idp.test',
      sub: 'ada',
      scope: 'files:read',
      token_type: 'Bearer',
      acr: 'mfa',
    });
    const other = await world.addClient({ client_id: 'other' });
    expect(await active(access_token, rp, mail, other)).toEqual([true, false, false]);
    expect((await userinfo(world, access_token)).status).toBe(403);
  });

  test('RFC 8707 a token of a request without a resource is for userinfo, and active for no resource server', async () => {
    const { access_token, refresh_token } = await got({ scope: 'openid files:read' });
    expect((await userinfo(world, access_token)).status).toBe(200);
    expect(await active(access_token, rp, files)).toEqual([true, false]);
    expect(await active(refresh_token, rp, files)).toEqual([true, false]);
  });
});
