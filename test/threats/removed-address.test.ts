/**
 * RFC 9700 §4.1. An operator removes a redirect address because somebody else controls it now. Sign-ins that had begun with it
 * still end there, and a code that was caught there still gives tokens, because the library compares a code with the address of
 * its own request only.
 * Guard: `src/oidc/prompts/guard-prompt.ts#refuseRemovedAddress` for sign-ins, `src/oidc/removed-address.ts#refuseRemovedAddresses` for codes,
 * `src/oidc/sign-out/sign-out.ts#leadsToRemoved` for sign-outs.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, redeem, refresh, signedIn, signIn } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { stores } from '../support/world/stores.ts';

const kept = 'https://kept.test/cb';

describe.each(stores)('RFC 9700 on $name', store => {
  let world: World;
  let rp: Rp;
  beforeEach(async () => {
    world = await openWorld({ store });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.clients.change('contoso', { add: { redirect_uris: [kept] } }, 'cli');
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  /** Removes the address. The node knows within a second, also where the notice comes late. */
  const remove = async () => {
    const removed = await world.clients.change('contoso', { remove: { redirect_uris: [rp.redirectUri] } }, 'cli');
    world.clock.advance(1_000);
    return removed;
  };

  test('RFC 9700 a sign-in that began before its address was removed ends on our page, without a code', async () => {
    const [browser, twin] = [new Browser(world), new Browser(world)];
    const asked = await authorize(browser, rp);
    const other = await authorize(twin, { ...rp, redirectUri: kept });
    expect((await remove()).ok).toBe(true);

    const ended = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    expect([ended.at, ended.answer.status]).toEqual(['page', 400]);
    expect(ended.answer.text).toContain('invalid_redirect_uri');
    expect(ended.url.href + JSON.stringify(ended.answer.headers)).not.toContain('code=');

    const done = await twin.open('POST', other.url.pathname, { json: signedIn(world, 'ada') });
    expect(done.params['code']).toEqual(expect.any(String));
    expect(world.logged).toContainEqual({
      event: 'authorization.error',
      fields: expect.objectContaining({ reason: 'invalid_redirect_uri' }),
    });
  });

  test('RFC 9700 a code that was sent to an address before its removal gives no tokens; other tokens stay', async () => {
    const got = await redeem(
      world,
      { ...rp, redirectUri: kept },
      await signIn(new Browser(world), { ...rp, redirectUri: kept }, 'ada'),
    );
    const caught = await signIn(new Browser(world), rp, 'ada');
    expect(caught.params['code']).toEqual(expect.any(String));
    expect((await remove()).ok).toBe(true);

    expect(await redeem(world, rp, caught)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect((await refresh(world, rp, got.refresh_token)).status).toBe(200);
    expect(world.audited).toContainEqual(expect.objectContaining({ event: 'token.refused', client: 'contoso' }));
  });

  test.each(['address', 'client'] as const)(
    'RFC 9700 a sign-out that was asked before its %s was removed ends on our page, signed out',
    async removed => {
      const uris = ['https://contoso.test/bye', 'https://kept.test/bye'];
      await world.clients.change('contoso', { add: { post_logout_redirect_uris: uris } }, 'cli');
      const signOut = async (uri: string, meanwhile?: () => Promise<unknown>) => {
        const browser = new Browser(world);
        await signIn(browser, rp, 'ada');
        const query = new URLSearchParams({ client_id: 'contoso', post_logout_redirect_uri: uri }).toString();
        const { answer } = await browser.open('GET', `/session/end?${query}`);
        const [, xsrf = ''] = /name="xsrf" value="([^"]*)"/.exec(answer.text) ?? [];
        await meanwhile?.();
        const left = await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
        return { text: left.answer.text, cookies: browser.cookies.filter(({ name }) => name.includes('session')) };
      };
      const [gone = '', stays = ''] = uris;
      expect((await signOut(stays)).text).toContain(stays);
      const change = { remove: { post_logout_redirect_uris: [gone] } };
      const ended = await signOut(gone, () =>
        removed === 'client' ? world.clients.remove('contoso', 'cli') : world.clients.change('contoso', change, 'cli'),
      );
      expect(ended.text).not.toContain(gone);
      expect(ended.text).toContain('/session/end/success');
      expect(ended.cookies).toEqual([]);
    },
  );
});
