/**
 * Tests the box "Don't ask again in this browser" on the pages of the second step: on which it stands, and that it stays as it was where
 * an answer was refused. `honest-acr.test.ts` tests for which requests.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { passwordAlone, leaveSession } from '../support/world/remember.ts';
import {
  atClient,
  chooseOption,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_REMEMBER_BROWSER: '14d', SALLYPORT_FACTORS: 'totp,call,recovery-code,temporary-access-pass' },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

const secondStepOf = async (person: TestPerson): Promise<Answer> =>
  enterPassword(browser, await browser.visit((await rp.begin()).url), person);
const answer = async (page: Answer, form: Record<string, string>): Promise<Answer> =>
  browser.visit(formTo(page, /\/factor$/).action, { form });
const boxOn = ({ text }: Answer): 'ticked' | 'empty' | 'none' => {
  const [box] = /<input type="checkbox" name="remember"[^>]*>/.exec(text) ?? [];
  return box === undefined ? 'none' : box.includes('checked') ? 'ticked' : 'empty';
};
const remembered = async ({ user }: TestPerson): Promise<number> =>
  (await world.services.rememberedBrowsers.list((await world.services.users.get(user.id)) ?? user)).length;

test('the box stays as it was after a wrong code, and then counts', async () => {
  const { noor } = world.people;
  const page = await secondStepOf(noor);
  expect([boxOn(page), page.text.includes('Don’t ask again in this browser for 14 days')]).toEqual(['empty', true]);
  const malformed = await answer(page, { code: '12', remember: 'yes' });
  const wrong = await answer(page, { code: '000000', remember: 'yes' });
  const unticked = await answer(page, { code: '000001' });
  expect([malformed, wrong, unticked].map(each => [each.status, boxOn(each)])).toEqual([
    [422, 'ticked'],
    [422, 'ticked'],
    [422, 'empty'],
  ]);
  expect(await remembered(noor)).toBe(0);
  atClient(browser, await answer(page, { code: await noor.phone.code(), remember: 'yes' }));
  expect(await remembered(noor)).toBe(1);
  leaveSession(browser);
  expect(await passwordAlone(rp, browser, noor)).toEqual({ acr: 'sfa', amr: ['pwd'] });
});

test('the page of a call has it while the phone rings, and without script once it was answered', async () => {
  const { grace } = world.people;
  const page = await secondStepOf(grace);
  expect(boxOn(page)).toBe('empty');
  await pickUp(grace, '#');
  const answered = await browser.visit(page.path);
  expect(answered.text).toMatch(/<noscript><div class="remember">/);
  atClient(browser, await answer(answered, { remember: 'yes' }));
  expect(await remembered(grace)).toBe(1);
});

test('a pass has no box, and a field that was posted anyway remembers nothing', async () => {
  const { noor } = world.people;
  const { pass } = await world.services.passes.issue(noor.user.id, {}, { actor: 'cli', reason: 'test' });
  const page = await chooseOption(browser, await secondStepOf(noor), /temporary pass/);
  expect(boxOn(page)).toBe('none');
  const before = await world.audited('remembered-browser.added');
  const done = await answer(page, { code: pass, remember: 'yes' });
  expect(atClient(browser, done).searchParams.has('code')).toBe(true);
  expect(await world.audited('remembered-browser.added')).toEqual(before);
});

test('the pages have no box where no browser is remembered', async () => {
  const without = await startWorld();
  try {
    const party = await openRelyingParty(without, await without.addClient({ id: 'contoso' }));
    const other = without.browser();
    const page = await enterPassword(other, await other.visit((await party.begin()).url), without.people.noor);
    expect([page.text.includes('name="code"'), boxOn(page)]).toEqual([true, 'none']);
  } finally {
    await without.close();
  }
});
