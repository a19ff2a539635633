/**
 * C05. A person has left, and the operator removes the account. Their open session, refresh token and a sign-in that waits for its
 * last step must end. Who gets the same name later must inherit nothing, also not the browser of the first.
 * Guards: `src/people/remove.ts#removePerson`; `src/oidc/account.ts#findAccount`, which knows no absent account.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { removePerson } from '../../src/people/remove.ts';
import {
  authenticatorKind,
  failedAttemptsKind,
  notMeLinkKind,
  pushRequestsKind,
  oidcDocumentKind,
  clientMemberKind,
  rememberedBrowserKind,
  userKind,
  sessionRecordKind,
} from '../../src/records.ts';
import type { Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { hashOf } from '../support/hash-of.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeEach(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterEach(() => world.close());

const remove = (id: string): Promise<boolean> => {
  const { durable } = world.store;
  return removePerson(
    {
      accounts: world.services.users,
      users: durable.collection(userKind),
      records: durable.collection(authenticatorKind),
      failedAttempts: durable.collection(failedAttemptsKind),
      documents: durable.collection(oidcDocumentKind),
      links: durable.collection(notMeLinkKind),
      pushRequests: durable.collection(pushRequestsKind),
      rememberedBrowsers: durable.collection(rememberedBrowserKind),
      clientMembers: durable.collection(clientMemberKind),
      sessions: durable.collection(sessionRecordKind),
      audit: world.services.audit,
      types: ['totp'],
    },
    id,
    'cli',
  );
};

const begin = async (browser: Browser) => {
  const request = await rp.begin();
  return { request, page: await enterPassword(browser, await browser.visit(request.url), world.people.noor) };
};
const hasSession = async (browser: Browser): Promise<boolean | undefined> =>
  browser.next(await browser.visit((await rp.begin({ prompt: 'none' })).url))?.searchParams.has('code');

test('C05 removing a person ends all their sessions and tokens, and a later account of the same name inherits nothing', async () => {
  const { noor } = world.people;
  const browser = world.browser();
  const { request, page } = await begin(browser);
  const tokens = await request.redeem(atClient(browser, await enterCode(browser, page, codeAt(noor, world.clock()))));
  expect(await hasSession(browser)).toBe(true);
  const waiting = world.browser();
  const second = await begin(waiting);
  world.clock.advance(60_000);

  const finished = await world.audited('sign-in.finished');
  expect(await remove(noor.user.id)).toBe(true);

  expect(await hasSession(browser)).toBe(false);
  const me = await browser.go('/me', { headers: { authorization: `Bearer ${tokens.access_token}` } });
  expect(me.status).toBe(401);
  const refresh = oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
  await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
  const late = await enterCode(waiting, second.page, codeAt(noor, world.clock()));
  expect(waiting.next(late)).toBeUndefined();
  expect(await hasSession(waiting)).toBe(false);
  expect(await world.audited('sign-in.finished')).toEqual(finished);
  expect(await world.audited('user.removed')).toMatchObject([
    { subject: noor.user.id, actor: 'cli', outcome: 'success' },
  ]);

  const { users } = world.services;
  const passwordHash = await hashOf(world.services, 'another-person-entirely');
  const added = await users.add({ name: noor.name, displayName: 'Another Noor', passwordHash }, 'cli');
  expect(added).toMatchObject({ ok: true });
  for (const each of [browser, waiting]) expect(await hasSession(each)).toBe(false);
  const old = await begin(world.browser());
  expect(old.page.status).toBe(422);
  const newcomer = { ...noor, password: 'another-person-entirely' };
  const own = world.browser();
  const third = await rp.begin();
  const done = await enterPassword(own, await own.visit(third.url), newcomer);
  const claims = (await third.redeem(atClient(own, done))).claims();
  expect(claims?.sub).toBe(added.ok ? added.user.id : '');
  expect(claims?.['acr']).toBe('sfa');
});
