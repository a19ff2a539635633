/** Tests that openid-client works with APIs, services and devices as its documentation has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { heading } from '../support/browser/plain.ts';
import { addDeviceClient, connectDevice } from '../support/world/device.ts';
import { openRelyingParty, signIn } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const filesUri = 'https://files.example/';
let world: World;
let files: oidc.Configuration;
beforeAll(async () => {
  world = await startWorld();
  files = await register({ client_id: 'files', resource: filesUri, resource_scopes: ['files:read', 'files:write'] });
});
afterAll(() => world.close());

/** Adds a client, and gives the configuration of openid-client for it. */
const register = async (client: Partial<NewClient> & { readonly client_id: string }): Promise<oidc.Configuration> => {
  const added = await (await world.services.clients()).add({ redirect_uris: [], ...client }, 'cli');
  if (!added.ok) throw new Error(added.message);
  return configured(client.client_id, added.secret);
};
const configured = (id: string, secret?: string): Promise<oidc.Configuration> => {
  // oxlint-disable-next-line typescript/no-deprecated -- plain http over loopback
  return oidc.discovery(world.issuer, id, secret, undefined, { execute: [oidc.allowInsecureRequests] });
};

test('an API asks about the token that a relying party got for it', async () => {
  const { noor } = world.people;
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const wish = { resource: filesUri, scope: 'openid files:read' };
  const { access_token: token } = await signIn(rp, world.browser(), noor, wish);
  expect(await oidc.tokenIntrospection(files, token)).toMatchObject({
    active: true,
    aud: filesUri,
    scope: 'files:read',
    sub: noor.user.id,
    client_id: 'contoso',
    acr: 'aal2',
  });
  await world.services.users.lock(noor.user.id, 'cli');
  expect(await oidc.tokenIntrospection(files, token)).toEqual({ active: false });
  await world.services.users.unlock(noor.user.id, 'cli');
});

test('a service gets a token of its own, and the API that it is for sees whose it is', async () => {
  const scopes = { service_scopes: ['files:write'] };
  const nightly = await register({ client_id: 'nightly', grant_types: ['client_credentials'], ...scopes });
  const { access_token: token, scope } = await oidc.clientCredentialsGrant(nightly, { resource: filesUri });
  expect(scope).toBe('files:write');
  expect(await oidc.tokenIntrospection(files, token)).toMatchObject({
    active: true,
    client_id: 'nightly',
    aud: filesUri,
  });
  await expect(oidc.clientCredentialsGrant(nightly)).rejects.toMatchObject({ error: 'invalid_target' });
  await oidc.tokenRevocation(nightly, token);
  expect(await oidc.tokenIntrospection(files, token)).toEqual({ active: false });
});

test('a device waits until a person has connected it, and calls the API', async () => {
  const { noor } = world.people;
  await addDeviceClient(world, 'tv');
  const tv = await configured('tv');
  const wish = { scope: 'openid offline_access files:read', resource: filesUri };
  const codes = await oidc.initiateDeviceAuthorization(tv, wish);
  expect(codes).toMatchObject({ interval: 5, verification_uri: `${world.issuer.origin}/device` });
  world.clock.advance(60_000);
  expect(heading(await connectDevice(world.browser(), codes.user_code, noor))).toBe('Device connected');
  // The library waits for the interval before each poll. The clock of the server has passed it already.
  const got = await oidc.pollDeviceAuthorizationGrant(tv, { ...codes, interval: 0.001 });
  expect(got.claims()?.sub).toBe(noor.user.id);
  expect(await oidc.tokenIntrospection(files, got.access_token)).toMatchObject({ active: true, sub: noor.user.id });
  const later = await oidc.refreshTokenGrant(tv, got.refresh_token ?? '');
  expect(await oidc.tokenIntrospection(files, later.access_token)).toMatchObject({ active: true, scope: 'files:read' });
});
