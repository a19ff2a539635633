/**
 * The developer portal: a developer registers a client, gets its secret once, changes and deletes it; others are turned away. Guards:
 * `portals/developer/index.ts#developerRoutes`, `portals/developer/once.ts#createOnceCookie`, `src/developer-access.ts#mayDevelop`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { answerSignIn, openAccount } from './support/portal.ts';

let world: World;
let ada: TestPerson;
let grace: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'call', SALLYPORT_DEVELOPERS: 'developers' } });
  ({ ada, grace } = world.people);
  for (const { user } of [ada, grace])
    await world.services.users.setProfile(user.id, { groups: ['developers'] }, 'cli');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

const secretIn = ({ text }: Answer): string | undefined => /<code[^>]* id="client-secret">([^<]+)</.exec(text)?.[1];
const clientIdIn = ({ path }: Answer): string => /\/clients\/([^/?]+)/.exec(path)?.[1] ?? '';

/** Registers a client of one's own. Gives the page after it. */
const register = async (person: TestPerson, of: Browser = browser): Promise<Answer> => {
  await openAccount(of, person, '/developer');
  return of.visit('/developer/new/web', {
    form: { client_name: 'Contoso', redirect_uris: 'http://localhost:3000/callback' },
  });
};

describe('a developer', () => {
  test('registers a client, sees its secret once, and finds it in the list', async () => {
    const empty = await openAccount(browser, ada, '/developer');
    expect([heading(empty), empty.text.includes('You have no clients yet')]).toEqual(['Clients', true]);
    const choose = await browser.visit('/developer/new');
    expect(choose.text).toContain('/developer/new/grafana');
    const form = await browser.visit('/developer/new/web');
    expect(formTo(form, /\/developer\/new\/web$/).action).toContain('/developer/new/web');
    const page = await register(ada);
    const secret = secretIn(page);
    expect([heading(page), secret?.length]).toEqual(['Contoso', 43]);
    expect(page.text).toContain(`&quot;${secret}&quot;`);
    const again = await browser.visit(page.path);
    expect(secretIn(again)).toBeUndefined();
    expect(again.text).not.toContain(secret);
    const list = await browser.visit('/developer');
    expect(list.text).toContain(clientIdIn(page));
    const token = await fetch(new URL('/token', world.issuer), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientIdIn(page)}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: 'http://localhost:3000/callback',
      }),
    });
    // The secret is right, and the code is not.
    expect(await token.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('registers known software by its address, and gets its configuration', async () => {
    await openAccount(browser, ada, '/developer');
    const form = { client_name: 'Dashboards', url: 'https://grafana.contoso.example/' };
    const page = await browser.visit('/developer/new/grafana', { form });
    const secret = secretIn(page) ?? 'none';
    expect(page.text).toContain('https://grafana.contoso.example/login/generic_oauth');
    expect(page.text).toContain(secret);
    expect(page.text).toMatch(/id="snippet-grafana" checked/);
  });

  test('is told what is wrong with an address, in the form and while it is filled in', async () => {
    await openAccount(browser, ada, '/developer');
    const form = { client_name: 'Contoso', redirect_uris: 'http://contoso.example/callback' };
    const refused = await browser.visit('/developer/new/web', { form });
    expect([refused.status, refused.text.includes('redirect_uris: got')]).toEqual([422, true]);
    expect(refused.text).toContain('http://contoso.example/callback</textarea>');
    const checked = await browser.visit('/developer/new/web/check', { form });
    expect(JSON.parse(checked.text)).toMatchObject({ field: 'redirect_uris' });
    const right = await browser.visit('/developer/new/web/check', {
      form: { ...form, redirect_uris: 'https://contoso.example/callback' },
    });
    expect(JSON.parse(right.text)).toEqual({});
  });

  test('changes only what the form changed', async () => {
    const page = await register(ada);
    const { path } = page;
    const form = await browser.visit(`${path}/edit`);
    const values = {
      client_name: 'Contoso',
      redirect_uris: 'http://localhost:3000/callback\r\nhttps://contoso.example/callback',
      post_logout_redirect_uris: '',
      second_step: 'mfa',
      mfa_max_age: '600',
      client_uri: '',
      backchannel_logout_uri: '',
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
    };
    expect(heading(form)).toBe('Change the client');
    const saved = await browser.visit(`${path}/edit`, { form: values });
    expect(saved.text).toContain('Your changes are saved');
    const stored = (await (await world.services.clients()).find(clientIdIn(page)))?.metadata;
    expect(stored).toMatchObject({
      redirect_uris: ['http://localhost:3000/callback', 'https://contoso.example/callback'],
      require_mfa: true,
      mfa_max_age: 600,
      token_endpoint_auth_method: 'client_secret_post',
      registered_by: 'developer',
    });
    const unchanged = await browser.visit(`${path}/edit`, { form: values });
    expect(unchanged.text).toContain('There was nothing to change');
  });

  test('replaces the secret: two work, then the old one is ended', async () => {
    const page = await register(ada);
    const first = secretIn(page);
    const made = await browser.visit(`${page.path}/secret`, { form: { old: 'keep' } });
    const second = secretIn(made);
    expect([second?.length, second === first]).toEqual([43, false]);
    expect(made.text).toContain('The old secret works until');
    const third = await browser.visit(`${page.path}/secret`, { form: { old: 'keep' } });
    expect([third.status, third.text.includes('two secrets already')]).toEqual([409, true]);
    const ended = await browser.visit(`${page.path}/secret/end-old`, { form: {} });
    expect(ended.text).toContain('The old secret is ended');
  });

  test('shares a client with the team, and deletes it', async () => {
    const page = await register(ada);
    const { path } = page;
    const nobody = await browser.visit(`${path}/team`, { form: { name: 'nobody', role: 'member' } });
    const other = await browser.visit(`${path}/team`, { form: { name: 'linus', role: 'member' } });
    expect([nobody.status, other.status]).toEqual([422, 422]);
    expect(other.text.replaceAll('linus', 'nobody').replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, '')).toBe(
      nobody.text.replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, ''),
    );
    const theirs = world.browser();
    await openAccount(theirs, grace, '/developer');
    expect((await theirs.visit(path)).status).toBe(404);
    await browser.visit(`${path}/team`, { form: { name: grace.name, role: 'member' } });
    expect((await theirs.visit(path)).status).toBe(200);
    const deleted = await browser.visit(`${path}/delete`, { form: {} });
    expect(deleted.text).toContain('The client is deleted');
    expect([(await browser.visit(path)).status, (await theirs.visit(path)).status]).toEqual([404, 404]);
  });

  test('sees the last refused requests of a client', async () => {
    const page = await register(ada);
    const id = clientIdIn(page);
    world.services.clientRefusals.note(id, {
      code: 'IDP-4101',
      error: 'invalid_redirect_uri',
      endpoint: 'authorization',
      sent: 'http://localhost:3000/callback/',
      registered: 'http://localhost:3000/callback',
    });
    await world.services.clientRefusals.close();
    const shown = await browser.visit(page.path);
    expect(shown.text).toContain('http://localhost:3000/callback<mark>/</mark>');
    expect(shown.text).toContain('/errors/IDP-4101');
  });

  test('sees why the last sign-ins needed a second step, and not those of an earlier client with this id', async () => {
    const page = await register(ada);
    const id = clientIdIn(page);
    const { clientSignIns } = world.services;
    const decided = ['rule outside', 'person', '__proto__'];
    clientSignIns.note(id, { required: 'aal2', mfaMaxAge: 600, how: 'asked', factor: 'call', decided });
    await clientSignIns.close();
    const { text } = await browser.visit(page.path);
    expect(text.replaceAll(/<[^>]*>/g, '')).toMatch(
      /A second step was asked for call.*\n?.*aal2 · a second step at most 600 s old/,
    );
    expect(text).toMatch(/>outside<\/code> · the person.*>__proto__<\/code>/);
    await browser.visit(`${page.path}/delete`, { form: {} });
    expect(await clientSignIns.of(id)).toEqual([]);
  });
});

test('the page of a client says when it last got tokens, by each grant type', async () => {
  const page = await register(ada);
  const id = clientIdIn(page);
  expect(page.text).toContain('none in the last 30 days');
  const { clientTokens } = world.services;
  clientTokens.note(id, { grantType: 'authorization_code' });
  clientTokens.note(id, { grantType: 'refresh_token' });
  await clientTokens.close();
  const { text } = await browser.visit(page.path);
  expect(text).toMatch(/authorization_code<\/code> <span class="note"><time/);
  expect(text).toMatch(/refresh_token<\/code> <span class="note"><time/);
  await browser.visit(`${page.path}/delete`, { form: {} });
  expect(await clientTokens.of(id)).toEqual([]);
});

describe('the developer portal', () => {
  test('turns away a person who is no developer, on pages and forms', async () => {
    const { linus } = world.people;
    const page = await openAccount(browser, linus, '/developer');
    expect([page.status, heading(page)]).toEqual([403, 'This page is for developers']);
    const form = { client_name: 'Contoso', redirect_uris: 'http://localhost:3000/callback' };
    expect((await browser.visit('/developer/new/web', { form })).status).toBe(403);
    expect((await browser.visit('/developer/new/web/check', { form })).status).toBe(403);
  });

  test('asks for a fresh sign-in before a secret, a change, a deletion and the team, not before a new client', async () => {
    const page = await register(ada);
    world.clock.advance(5 * 60_000 + 1000);
    for (const [path, form] of [
      ['/secret', { old: 'keep' }],
      ['/secret/end-old', {}],
      ['/edit', { client_name: 'Other' }],
      ['/delete', {}],
      ['/team', { name: grace.name, role: 'owner' }],
      ['/team/remove', { person: ada.user.id }],
    ] as const) {
      const asked = await browser.go(`${page.path}${path}`, { form });
      expect([path, asked.status, String(asked.headers['location'])]).toEqual([
        path,
        303,
        expect.stringContaining('max_age=300'),
      ]);
    }
    // Before the form, so that no typed text is lost. The team is also there to be read.
    for (const [path, status] of [
      ['/secret', 303],
      ['/edit', 303],
      ['/delete', 303],
      ['/team', 200],
    ] as const)
      expect([path, (await browser.go(`${page.path}${path}`)).status]).toEqual([path, status]);
    const form = { client_name: 'Second', redirect_uris: 'http://localhost:3000/callback' };
    expect(heading(await browser.visit('/developer/new/web', { form }))).toBe('Second');
    const asked = await browser.visit(`${page.path}/secret`, { form: { old: 'keep' } });
    const back = await answerSignIn(browser, ada, asked);
    expect([back.path.endsWith('/secret'), back.text.includes('once more')]).toEqual([true, true]);
  });

  test.each([
    ['/secret/end-old', {}, ''],
    ['/team/remove', { person: 'somebody' }, '/team'],
  ] as const)('leads back to the page with the form after a fresh sign-in: %s', async (path, form, page) => {
    const client = (await register(ada)).path;
    world.clock.advance(5 * 60_000 + 1000);
    const back = await answerSignIn(browser, ada, await browser.visit(`${client}${path}`, { form }));
    expect([back.path, back.text.includes('once more')]).toEqual([`${client}${page}`, true]);
  });

  test('has a session of its own: that of the security page is not enough', async () => {
    await openAccount(browser, ada, '/account');
    const page = await browser.go('/developer');
    expect([page.status, String(page.headers['location'])]).toEqual([
      303,
      expect.stringContaining('client_id=developer'),
    ]);
  });
});
