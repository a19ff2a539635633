/**
 * Tests tabs that were left open while another tab changed the session of their browser. Such a tab goes on, or says that it has
 * ended, before it sends anything or compares a code.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const minute = 60_000;

let world: World;
let rp: RelyingParty;
/** Wants a second step of the last five minutes. */
let strict: RelyingParty;
let ada: TestPerson;
/** The authenticator of Ada's phone, and of her app. */
let bound: { readonly phone: string; readonly app: string };
let linus: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,sms,call' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  strict = await openRelyingParty(world, await world.addClient({ id: 'strict', mfa_max_age: 300 }));
  ({ ada, linus } = world.people);
  const stored = await world.services.authenticators.of(ada.user);
  const idOf = (type: string): string => stored.find(each => each.type === type)?.id ?? '';
  bound = { phone: idOf('phone'), app: idOf('totp') };
  await world.services.authenticators.prefer(ada.user.id, bound.app, 'totp');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

interface Tab {
  readonly request: Request;
  readonly page: Answer;
}
const post = async (page: Answer, path: string, form: Record<string, string> = {}): Promise<Answer> =>
  browser.visit(`/interaction/${uidOf(page)}/${path}`, { form });
const byCode = async (page: Answer): Promise<Answer> => {
  world.clock.advance(minute);
  return enterCode(browser, page, codeAt(ada, world.clock()));
};
/** What was sent until now, and the attempts left in the tab of `page`. */
const costs = async (page: Answer) => ({
  sent: (await world.audited('challenge.sent')).length,
  resent: (await world.audited('challenge.resent')).length,
  passed: (await world.audited('challenge.passed')).length,
  attemptsLeft: (await world.services.challenges.current(`sign-in:${uidOf(page)}`))?.attemptsLeft,
});

/** A step-up of a session that was proven by a code six minutes ago. */
const stepUp = async (): Promise<Tab> => {
  const first = await rp.begin();
  const asked = await enterPassword(browser, await browser.visit(first.url), ada);
  await first.redeem(atClient(browser, await byCode(asked)));
  world.clock.advance(6 * minute);
  const request = await strict.begin();
  const page = await browser.visit(request.url);
  expect(heading(page)).toBe('Confirm it’s you');
  return { request, page };
};
const method = (way: 'call' | 'sms'): Record<string, string> => ({ method: `${way}:${bound.phone}` });

/** Forms that send a message or compare a code. `prepare`: what must be open for the form to do so. */
const forms: readonly (readonly [
  path: string,
  form: () => Record<string, string>,
  prepare: (page: Answer) => Promise<unknown>,
])[] = [
  ['options', () => method('call'), async () => undefined],
  ['options', () => method('sms'), async () => undefined],
  [
    'again',
    () => ({}),
    async page => {
      await post(page, 'options', method('call'));
      await ada.phone.ringing();
      await ada.phone.decline();
      expect((await browser.visit(page.path)).text).toContain('/again"');
    },
  ],
  [
    'resend',
    () => ({}),
    async page => {
      await post(page, 'options', method('sms'));
      world.clock.advance(minute);
    },
  ],
  ['factor', () => ({ code: '000000' }), async page => post(page, 'start')],
];

/** Ways in which another tab changes the session. */
const changes = {
  async 'stepped up'(): Promise<void> {
    const other = await strict.begin();
    const asked = await post(await browser.visit(other.url), 'start');
    await other.redeem(atClient(browser, await byCode(asked)));
  },
  async 'signed out'(): Promise<void> {
    const question = await browser.visit('/session/end');
    const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
    expect(heading(await browser.visit(action, { form: { ...hidden, logout: 'yes' } }))).toBe('You’re signed out');
  },
  async 'signed in as somebody else'(): Promise<void> {
    const other = await rp.begin({ prompt: 'login' });
    const question = await enterPassword(browser, await browser.visit(other.url), linus);
    const library = await browser.visit(formTo(question, /\/switch$/).action, { form: {} });
    const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
    await other.redeem(atClient(browser, await browser.visit(action, { form: hidden })));
  },
};

describe.each(Object.keys(changes) as readonly (keyof typeof changes)[])('another tab has %s', change => {
  test.each(forms)('POST …/%s of an open step-up sends nothing and compares nothing', async (path, form, prepare) => {
    const { request, page } = await stepUp();
    await prepare(page);
    await changes[change]();
    const before = await costs(page);
    const onward = await post(page, path, form());
    expect(await costs(page)).toEqual(before);
    const ended =
      onward.status === 403 ? heading(onward) : (await request.redeem(atClient(browser, onward))).claims()?.sub;
    expect(ended).toBe(change === 'stepped up' ? ada.user.id : 'Let’s start again');
  });
});

test.each(forms)('POST …/%s of a step-up whose session is the same does its work', async (path, form, prepare) => {
  const { page } = await stepUp();
  await prepare(page);
  const before = await costs(page);
  await post(page, path, form());
  expect(await costs(page)).not.toEqual(before);
});

const asked = async (wish = {}): Promise<Tab> => {
  const request = await rp.begin(wish);
  return { request, page: await browser.visit(request.url) };
};

const signInElsewhere = async (): Promise<void> => {
  await world.services.authenticators.prefer(ada.user.id, bound.phone, 'call');
  const other = await asked();
  const calling = await enterPassword(browser, other.page, ada);
  await pickUp(ada, '#');
  await other.request.redeem(atClient(browser, await checkAgain(browser, calling)));
  world.clock.advance(1_000);
};

describe('another tab has signed in the person whose password is typed', () => {
  afterAll(() => world.services.authenticators.prefer(ada.user.id, bound.app, 'totp'));

  test('the right password goes on and causes no second call', async () => {
    const { request, page } = await asked();
    await signInElsewhere();
    const before = await costs(page);
    const onward = await enterPassword(browser, page, ada);
    expect(await costs(page)).toEqual(before);
    expect((await request.redeem(atClient(browser, onward))).claims()).toMatchObject({ sub: ada.user.id, acr: 'mfa' });
  });

  test('a request for a new sign-in (prompt=login) is not answered by that session', async () => {
    const { page } = await asked({ prompt: 'login' });
    await signInElsewhere();
    expect(heading(await enterPassword(browser, page, ada))).toBe('We’re calling +1 ••• 43');
  });

  test('the password of somebody else does not go on as that person', async () => {
    const { request, page } = await asked();
    await signInElsewhere();
    // The library ends the other session with a form of its own.
    const { action, hidden } = formTo(await enterPassword(browser, page, linus), /\/session\/end\/confirm$/);
    const onward = await browser.visit(action, { form: hidden });
    expect((await request.redeem(atClient(browser, onward))).claims()).toMatchObject({
      sub: linus.user.id,
      acr: 'sfa',
    });
  });
});
