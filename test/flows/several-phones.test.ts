/**
 * Tests people with one, two, four and nine methods: the one asked first, the ones offered, and switching between them.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { glance, takeCall } from '../support/human/person.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { expectIdlePhones, orders, rowOf, ways, type Way } from '../support/human/second-steps.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const env = { SALLYPORT_FACTORS: 'totp,sms,spoken,call' };
const withRedis = stores.filter(({ name }) => name !== 'sqlite');

const visit = async (
  rp: RelyingParty,
  browser: Browser,
  who: Resident,
  wish: Readonly<Record<string, string>> = {},
) => {
  const request = await rp.begin(wish);
  const page = await enterPassword(browser, await browser.visit(request.url), who);
  return { request, page, uid: uidOf(page) };
};
const open = async (world: World): Promise<RelyingParty> =>
  openRelyingParty(world, await world.addClient({ id: 'contoso' }));
/** Rows of the options page: the value that the form posts, and the text that a person reads. */
const rowsOn = ({ text }: Answer): readonly { readonly value: string; readonly says: string }[] =>
  [...text.matchAll(/<button class="row"[^>]*value="([^"]*)"[^>]*>([^]*?)<\/button>/g)].map(
    ([, value = '', inside = '']) => ({
      value,
      says: inside
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    }),
  );
const pick = async (browser: Browser, uid: string, method: string): Promise<Answer> => {
  const picker = await browser.visit(`/interaction/${uid}/options`);
  // The row of the method under way is a link back; the form may still post it, from an older page.
  if (!rowsOn(picker).some(({ value }) => value === method) && !/class="tag waiting"/.test(picker.text))
    throw new Error(`no row ${method}`);
  return browser.visit(formTo(picker, /\/options$/).action, { form: { method } });
};

describe.each(withRedis)('switching the method on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  beforeAll(async () => {
    world = await startWorld({ store, env, phones: residentPhones });
    rp = await open(world);
    ines = await addResident(world, 'ines', ['app', 'mobile', 'alternate', 'office']);
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  /** The right answer to the first method, kept for later. */
  const oldAnswer = async ({ factor, has }: Way): Promise<string> => {
    if (factor === 'sms') return (await glance(ines.mobile)).code;
    if (factor === 'totp') return ines.app.code();
    const phone = has === 'office' ? ines.extension : ines.mobile;
    if (factor === 'spoken') {
      return (await takeCall(phone, { wants: 'code', isThere: true })).wroteDown ?? '';
    }
    await phone.ringing();
    return '#';
  };
  const cells = ways.flatMap(from => ways.filter(to => to !== from).map(to => [from.name, to.name, from, to] as const));

  test.each(cells)('works from %s to %s', async (_from, _to, from, to) => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound[from.has] ?? '', from.factor);
    const browser = world.browser();
    const { request, page, uid } = await visit(rp, browser, ines);
    expect(await world.services.challenges.current(`sign-in:${uid}`)).toMatchObject({ factor: from.factor });
    const kept = await oldAnswer(from);
    const passed = (await world.audited('challenge.passed')).length;

    const asked = await pick(browser, uid, rowOf(to, ines));
    // No phone of the method before rings or speaks: at most the new call rings.
    const states = await Promise.all([ines.mobile, ines.extension].map(async each => each.phone()));
    const calls = states.flatMap(each => each.calls.filter(({ isOver }) => !isOver));
    expect(calls.length).toBeLessThanOrEqual(to.orders.calls);
    expect(calls.filter(({ pressed }) => pressed !== '')).toEqual([]);
    // An old code on the new page, and a claim: neither approves.
    for (const form of [{ code: kept }, {}]) await browser.visit(`/interaction/${uid}/factor`, { form });
    expect(await world.services.challenges.current(`sign-in:${uid}`)).toMatchObject({
      factor: to.factor,
      phase: 'pending',
    });
    expect((await world.audited('challenge.passed')).length).toBe(passed);
    world.clock.advance(4000);

    const { page: end } = await to.answer(browser, asked, ines);
    const claims = (await request.redeem(atClient(browser, end))).claims();
    expect(claims).toMatchObject({ sub: ines.user.id, amr: to.amr, acr: to.acr });
    expect(await orders(world)).toEqual({
      calls: from.orders.calls + to.orders.calls,
      texts: from.orders.texts + to.orders.texts,
    });
    if (to.factor === 'spoken') await (to.has === 'office' ? ines.extension : ines.mobile).hangUp();
    await expectIdlePhones(ines);
    expect(page.status).toBe(200);
  });

  test('back to the first method starts a new challenge, and the old text is refused', async () => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound.mobile ?? '', 'sms');
    const browser = world.browser();
    const { uid, request } = await visit(rp, browser, ines);
    const first = await glance(ines.mobile);
    await pick(browser, uid, 'totp');
    const again = await pick(browser, uid, `sms:${ines.bound.mobile ?? ''}`);
    const second = await glance(ines.mobile);
    expect(second.code).not.toBe(first.code);
    const wrong = await browser.visit(`/interaction/${uid}/factor`, { form: { code: first.code } });
    expect([wrong.status, again.status]).toEqual([422, 200]);
    world.clock.advance(4000);
    const end = await browser.visit(`/interaction/${uid}/factor`, { form: { code: second.code } });
    await expect(request.redeem(atClient(browser, end))).resolves.toBeDefined();
  });

  test('to the same method again, in a second tab or after Back sends no message', async () => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound.mobile ?? '', 'call');
    const browser = world.browser();
    const { uid, page } = await visit(rp, browser, ines);
    await pick(browser, uid, `call:${ines.bound.mobile ?? ''}`);
    await browser.visit(page.path);
    expect(await orders(world)).toEqual({ calls: 1, texts: 0 });
    expect((await ines.mobile.ringing()).status).toBe('ringing');
  });
});

describe('the list of options', () => {
  let world: World;
  let rp: RelyingParty;
  const who: Partial<Record<'one' | 'two' | 'four' | 'nine', Resident>> = {};
  beforeAll(async () => {
    world = await startWorld({ env, phones: residentPhones });
    rp = await open(world);
    who.one = await addResident(world, 'ines', ['app'], { account: 'one' });
    who.two = await addResident(world, 'ines', ['office'], { account: 'two' });
    who.four = await addResident(world, 'ines', ['mobile', 'app'], { account: 'four' });
    who.nine = await addResident(world, 'ines', ['app', 'mobile', 'alternate', 'office'], { account: 'nine' });
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());
  const resident = (name: keyof typeof who): Resident => {
    const found = who[name];
    if (found === undefined) throw new Error(`${name} has not moved in`);
    return found;
  };
  const current = async (uid: string) => world.services.challenges.current(`sign-in:${uid}`);

  test('is not linked with one method, and the help page says where to get help', async () => {
    const browser = world.browser();
    const { page, uid, request } = await visit(rp, browser, resident('one'));
    expect(page.text).not.toContain('/options');
    const help = /href="([^"]*\/help\?reason=nothing-left)"/.exec(page.text)?.[1] ?? '';
    const asked = await browser.visit(help);
    expect(heading(asked)).toBe('You need help to sign in');
    expect(asked.text).toContain('Your help desk');
    expect(asked.text).not.toContain('/options');
    expect((await browser.go(`/interaction/${uid}/options`, { form: { method: 'call:x' } })).status).toBe(403);
    const end = await browser.visit(`/interaction/${uid}/factor`, { form: { code: await resident('one').app.code() } });
    await expect(request.redeem(atClient(browser, end))).resolves.toBeDefined();
  });

  test.each([
    ['two', 'Back to the call with a code', ['call'], ['Call me']],
    [
      'four',
      'Back to the code from your app',
      ['sms', 'spoken', 'call'],
      ['Text a code', 'Call me with a code', 'Call me'],
    ],
    [
      'nine',
      'Back to the code from your app',
      ['sms', 'spoken', 'call', 'sms', 'spoken', 'call', 'spoken', 'call'],
      undefined,
    ],
  ] as const)('shows %s methods: the one under way, then each phone, masked, with help last', async (...row) => {
    const [name, back, types, names] = row;
    const browser = world.browser();
    const { page, uid } = await visit(rp, browser, resident(name));
    expect(page.text).toContain('/options');
    const picker = await browser.visit(`/interaction/${uid}/options`);
    const rows = rowsOn(picker);
    expect(picker.text).toContain(`<b>${back}</b>`);
    expect(rows.map(({ value }) => value.split(':')[0])).toEqual(types);
    for (const [at, says] of (names ?? []).entries()) expect(rows[at]?.says).toContain(says);
    expect(picker.text).not.toMatch(/\+?1?2025550[0-9]{3}/);
    const last = [...picker.text.matchAll(/class="row"[^>]*>/g)].at(-1)?.[0] ?? '';
    expect(last).toContain('/help?reason=nothing-left');
    expect(picker.text).toContain('I can’t use any of these');
  });

  test('names each number by its label', async () => {
    const browser = world.browser();
    const { uid } = await visit(rp, browser, resident('nine'));
    const says = rowsOn(await browser.visit(`/interaction/${uid}/options`)).map(row => row.says);
    for (const name of ['Mobile', 'Another phone', 'Office phone'])
      expect(says.filter(row => row.includes(name)).length).toBeGreaterThan(1);
    expect(says.filter(row => row.startsWith('Text a code'))).toHaveLength(2);
  });

  test.each([
    ['alternate', 'call', 'alternate'],
    ['mobile', 'call', 'mobile'],
    ['office', 'call', 'desk'],
  ] as const)('calls the chosen phone: %s', async (has, factor, phone) => {
    const nine = resident('nine');
    const browser = world.browser();
    const { uid } = await visit(rp, browser, nine);
    await pick(browser, uid, `${factor}:${nine.bound[has] ?? ''}`);
    const rings = await Promise.all(
      (['alternate', 'mobile', 'desk'] as const).map(async each => (await nine[each].phone()).calls.length),
    );
    expect(rings).toEqual((['alternate', 'mobile', 'desk'] as const).map(each => (each === phone ? 1 : 0)));
  });

  test('texts the chosen number only', async () => {
    const nine = resident('nine');
    const browser = world.browser();
    const { uid, request } = await visit(rp, browser, nine);
    await pick(browser, uid, `sms:${nine.bound.alternate ?? ''}`);
    const { code } = await glance(nine.alternate);
    expect(await nine.mobile.messages()).toEqual([]);
    const end = await browser.visit(`/interaction/${uid}/factor`, { form: { code } });
    await expect(request.redeem(atClient(browser, end))).resolves.toBeDefined();
  });

  test.each([
    ['', {}, 'call'],
    [' with a code, where more is needed', { acr_values: 'aal2' }, 'spoken'],
  ] as const)('has "Call me instead", which calls the same phone%s', async (_, wish, factor) => {
    const four = resident('four');
    const browser = world.browser();
    const { uid, request } = await visit(rp, browser, four, wish);
    await pick(browser, uid, `sms:${four.bound.mobile ?? ''}`);
    const page = await browser.visit(`/interaction/${uid}/resend`);
    const [, method = '', label = ''] = /name="method" value="([^"]*)">([^<]*)</.exec(page.text) ?? [];
    expect([label, method]).toEqual(['Call me instead', `${factor}:${four.bound.mobile ?? ''}`]);
    const asked = await browser.visit(formTo(page, /\/options$/).action, { form: { method } });
    const way = ways.find(each => each.factor === factor && each.has === 'mobile');
    const done = await way?.answer(browser, asked, four);
    const claims = done && (await request.redeem(atClient(browser, done.page))).claims();
    expect(claims).toMatchObject({ amr: ['pwd', 'tel', 'mfa'], acr: factor === 'call' ? 'mfa' : 'aal2' });
  });

  test('hides every bare call for aal2, starts with another method and refuses a posted call', async () => {
    const nine = await addResident(world, 'ines', ['app', 'mobile', 'alternate', 'office'], { account: 'nine-new' });
    await world.services.authenticators.prefer(nine.user.id, nine.bound.mobile ?? '', 'call');
    const browser = world.browser();
    const { uid } = await visit(rp, browser, nine, { acr_values: 'aal2' });
    expect(await current(uid)).toMatchObject({ factor: 'totp' });
    const rows = rowsOn(await browser.visit(`/interaction/${uid}/options`));
    expect(rows.filter(({ value }) => value.startsWith('call:'))).toEqual([]);
    expect(rows).toHaveLength(5);
    for (const has of ['mobile', 'alternate', 'office'] as const) {
      const refused = await browser.go(`/interaction/${uid}/options`, {
        form: { method: `call:${nine.bound[has] ?? ''}` },
      });
      expect(refused.status).toBe(403);
    }
    expect(await current(uid)).toMatchObject({ factor: 'totp', phase: 'pending' });
    expect(await orders(world)).toEqual({ calls: 0, texts: 0 });
  });

  test('refuses the phone of another account', async () => {
    const browser = world.browser();
    const { uid } = await visit(rp, browser, resident('four'));
    const before = await orders(world);
    const method = `sms:${resident('nine').bound.mobile ?? ''}`;
    expect((await browser.go(`/interaction/${uid}/options`, { form: { method } })).status).toBe(403);
    expect(await orders(world)).toEqual(before);
  });

  describe('the method asked for first', () => {
    let number = 0;
    let four: Resident;
    beforeEach(async () => {
      number += 1;
      four = await addResident(world, 'ines', ['mobile', 'app'], { account: `four-${number}` });
    });
    const firstIn = async (browser: Browser, wish: Readonly<Record<string, string>> = {}) => {
      const { uid } = await visit(rp, browser, four, { prompt: 'login', ...wish });
      return (await current(uid))?.factor;
    };
    const signInByCall = async (browser: Browser): Promise<void> => {
      const { uid, request } = await visit(rp, browser, four, { prompt: 'login' });
      const asked = await pick(browser, uid, `call:${four.bound.mobile ?? ''}`);
      await takeCall(four.mobile, { wants: 'sign in' });
      await request.redeem(atClient(browser, await checkAgain(browser, asked)));
    };

    test('is the strongest if no earlier choice is known', async () => {
      expect(await firstIn(world.browser())).toBe('totp');
    });

    test('is the one last used in this browser, not in another one', async () => {
      const own = world.browser();
      await signInByCall(own);
      expect(await firstIn(own)).toBe('call');
      expect(await firstIn(world.browser())).toBe('totp');
    });

    test('is the default of the person before the last used one', async () => {
      const own = world.browser();
      await signInByCall(own);
      await world.services.authenticators.prefer(four.user.id, four.bound.mobile ?? '', 'sms');
      expect(await firstIn(own)).toBe('sms');
    });

    test('reaches the required acr before any default', async () => {
      const own = world.browser();
      await signInByCall(own);
      await world.services.authenticators.prefer(four.user.id, four.bound.mobile ?? '', 'call');
      expect(await firstIn(own, { acr_values: 'aal2' })).toBe('totp');
      expect(await firstIn(own)).toBe('call');
    });

    test('is listed with a mark at the last used method and at the default', async () => {
      await signInByCall(world.browser());
      await world.services.authenticators.prefer(four.user.id, four.bound.mobile ?? '', 'spoken');
      const browser = world.browser();
      const { uid } = await visit(rp, browser, four);
      const rows = rowsOn(await browser.visit(`/interaction/${uid}/options`));
      const marked = (tag: string) =>
        rows.filter(({ says }) => says.includes(tag)).map(({ value }) => value.split(':')[0]);
      expect(marked('Last used')).toEqual(['call']);
      await pick(browser, uid, `sms:${four.bound.mobile ?? ''}`);
      const later = rowsOn(await browser.visit(`/interaction/${uid}/options`));
      expect(later.filter(({ says }) => says.includes('Default')).map(({ value }) => value.split(':')[0])).toEqual([
        'spoken',
      ]);
    });

    test('does not depend on the choice of another person in this browser', async () => {
      const own = world.browser();
      await signInByCall(own);
      await addResident(world, 'ines', ['mobile', 'app'], { account: `other-${number}` });
      const other = { ...four, name: `other-${number}` };
      const begun = await visit(rp, own, other, { prompt: 'login' });
      expect((await current(begun.uid))?.factor).toBe('totp');
    });
  });
});
