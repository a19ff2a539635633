/**
 * A46. Somebody with the password forges, edits or copies the cookie of a remembered browser to be spared the second step
 * (GHSA-9phw-7h96-q3rv). The cookie is sealed, its secret is hashed in the store, and each use makes another one. A copy falls behind:
 * whoever comes second with it ends the browser, and its owner is told. Another password, method or sign-out everywhere ends it too.
 * Guards: `src/users/remembered-browsers.ts#RememberedBrowsers`, `src/oidc/sessions/account-sessions.ts#endRemembered`,
 * `interactions/remember.ts#recogniseBrowser`, `interactions/cookies.ts#createCookies`, `src/oidc/prompts/request-facts.ts#isRemembered`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { rememberedBrowserKind } from '../../src/records.ts';
import { Browser, formTo } from '../support/browser/plain.ts';
import { cookieViolations } from '../support/surface/cookies.ts';
import {
  leaveSession,
  rememberedBrowser,
  passwordAlone,
  rememberedCookie,
  sessionAlone,
  signInAndRemember,
} from '../support/world/remember.ts';
import {
  atClient,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const day = 86_400_000;
const asked = 'asked';
const spared = { acr: 'sfa', amr: ['pwd'] };

const cookieIn = ({ jar }: Browser) => jar.cookies.find(({ name }) => name === rememberedCookie);

describe.each(everyStore)('A46 on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let noor: TestPerson;
  beforeAll(async () => {
    world = await startWorld({ store, nodes: 2, env: { SALLYPORT_REMEMBER_BROWSER: '14d' } });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    ({ noor } = world.people);
  }, 30_000);
  afterAll(() => world.close());
  // Each test signs in from new browsers, of which ten an hour are told by mail.
  beforeEach(() => world.clock.advance(3_600_000));

  /** A browser that is remembered for this person, without a session. */
  const rememberedFor = async (person: TestPerson): Promise<Browser> => rememberedBrowser(world, rp, person);
  const copyOf = ({ jar }: Browser): Browser => new Browser(world.place, jar.copy());
  const records = async () => world.store.durable.collection(rememberedBrowserKind).find({ userId: noor.user.id });
  const alarms = async (): Promise<number> => (await world.audited('remembered-browser.copied')).length;

  test('A46 the password alone signs its owner in, says so to the client, and renews the cookie, on each node', async () => {
    const browser = world.browser();
    expect(await signInAndRemember(rp, browser, noor)).toEqual({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    const first = cookieIn(browser);
    expect(cookieViolations(first?.header ?? '', false, [noor.user.id, noor.name])).toEqual([]);
    for (const node of [1, 0]) {
      leaveSession(browser);
      world.clock.advance(day);
      browser.node = node;
      expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
      expect(await sessionAlone(rp, browser, { prompt: 'none' })).toEqual(spared);
    }
    expect(cookieIn(browser)?.value).not.toBe(first?.value);
    await world.restart();
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect((await world.audited('remembered-browser.used')).length).toBe(3);
    expect(await alarms()).toBe(0);
  });

  test('A46 without the tick, no browser is remembered', async () => {
    const before = await records();
    const browser = world.browser();
    await signIn(rp, browser, noor);
    expect(cookieIn(browser)).toBeUndefined();
    expect(await records()).toEqual(before);
  });

  test('A46 a forged or edited cookie is worth nothing, and changes nothing stored', async () => {
    const browser = await rememberedFor(noor);
    const { value = '', path = '' } = cookieIn(browser) ?? {};
    const before = await records();
    const forged: readonly (readonly [name: string, value: string])[] = [
      [rememberedCookie, `${value.slice(0, -2)}AA`],
      [
        rememberedCookie,
        Buffer.from(JSON.stringify([{ userId: noor.user.id, secret: 'A', counter: 0 }])).toString('base64url'),
      ],
      [`${rememberedCookie}.sig`, 'A'.repeat(43)],
    ];
    for (const [name, wrong] of forged) {
      const thief = copyOf(browser);
      thief.jar.take([`${name}=${wrong}; path=${path}; httponly`]);
      expect(await passwordAlone(rp, thief, noor)).toBe(asked);
    }
    expect(await records()).toEqual(before);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
  });

  test('A46 the cookie of one person does not spare another in the same browser', async () => {
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, world.people.ada)).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
  });

  test('A46 in the session of another person their session is asked about first, and the password is still enough', async () => {
    const browser = await rememberedFor(noor);
    await signIn(rp, browser, world.people.linus);
    const request = await rp.begin({ prompt: 'select_account' });
    const chosen = await browser.visit(formTo(await browser.visit(request.url), /\/account$/).action, {
      form: { account: 'another' },
    });
    const page = await enterPassword(browser, chosen, noor);
    const library = await browser.visit(formTo(page, /\/switch$/).action, { form: {} });
    const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
    const done = await browser.visit(action, { form: hidden });
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: noor.user.id, ...spared });
  });

  test('A46 an earlier cookie comes back: it is asked, the browser is forgotten, and its owner is told once', async () => {
    const browser = await rememberedFor(noor);
    const thief = copyOf(browser);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    world.clock.advance(10_000);
    const [before, mails] = [await alarms(), (await world.mailsTo(noor)).length];
    expect(await passwordAlone(rp, thief, noor)).toBe(asked);
    expect(await alarms()).toBe(before + 1);
    const [mail, ...others] = (await world.mailsTo(noor)).slice(0, (await world.mailsTo(noor)).length - mails);
    expect([mail?.subject, others]).toEqual(['Somebody may have copied your browser’s data', []]);
    expect(await sessionAlone(rp, browser, { prompt: 'none' })).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor)).toBe(asked);
    expect(await alarms()).toBe(before + 1);
  });

  test('A46 a thief with the newest cookie comes first: the next use of its owner ends the session of the thief', async () => {
    const browser = await rememberedFor(noor);
    const thief = copyOf(browser);
    expect(await passwordAlone(rp, thief, noor)).toEqual(spared);
    expect(await sessionAlone(rp, thief, { prompt: 'none' })).toEqual(spared);
    world.clock.advance(60_000);
    const before = await alarms();
    expect(await passwordAlone(rp, browser, noor)).toBe(asked);
    expect(await alarms()).toBe(before + 1);
    expect(await sessionAlone(rp, thief, { prompt: 'none' })).toBe(asked);
  });

  test('A46 what the thief got in that session ends with it, also for offline use, and other sessions stay', async () => {
    const browser = await rememberedFor(noor);
    const thief = copyOf(browser);
    const desk = world.browser();
    // Each code of the app counts once.
    world.clock.advance(60_000);
    await signIn(rp, desk, noor);
    const keeper = await openRelyingParty(
      world,
      await world.addClient({ id: `keeper-${store.name}`, first_party: false }),
    );
    expect(await passwordAlone(rp, thief, noor)).toEqual(spared);
    const request = await keeper.begin({ scope: 'openid offline_access', prompt: 'consent' });
    const consent = formTo(await thief.visit(request.url), /\/consent$/).action;
    const agreed = await thief.visit(consent, { form: { answer: 'allow' } });
    const stolen = await request.redeem(thief.next(agreed) ?? world.issuer);
    const refreshed = await oidc.refreshTokenGrant(keeper.config, stolen.refresh_token ?? '');
    world.clock.advance(60_000);
    expect(await passwordAlone(rp, browser, noor)).toBe(asked);
    for (const node of [1, 0]) {
      const headers = { authorization: `Bearer ${refreshed.access_token}` };
      expect((await world.browser().go('/me', { node, headers })).status).toBe(401);
    }
    const again = oidc.refreshTokenGrant(keeper.config, refreshed.refresh_token ?? '');
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await world.audited('session.ended')).at(-1)).toMatchObject({
      subject: noor.user.id,
      facts: { reason: 'remembered-browser-copied', count: 1 },
    });
    expect(await sessionAlone(rp, desk, { prompt: 'none' })).not.toBe(asked);
  });

  test('A46 two tabs that send one cookie at the same time are both spared, and stay remembered', async () => {
    const browser = await rememberedFor(noor);
    const before = await alarms();
    const tabs = [browser, copyOf(browser)];
    for (const [node, tab] of tabs.entries()) tab.node = node;
    expect(await Promise.all(tabs.map(async tab => passwordAlone(rp, tab, noor)))).toEqual([spared, spared]);
    world.clock.advance(60_000);
    for (const tab of tabs) leaveSession(tab);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect(await alarms()).toBe(before);
  });

  test('A46 fourteen days after the second step the browser is asked again, however often it was used', async () => {
    const browser = await rememberedFor(noor);
    world.clock.advance(14 * day - 120_000);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    // The browser keeps what its owner tells it to keep.
    const { name, value, path } = cookieIn(browser) ?? { name: '', value: '', path: '' };
    const signature = browser.jar.cookies.find(each => each.name === `${rememberedCookie}.sig`);
    world.clock.advance(120_000);
    browser.jar.take([`${name}=${value}; path=${path}`, `${name}.sig=${signature?.value}; path=${path}`]);
    expect(await sessionAlone(rp, browser, { prompt: 'none' })).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor)).toBe(asked);
  });

  const changes: Readonly<Record<string, (person: TestPerson) => Promise<unknown>>> = {
    'a method more': async ({ user }) =>
      world.services.authenticators.bind(user.id, {
        type: 'phone',
        label: 'Office',
        data: { number: '+12025550199', kind: 'office' },
      }),
    'a method less': async ({ user }) => {
      const now = await world.services.users.get(user.id);
      return world.services.authenticatorRemoval.remove(user.id, now?.authenticators.at(-1) ?? '');
    },
    'another password': async ({ user }) => {
      const { passwordHash = '' } = (await world.services.users.get(user.id)) ?? {};
      // The hash stays, so that the other tests can go on: what ends the browser here is the sign-out that comes with it.
      return world.services.users.setPassword(user.id, passwordHash, 'cli');
    },
    'an end of all sessions': async ({ user }) => world.services.accountSessions.endAll(user.id, { actor: 'cli' }),
  };
  test.each(Object.entries(changes))(
    'A46 after %s the browser is asked again, with its session too',
    async (_, change) => {
      const browser = await rememberedFor(noor);
      expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
      world.clock.advance(1000);
      await change(noor);
      expect(await sessionAlone(rp, browser, { prompt: 'none' })).toBe(asked);
      leaveSession(browser);
      world.clock.advance(1000);
      expect(await passwordAlone(rp, browser, noor)).toBe(asked);
      expect(cookieIn(browser)).toBeUndefined();
    },
  );
});
