/**
 * ASVS 10.7.2. A client asks for the e-mail address by a single claim instead of its scope. A page that lists only
 * scopes shows an empty list, or "Know who you are here". A person who presses Allow lets the client read the address.
 * Guards: `src/scopes/scopes.ts#scopeOfClaim`, and the `scopes` in
 * `interactions/protocols/oidc/request.ts#signInOf`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formTo, heading, type Answer } from '../support/browser/plain.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const listed = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/<svg class="tick"[^]*?<span>([^<]*)<\/span>/g)].map(([, words = '']) => words);

const claims = (...names: readonly string[]): Readonly<Record<string, string>> => ({
  scope: 'openid',
  claims: JSON.stringify({ userinfo: Object.fromEntries(names.map(name => [name, null])) }),
});

describe('ASVS 10.7.2 the consent page', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'third', first_party: false }));
  });
  afterAll(() => world.close());

  test('ASVS 10.7.2 the consent page names the requested scopes', async () => {
    const browser = world.browser();
    const request = await rp.begin({ scope: 'openid email' });
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    expect([heading(page), listed(page)]).toEqual([
      'Let Contoso Office see your account?',
      ['Know who you are here', 'See your e-mail address'],
    ]);
  });

  test('ASVS 10.7.2 the consent page names single requested claims, on the first visit and later', async () => {
    const browser = world.browser();
    const request = await rp.begin(claims('email'));
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    expect(listed(page)).toEqual(['Know who you are here', 'See your e-mail address']);
    const { action } = formTo(page, /\/consent$/);
    const tokens = await request.redeem(atClient(browser, await browser.visit(action, { form: { answer: 'allow' } })));
    const told = await browser.go('/me', { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(JSON.parse(told.text)).toEqual({ sub: world.people.linus.user.id, email: 'linus@example.com' });

    const more = await rp.begin(claims('email', 'preferred_username'));
    expect(listed(await browser.visit(more.url))).toEqual(['See your name, language and time zone']);
  });
});
