/** Tests the operator's scopes and words where people and clients meet them: pages in each language, tokens, discovery, registration. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addNewcomer } from '../support/browser/newcomer.ts';
import { formTo, type Answer } from '../support/browser/plain.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const file = `
scopes:
  badge:
    claims: [name, groups]
    words: { en: See your badge, de: Ihr Namensschild sehen, fr: Voir votre badge }
  files:read:
    words: { en: Read your files <b>all</b> }
claims:
  groups: { en: See your teams, de: Ihre Teams sehen, fr: Voir vos équipes }
`;

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_SCOPES: file } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'third', name: 'Third', first_party: false }));
  await world.addClient({
    id: 'files',
    name: 'Files',
    redirectUris: [],
    resource: 'https://files.test/',
    resource_scopes: ['files:read'],
  });
});
afterAll(() => world.close());

/** The lines of a consent page, as markup. */
const listed = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/<svg class="tick"[^]*?<span>([^]*?)<\/span><\/li>/g)].map(([, words = '']) => words);

const ask = async (wish: Readonly<Record<string, string>>) => {
  const person = await addNewcomer(world);
  await world.services.users.setProfile(person.user.id, { groups: ['sales'] }, 'cli');
  const browser = world.browser();
  const request = await rp.begin({ scope: 'openid badge', ...wish });
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  return { person, browser, request, page };
};

test.each([
  ['en', ['Know who you are here', 'See your badge']],
  ['de', ['Wissen, wer Sie hier sind', 'Ihr Namensschild sehen']],
  ['fr', ['Savoir qui vous êtes ici', 'Voir votre badge']],
])('the consent page says it in %s', async (language, lines) => {
  expect(listed((await ask({ ui_locales: language })).page)).toEqual(lines);
});

test('a single claim has its own words', async () => {
  const claims = JSON.stringify({ userinfo: { groups: null } });
  const { page } = await ask({ scope: 'openid', claims, ui_locales: 'fr' });
  expect(listed(page)).toEqual(['Savoir qui vous êtes ici', 'Voir vos équipes']);
});

test('words of an API name the API; English ones are marked as English, and no markup of theirs counts', async () => {
  const { page } = await ask({ scope: 'openid files:read', resource: 'https://files.test/', ui_locales: 'de' });
  expect(listed(page)[1]).toBe(
    '<span lang="en">Read your files &lt;b&gt;all&lt;/b&gt;</span> <small><bdi dir="ltr">https://files.test/</bdi></small>',
  );
});

test('the scope opens its claims, and the page of apps lists it', async () => {
  const { person, browser, request, page } = await ask({});
  const allowed = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  const tokens = await request.redeem(atClient(browser, allowed));
  expect(tokens.scope).toBe('openid badge');
  const told = await browser.go('/me', { headers: { authorization: `Bearer ${tokens.access_token}` } });
  expect(JSON.parse(told.text)).toEqual({ sub: person.user.id, name: person.name, groups: ['sales'] });
  expect((await browser.visit('/account/apps')).text).toContain('<li>See your badge</li>');
});

test('discovery names it, and a client can be registered for it', async () => {
  const answer = await fetch(new URL('/.well-known/openid-configuration', world.issuer));
  const { scopes_supported: scopes } = (await answer.json()) as { readonly scopes_supported: readonly string[] };
  expect(scopes).toEqual(expect.arrayContaining(['openid', 'profile', 'email', 'groups', 'badge', 'offline_access']));
  const clients = await world.services.clients();
  const wish = { redirect_uris: ['https://narrow.test/cb'], scope: 'openid badge' };
  expect(await clients.add({ client_id: 'narrow', ...wish }, 'cli')).toMatchObject({ ok: true });
  expect(await clients.add({ client_id: 'odd', ...wish, scope: 'openid medal' }, 'cli')).toMatchObject({ ok: false });
});
