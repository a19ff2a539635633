/** Tests over HTTP that a signed-in person adds a method and makes recovery codes from the security page, and comes back to it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { person as atPhone } from '../../simulator/person.ts';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { glance } from '../support/human/person.ts';
import { checkAgain, chooseOption, enterCode, enterPassword, pickUp } from '../support/world/relying-party.ts';
import { withHook } from '../support/world/failing-store.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const home = '+12025550172';
const cabin = '+12025550173';
let world: World;
let grace: TestPerson;
let browser: Browser;
/** Awaited before each call of the store. */
let beforeCall: (call: string) => Promise<void> = async () => {};
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_FACTORS: 'totp,sms,call,recovery-code,temporary-access-pass' },
    phones: [
      { name: 'home', number: home },
      { name: 'cabin', number: cabin },
    ],
    wrap: resources => ({ ...resources, ...withHook(resources, async call => beforeCall(call)) }),
  });
  ({ grace } = world.people);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

/** Signs in by password and call, and goes to the task of this address. */
const begin = async (path: string): Promise<Answer> => {
  let page = await enterPassword(browser, await browser.visit(path), grace);
  if (heading(page).startsWith('We’re calling')) {
    await pickUp(grace, '#');
    page = await checkAgain(browser, page);
  }
  // A sign-in to the page first, then one at the highest level for the task.
  for (let steps = 0; steps < 3 && /action="[^"]*\/(?:password|start|factor)"/.test(page.text); steps += 1) {
    if (/action="[^"]*\/password"/.test(page.text)) page = await enterPassword(browser, page, grace);
    if (/action="[^"]*\/start"/.test(page.text))
      page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    if (heading(page).startsWith('We’re calling')) {
      await pickUp(grace, '#');
      page = await checkAgain(browser, page);
    } else if (heading(page) === 'Enter the code we texted you') {
      const { code } = await glance(grace.phone);
      page = await browser.visit(formTo(page, /\/factor$/).action, { form: { code } });
    }
  }
  return page;
};
const labels = async (person = grace): Promise<readonly string[]> => {
  const user = await world.services.users.get(person.user.id);
  return user === undefined ? [] : (await world.services.authenticators.of(user)).map(({ label }) => label);
};
const firstOf = async ({ user }: TestPerson): Promise<string> =>
  (await world.services.users.get(user.id))?.authenticators[0] ?? '';
/** Goes on from a second step to the list of methods, and sets up the phone in the cabin by a call. */
const addCabin = async (proven: Answer): Promise<Answer> => {
  let page = proven;
  for (let steps = 0; steps < 3 && heading(page) !== 'Add a method'; steps += 1) {
    page = await browser.visit(browser.next(page)?.href ?? '/account/add-method');
  }
  const person = newcomerAt(browser, world.clock);
  const form = await person.choose(page, 'phone');
  const calling = await person.enterPhone(form, { number: cabin, kind: 'alternate', by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, cabin) }, '#');
  return person.name(await person.checkAgain(calling), 'Cabin');
};
const removeMethod = async (id: string): Promise<Answer> => {
  const removal = await browser.visit(`/account/methods/${id}/remove`);
  return browser.visit(formTo(removal, /\/remove$/).action, { form: {} });
};

describe('from the security page', () => {
  test('a person adds a phone, gets recovery codes, and comes back', async () => {
    const list = await begin('/account/add-method');
    expect(heading(list)).toBe('Add a method');
    const person = newcomerAt(browser, world.clock);
    const form = await person.choose(list, 'phone');
    const sent = await person.enterPhone(form, { number: home, kind: 'alternate', by: 'sms' });
    const { code } = await glance(atPhone(world.simulator, home));
    const saving = await person.name(await person.enterCode(sent, code), 'At home');
    expect(heading(saving)).toBe('Save your recovery codes');
    const refused = await person.saved(saving, false);
    expect([refused.status, refused.text.includes('Save the codes, then tick the box.')]).toEqual([422, true]);
    const back = await person.saved(saving);
    expect([back.path, heading(back)]).toEqual(['/account', 'Security']);
    expect(back.text).toContain('Done. You can use it from now on.');
    expect(await labels()).toEqual(['mobile', 'At home', 'Recovery codes']);
    await world.clock.fired();
    const told = (await world.mailsTo(grace)).map(({ text }) => text).join('\n');
    expect(told).toMatch(/was added/);
    expect(told).toContain('/not-me/');
  });

  test('a person makes new recovery codes: the old ones are void', async () => {
    const before = await world.services.recoveryCodes.renew(grace.user.id, 'system');
    const offered = await begin('/account/recovery-codes');
    expect(heading(offered)).toBe('Save your recovery codes');
    expect(offered.text).not.toContain(before[0]);
    const saving = await browser.visit(`/interaction/${uidOf(offered)}/enroll/codes`, { form: {} });
    const codes = [...saving.text.matchAll(/<li><code>([0-9A-Z-]+)<\/code>/g)].map(([, each = '']) => each);
    expect([codes.length, codes.some(each => before.includes(each))]).toEqual([10, false]);
    // A refresh shows the same codes: they are made once.
    expect((await browser.visit(`/interaction/${uidOf(offered)}`)).text).toContain(codes[9]);
    const back = await newcomerAt(browser, world.clock).saved(saving);
    expect(back.path).toBe('/account');
    // From now on no address shows them.
    const late = await browser.go(`/interaction/${uidOf(offered)}/enroll/codes.txt`);
    expect(codes.some(each => late.text.includes(each))).toBe(false);
  });

  test('of forms that arrive at once one makes the codes that are shown', async () => {
    const offered = await begin('/account/recovery-codes');
    const posts = 5;
    const madeBefore = (await world.audited('recovery-codes.made')).length;
    let [making, answered] = [0, 0];
    const all = Promise.withResolvers<void>();
    const count = (): void => {
      if (making + answered === posts) all.resolve();
    };
    // No set is stored before every other form has been answered, or is about to store one as well.
    beforeCall = async call => {
      if (call !== 'insert authenticators') return;
      making += 1;
      count();
      await all.promise;
    };
    const post = async (): Promise<Answer> => {
      const answer = await browser.go(`/interaction/${uidOf(offered)}/enroll/codes`, { form: {} });
      answered += 1;
      count();
      return answer;
    };
    const answers = await Promise.all(Array.from({ length: posts }, post));
    beforeCall = async () => {};
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: posts }, () => 303));
    expect(await world.audited('recovery-codes.made')).toHaveLength(madeBefore + 1);
    const saving = await browser.visit(`/interaction/${uidOf(offered)}`);
    expect(heading(saving)).toBe('Save your recovery codes');
    expect([...saving.text.matchAll(/<li><code>/g)]).toHaveLength(10);
  });

  test('a person who cancels comes back with what they had', async () => {
    const before = await labels();
    const list = await begin('/account/add-method');
    const left = await browser.visit(`/interaction/${uidOf(list)}/cancel`, { form: {} });
    expect(left.path.startsWith('/account')).toBe(true);
    expect(left.text).toContain('Nothing was changed.');
    expect(await labels()).toEqual(before);
  });

  test('a person who puts it off is not told that a method was added', async () => {
    const list = await begin('/account/add-method');
    const back = await browser.visit(`/interaction/${uidOf(list)}/enroll/skip`, { form: {} });
    expect([back.path, heading(back)]).toEqual(['/account', 'Security']);
    expect(back.text).not.toContain('Done.');
  });

  test('a person tests a method, and is told that it works', async () => {
    const id = (await world.services.users.get(grace.user.id))?.authenticators[0] ?? '';
    const back = await begin(`/account/methods/${id}/test`);
    expect([back.path, heading(back)]).toEqual(['/account', 'Security']);
    expect(back.text).toContain('It works: you just confirmed with it.');
  });

  test('a recovery code still counts after a weaker method was set up with it: the lost phone can be removed', async () => {
    const [recovery = ''] = await world.services.recoveryCodes.renew(grace.user.id, 'system');
    const lost = await firstOf(grace);
    const asked = await enterPassword(browser, await browser.visit('/account/add-method'), grace);
    const back = await addCabin(
      await enterCode(browser, await chooseOption(browser, asked, /recovery code/i), recovery),
    );
    expect(back.path).toBe('/account');
    expect([(await removeMethod(lost)).path, await labels()]).toEqual([
      '/account',
      ['At home', 'Recovery codes', 'Cabin'],
    ]);
  });

  test('a pass still counts after a method as strong was set up with it: the stronger app that was lost can be removed', async () => {
    const { noor } = world.people;
    const { pass } = await world.services.passes.issue(noor.user.id, {}, 'cli');
    const lost = await firstOf(noor);
    const asked = await enterPassword(browser, await browser.visit('/account/add-method'), noor);
    const saving = await addCabin(
      await enterCode(browser, await chooseOption(browser, asked, /temporary pass/i), pass),
    );
    expect((await newcomerAt(browser, world.clock).saved(saving)).path).toBe('/account');
    expect([(await removeMethod(lost)).path, await labels(noor)]).toEqual([
      '/account',
      ['Temporary pass', 'Cabin', 'Recovery codes'],
    ]);
  });
});
