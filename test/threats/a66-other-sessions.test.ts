/**
 * A66. A thief is signed in elsewhere while the owner of an account removes the stolen phone or recovers the account. Their
 * session and its refresh tokens, those of `offline_access` included, must be over at the next request on each node (AV 7.4.3).
 * Guard: `src/oidc/ended-sessions.ts#isEnded`. What it refuses is deleted too: `test/oidc/account-sessions.test.ts` looks at that alone.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { formTo, type Browser } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty, type Tokens } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let keeper: RelyingParty;
let linus: TestPerson;
beforeAll(async () => {
  world = await startWorld({ nodes: 2 });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  keeper = await openRelyingParty(world, await world.addClient({ id: 'keeper', first_party: false }));
  ({ linus } = world.people);
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

interface Held {
  readonly browser: Browser;
  readonly tokens: Tokens;
  readonly offline: Tokens;
}
const hold = async (): Promise<Held> => {
  const browser = world.browser();
  const tokens = await signIn(rp, browser, linus);
  const request = await keeper.begin({ scope: 'openid offline_access', prompt: 'consent' });
  const consent = await browser.visit(request.url);
  const agreed = await browser.visit(formTo(consent, /\/consent$/).action, { form: { answer: 'allow' } });
  const offline = await request.redeem(browser.next(agreed) ?? world.issuer);
  return { browser, tokens, offline };
};
const opened = async ({ browser, tokens }: Held, node: number) => {
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const silent = await browser.go((await rp.begin({ prompt: 'none' })).url, { node });
  return {
    userinfo: (await world.browser().go('/me', { node, headers })).status,
    code: browser.next(silent)?.searchParams.has('code') ?? false,
  };
};
const refreshed = async ({ offline }: Held): Promise<boolean> =>
  oidc.refreshTokenGrant(keeper.config, offline.refresh_token ?? '').then(
    () => true,
    () => false,
  );

/** The session that goes on, and how the others end: by the rules that changes of methods and recoveries call. */
const ways: readonly (readonly [what: string, end: (own: string) => Promise<unknown>])[] = [
  ['a method was removed', own => world.services.accountSessions.endOthers(linus.user.id, own, { actor: 'browser' })],
  [
    'the account was recovered',
    () => {
      const facts = { before: world.clock(), reason: 'recovery-code' };
      return world.services.users.endEarlierSessions(linus.user.id, 'browser', facts);
    },
  ],
];

describe('A66 the session of a thief', () => {
  test.each(ways)('A66 is over on each node once %s, with its refresh tokens', async (_what, end) => {
    const thief = await hold();
    world.clock.advance(1000);
    await signIn(rp, world.browser(), linus);
    expect(await opened(thief, 1)).toEqual({ userinfo: 200, code: true });

    const user = (await world.services.users.get(linus.user.id)) ?? linus.user;
    const [own] = (await world.services.accountSessions.list(user)).toSorted((a, b) => b.startedAt - a.startedAt);
    world.clock.advance(1000);
    await end(own?.id ?? '');
    for (const node of [1, 0]) expect(await opened(thief, node)).toEqual({ userinfo: 401, code: false });
    expect(await refreshed(thief)).toBe(false);
    expect((await world.audited('session.ended')).at(-1)?.subject).toBe(linus.user.id);
  });
});
