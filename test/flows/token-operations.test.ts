/** Tests what each request with a token asks of the stores. On MongoDB each operation costs as much as the rest of the request. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { countOperations } from '../support/counts/operations.ts';
import { openRelyingParty, signIn, type RelyingParty, type Tokens } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const operations = countOperations();
let world: World;
let rp: RelyingParty;
let tokens: Tokens;
beforeAll(async () => {
  world = await startWorld({ wrap: operations.wrap });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  tokens = await signIn(rp, world.browser(), world.people.noor);
  await oidc.tokenIntrospection(rp.config, tokens.access_token);
});
afterAll(() => world.close());
beforeEach(() => {
  operations.done.length = 0;
});

// Metadata of clients is read at most once a second, not here: the clock stands still.
const session = 'get oidc';
const grant = 'get oidc-documents';
const account = 'get users';

test('userinfo and introspection read the token, its session, its grant and the account, and write nothing', async () => {
  await oidc.fetchUserInfo(rp.config, tokens.access_token, world.people.noor.user.id);
  expect(operations.done.toSorted()).toEqual(['get oidc', session, grant, account].toSorted());
  operations.done.length = 0;
  expect((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active).toBe(true);
  expect(operations.done.toSorted()).toEqual(['get oidc', session, grant, account].toSorted());
});

test('a refresh reads each of them once, stores the access token, and makes one durable commit', async () => {
  await oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
  expect(operations.done).toEqual([
    'get oidc-documents',
    session,
    grant,
    account,
    'put oidc',
    'batch replace oidc-documents + insert oidc-documents',
  ]);
});
