/**
 * C46. A developer has a client approved, and then changes what people trust: its name on the pages, the home page to which they link, or
 * where browsers and tokens are sent. Or changes it between the look of an administrator and the approval, or lets something wait that no
 * client may have.
 * Guards: `src/oidc/clients/approval.ts#putAside`, `src/oidc/clients/approval.ts#isSameWhenApproved`,
 * `src/oidc/clients/planning.ts#createClientPlanning`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ClientMetadata } from 'oidc-provider';
import type { Registrar } from '../../src/oidc/clients/doors.ts';
import { approvedMembers } from '../../src/oidc/waiting-clients.ts';
import { authorize } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type World } from '../oidc/support/world.ts';
import { answerSignIn, openAccount } from '../portals/support/portal.ts';
import { formTo } from '../support/browser/plain.ts';
import { startWorld } from '../support/world/world.ts';

const developer: Registrar = { door: 'developer', actor: 'user:mallory' };
const lunch = {
  client_name: 'Lunch menu',
  client_uri: 'https://lunch.test/',
  redirect_uris: ['https://lunch.test/callback'],
  post_logout_redirect_uris: ['https://lunch.test/bye'],
  backchannel_logout_uri: 'https://lunch.test/logout',
};
/** What the developer would like people to see, and where to send browsers and tokens. */
const changes = [
  ['client_name', 'Payroll'],
  ['client_uri', 'https://payroll.evil.test/'],
  ['redirect_uris', ['https://lunch.test/callback', 'https://evil.test/callback']],
  ['post_logout_redirect_uris', ['https://lunch.test/bye', 'https://evil.test/']],
  ['backchannel_logout_uri', 'https://evil.test/logout'],
] as const;

describe('C46 an approved client', () => {
  let world: World;
  let id: string;
  beforeEach(async () => {
    world = await openWorld({ approval: 'required' });
    const added = await world.clients.add(lunch, developer);
    if (!added.ok) throw new Error(added.message);
    ({ id } = added);
    await approve();
  });
  afterEach(() => world.close());

  const stored = async (): Promise<ClientMetadata> => {
    const found = await world.clients.find(id);
    if (found === undefined) throw new Error('the client is gone');
    return found.metadata;
  };
  const approve = async (seen?: ClientMetadata) => world.clients.approve(seen ?? (await stored()), 'cli');
  const set = async (members: object, by: Registrar = developer) => world.clients.change(id, { set: members }, by);
  const isWaiting = async (): Promise<boolean> => (await world.clients.waiting()).length > 0;

  test('C46 is tried with each member that is approved', () => {
    expect(changes.map(([member]) => member)).toEqual(approvedMembers);
  });

  test.each(changes)('C46 goes on with its %s until the new value is approved', async (member, value) => {
    expect([await isWaiting(), await set({ [member]: value })]).toEqual([false, expect.objectContaining({ ok: true })]);
    expect(await stored()).toMatchObject(lunch);
    // Another change leaves it waiting.
    await set({ mfa_max_age: 600 });
    expect([await isWaiting(), await approve()]).toEqual([true, expect.objectContaining({ ok: true })]);
    expect(await stored()).toMatchObject({ ...lunch, [member]: value });
    expect(await isWaiting()).toBe(false);
    // What an operator changes counts at once.
    expect(await set({ [member]: lunch[member] }, 'cli')).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject(lunch);
  });

  test.each(changes)('C46 takes a new %s back', async (member, value) => {
    await set({ [member]: value });
    expect(await set({ [member]: lunch[member] })).toMatchObject({ ok: true });
    expect([await isWaiting(), await stored()]).toEqual([false, expect.objectContaining(lunch)]);
  });

  test('C46 gets a first value of a member only once it is approved', async () => {
    const none = { unset: ['client_uri', 'post_logout_redirect_uris', 'backchannel_logout_uri'] } as const;
    expect(await world.clients.change(id, none, developer)).toMatchObject({ ok: true });
    expect(await isWaiting()).toBe(false);
    const first = { client_uri: 'https://evil.test/', post_logout_redirect_uris: ['https://evil.test/'] };
    await set({ ...first, backchannel_logout_uri: 'https://evil.test/' });
    const { client_uri: uri, post_logout_redirect_uris: uris, backchannel_logout_uri: logout } = await stored();
    expect([uri, uris, logout]).toEqual([undefined, undefined, undefined]);
    await approve();
    expect(await stored()).toMatchObject(first);
  });

  test('C46 is approved as it was seen, or not at all', async () => {
    await set({ client_name: 'Lunch and dinner' });
    const seen = await stored();
    await set({ client_name: 'Payroll' });
    expect(await approve(seen)).toMatchObject({ ok: false, message: expect.stringContaining('changed since') });
    expect(await stored()).toMatchObject(lunch);
    expect(await approve()).toMatchObject({ ok: true });
  });

  test('C46 lets nothing wait that no client may have', async () => {
    for (const members of [
      { redirect_uris: [...lunch.redirect_uris, 'javascript:alert(1)'] },
      { post_logout_redirect_uris: ['https://evil.test/#x'] },
      { backchannel_logout_uri: 'http://evil.test/' },
      { client_name: 'Pay\u202Eroll' },
      { client_uri: 'javascript:alert(1)' },
    ]) {
      expect([members, await set(members)]).toEqual([members, expect.objectContaining({ ok: false })]);
    }
    expect([await isWaiting(), await stored()]).toEqual([false, expect.objectContaining(lunch)]);
  });

  test('C46 sends no browser to an address that waits', async () => {
    const rp = { id, redirectUri: 'https://lunch.test/callback' };
    expect((await authorize(new Browser(world), rp)).at).toBe('interaction');
    await set({ redirect_uris: [...lunch.redirect_uris, 'https://evil.test/callback'] });
    const evil = await authorize(new Browser(world), { ...rp, redirectUri: 'https://evil.test/callback' });
    expect([evil.at, evil.answer.status]).toEqual(['page', 400]);
    await set({ post_logout_redirect_uris: ['https://lunch.test/bye', 'https://evil.test/'] });
    const query = { client_id: id, post_logout_redirect_uri: 'https://evil.test/' };
    const leaving = await new Browser(world).open('GET', `/session/end?${new URLSearchParams(query).toString()}`);
    expect([leaving.at, leaving.answer.status]).toEqual(['page', 400]);
  });
});

test('C46 in the portal a new name waits, and the sign-in shows the approved one', async () => {
  const world = await startWorld({
    env: { SALLYPORT_FACTORS: 'call', SALLYPORT_DEVELOPERS: 'everyone', SALLYPORT_CLIENT_APPROVAL: 'required' },
  });
  try {
    const { ada } = world.people;
    const browser = world.browser();
    await openAccount(browser, ada, '/developer');
    const form = { client_name: 'Lunch menu', redirect_uris: 'https://lunch.test/callback' };
    const page = await browser.visit('/developer/new/web', { form });
    const clients = await world.services.clients();
    const [seen] = await clients.waiting();
    expect(seen && (await clients.approve(seen.metadata, 'cli'))).toMatchObject({ ok: true });

    const edit = await answerSignIn(browser, ada, await browser.visit(`${page.path}/edit`));
    const { action, hidden } = formTo(edit, /\/edit$/);
    const saved = await browser.visit(action, {
      form: { ...hidden, ...form, client_name: 'Payroll', second_step: 'request' },
    });
    expect(saved.text).toContain('These changes wait until an administrator approves them');
    expect(saved.text).toContain('<bdi>Payroll</bdi>');
    const query = new URLSearchParams({
      client_id: seen?.metadata.client_id ?? '',
      redirect_uri: 'https://lunch.test/callback',
      response_type: 'code',
      scope: 'openid',
      nonce: 'n',
    });
    const asked = await world.browser().visit(`/auth?${query.toString()}`);
    expect([asked.text.includes('Lunch menu'), asked.text.includes('Payroll')]).toEqual([true, false]);
  } finally {
    await world.close();
  }
});
