/**
 * C17. Products took a remembered browser for more than it is: issued before the second step was proven, honoured for a step-up, or
 * still good after the methods were replaced (CVE-2026-76207, CVE-2026-109313, better-auth#7644). Here it spares the second step only
 * where the password alone would do, and the token says `sfa`. The pages and the policy judge this on their own.
 * Guards: `src/oidc/prompts/remembered-browser.ts#allowsRemembered`, `interactions/remember.ts#rememberBrowser`,
 * `src/users/remembered-browser-validity.ts#canBeRemembered`, `src/oidc/prompts/request-facts.ts#isRemembered`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rememberedBrowserKind, userKind, type User } from '../../src/records.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { addDeviceClient, answer, askForCodes, typeCode } from '../support/world/device.ts';
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
  chooseOption,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { taskAt } from '../support/world/tasks.ts';

const asked = 'asked';
const spared = { acr: 'sfa', amr: ['pwd'] };

let world: World;
let rp: RelyingParty;
let noor: TestPerson;
beforeAll(async () => {
  world = await startWorld({
    env: {
      SALLYPORT_REMEMBER_BROWSER: '14d',
      SALLYPORT_FACTORS: 'totp,call,recovery-code,temporary-access-pass',
      SALLYPORT_BREAK_GLASS: 'ada',
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  await addDeviceClient(world, 'tv');
  ({ noor } = world.people);
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(60_000));

const rememberedFor = async (person: TestPerson): Promise<Browser> => rememberedBrowser(world, rp, person);
const cookieIn = ({ jar }: Browser) => jar.cookies.find(({ name }) => name === rememberedCookie);
const isRemembered = async ({ user }: TestPerson, browser: Browser): Promise<boolean> => {
  const found = await world.store.durable.collection(rememberedBrowserKind).find({ userId: user.id });
  return found.length > 0 || cookieIn(browser) !== undefined;
};
/** Whether a page asks for the code of an app, or for the button before it. */
const isCodePage = ({ text }: Answer): boolean => /name="code"|\/start"/.test(text);
const enterIfAsked = async (browser: Browser, page: Answer): Promise<Answer> =>
  /name="password"/.test(page.text) ? enterPassword(browser, page, noor) : page;
const start = async (browser: Browser, wish = {}) => {
  const request = await rp.begin(wish);
  return enterPassword(browser, await browser.visit(request.url), noor);
};
const factor = async (browser: Browser, page: Answer, form: Readonly<Record<string, string>>): Promise<Answer> =>
  browser.visit(formTo(page, /\/factor$/).action, { form });
const change = async ({ user }: TestPerson, members: Partial<User>): Promise<void> => {
  const users = world.store.durable.collection(userKind);
  const now = await users.get(user.id);
  if (now !== undefined) await users.replace({ ...now, ...members });
};
const forgetAll = async ({ user }: TestPerson): Promise<unknown> =>
  world.services.rememberedBrowsers.forgetAll(user.id, 'cli');

describe('C17 a request that wants more than the password, or a recent sign-in, is asked in a remembered browser', () => {
  const requests: readonly (readonly [what: string, wish: Readonly<Record<string, string>>])[] = [
    ['prompt=login', { prompt: 'login' }],
    ['prompt=mfa', { prompt: 'mfa' }],
    ['max_age', { max_age: '86400' }],
    ['max_age=0', { max_age: '0' }],
    ['acr_values', { acr_values: 'mfa' }],
    ['acr_values of an alias', { acr_values: 'https://refeds.org/profile/mfa' }],
    ['a voluntary acr claim', { claims: JSON.stringify({ id_token: { acr: { value: 'aal2' } } }) }],
    ['an essential acr claim', { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'mfa' } } }) }],
  ];
  test.each(requests)('C17 %s', async (_, wish) => {
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect(await sessionAlone(rp, browser, wish)).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor, wish)).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(rp, browser, noor, { acr_values: 'sfa' })).toEqual(spared);
  });

  const clients = {
    require_mfa: { require_mfa: true },
    min_acr: { min_acr: 'mfa' },
    mfa_max_age: { mfa_max_age: 86_400 },
  } as const;
  test.each(Object.entries(clients))('C17 a client with %s', async (id, metadata) => {
    const strict = await openRelyingParty(world, await world.addClient({ id, ...metadata }));
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect(await sessionAlone(strict, browser)).toBe(asked);
    leaveSession(browser);
    expect(await passwordAlone(strict, browser, noor)).toBe(asked);
  });

  test('C17 a task of the security page, which the person may look at', async () => {
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect((await browser.visit('/account')).status).toBe(200);
    expect(isCodePage(await enterIfAsked(browser, await browser.visit(taskAt(world, 'add-method'))))).toBe(true);
  });

  test('C17 a device that is connected', async () => {
    const browser = await rememberedFor(noor);
    const { user_code: code } = await askForCodes(world, 'tv');
    const password = await answer(browser, await typeCode(browser, code), 'allow');
    expect(isCodePage(await enterPassword(browser, password, noor))).toBe(true);
  });
});

describe('C17 a browser is remembered only by a second step of the sign-in that it is ticked in', () => {
  beforeEach(() => forgetAll(noor));

  test('C17 a tick with a wrong code, or with the form of the password, remembers nothing', async () => {
    const browser = world.browser();
    const page = await start(browser);
    expect((await factor(browser, page, { code: '000000', remember: 'yes' })).status).toBe(422);
    expect(await isRemembered(noor, browser)).toBe(false);
    const request = await rp.begin();
    const { action } = formTo(await world.browser().visit(request.url), /\/password$/);
    const { name, password } = noor;
    expect((await browser.go(action, { form: { name, password, remember: 'yes' } })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(await isRemembered(noor, browser)).toBe(false);
    // A code without the tick ends that sign-in.
    world.clock.advance(60_000);
    await factor(browser, page, { code: await noor.phone.code() });
    expect(await isRemembered(noor, browser)).toBe(false);
  });

  test('C17 a recovery code or a pass remembers nothing, whatever is ticked', async () => {
    const [code = ''] = await world.services.recoveryCodes.renew(noor.user.id, 'cli');
    const { pass } = await world.services.passes.issue(noor.user.id, {}, 'cli');
    for (const [row, typed] of [
      [/recovery code/u, code],
      [/temporary/iu, pass],
    ] as const) {
      const browser = world.browser();
      const page = await chooseOption(browser, await start(browser), row);
      const done = await factor(browser, page, { code: typed, remember: 'yes' });
      expect(browser.next(done)?.searchParams.has('code')).toBe(true);
      expect(await isRemembered(noor, browser)).toBe(false);
    }
  });

  test('C17 a sign-in that asks for more than the password, or for a task, remembers nothing', async () => {
    const addresses = [
      (await rp.begin({ acr_values: 'mfa' })).url,
      (await rp.begin({ max_age: '60' })).url,
      taskAt(world, 'add-method'),
    ];
    for (const address of addresses) {
      world.clock.advance(60_000);
      const browser = world.browser();
      const page = await enterPassword(browser, await browser.visit(address), noor);
      const done = await factor(browser, page, { code: await noor.phone.code(), remember: 'yes' });
      expect(done.status).toBeLessThan(400);
      expect(await isRemembered(noor, browser)).toBe(false);
    }
  });

  test('C17 a step-up, or a new sign-in of the session, remembers nothing', async () => {
    const browser = world.browser();
    await signIn(rp, browser, noor);
    for (const wish of [{ prompt: 'mfa' }, { acr_values: 'aal2', prompt: 'login' }]) {
      world.clock.advance(60_000);
      const request = await rp.begin(wish);
      let page = await browser.visit(request.url);
      if (/name="password"/.test(page.text)) page = await enterPassword(browser, page, noor);
      else page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
      const done = await factor(browser, page, { code: await noor.phone.code(), remember: 'yes' });
      expect(browser.next(done)?.searchParams.has('code')).toBe(true);
      expect(await isRemembered(noor, browser)).toBe(false);
    }
  });
});

describe('C17 a remembered browser does not count', () => {
  test('C17 once its person has forgotten it: the session is asked at its next request', async () => {
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    expect(await sessionAlone(rp, browser, { prompt: 'none' })).toEqual(spared);
    await forgetAll(noor);
    expect(await sessionAlone(rp, browser, { prompt: 'none' })).toBe(asked);
    // The second step makes the session good again.
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    const second = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    world.clock.advance(30_000);
    const done = await factor(browser, second, { code: await noor.phone.code() });
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ acr: 'aal2' });
  });

  test('C17 for an account for an emergency, and none is remembered for it', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const page = await chooseOption(
      browser,
      await enterPassword(browser, await browser.visit(request.url), ada),
      /app/u,
    );
    const done = await browser.visit(formTo(page, /\/factor$/).action, {
      form: { code: await ada.phone.code(), remember: 'yes' },
    });
    expect(browser.next(done)?.searchParams.has('code')).toBe(true);
    expect(await isRemembered(ada, browser)).toBe(false);
  });

  const states = {
    'who must choose another password': (now: number) => ({ passwordChangeRequiredAt: now }),
    'who signs in no weaker than by a passkey': () => ({ minAcr: 'phr' }),
  } satisfies Readonly<Record<string, (now: number) => Partial<User>>>;
  test.each(Object.entries(states))('C17 for a person %s', async (_, members) => {
    const browser = await rememberedFor(noor);
    expect(await passwordAlone(rp, browser, noor)).toEqual(spared);
    world.clock.advance(60_000);
    const before = (await world.services.users.get(noor.user.id)) ?? noor.user;
    await change(noor, members(world.clock()));
    expect(await sessionAlone(rp, browser, { prompt: 'none' })).toBe(asked);
    leaveSession(browser);
    const request = await rp.begin();
    expect(isCodePage(await enterPassword(browser, await browser.visit(request.url), noor))).toBe(true);
    const { passwordChangeRequiredAt: _required, minAcr: _least, ...rest } = before;
    const users = world.store.durable.collection(userKind);
    await users.replace({ ...rest, rev: (await users.get(noor.user.id))?.rev ?? 0 });
  });

  test('C17 where nobody turned it on: a tick is ignored, and a kept cookie too', async () => {
    const off = await startWorld();
    try {
      const client = await openRelyingParty(off, await off.addClient({ id: 'contoso' }));
      const browser = off.browser();
      await signInAndRemember(client, browser, off.people.noor);
      expect(cookieIn(browser)).toBeUndefined();
      leaveSession(browser);
      expect(await passwordAlone(client, browser, off.people.noor)).toBe(asked);
    } finally {
      await off.close();
    }
  });
});
