/** Tests whole sign-ins over HTTP, by the pages alone, on every store. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading } from '../support/browser/plain.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(everyStore)('on $name', store => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld({ store });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  const seconds = () => Math.floor(world.clock() / 1000);

  test('a password and a call answered with # sign in', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const first = await browser.visit(request.url);
    expect(heading(first)).toBe('Sign in to Contoso Office');
    const calling = await enterPassword(browser, first, ada);
    expect(heading(calling)).toBe('We’re calling +1 ••• 43');
    const at = seconds();
    world.clock.advance(20_000);
    await pickUp(ada, '#');
    const done = await checkAgain(browser, calling);
    const tokens = await request.redeem(atClient(browser, done));
    expect(tokens.claims()).toMatchObject({
      sub: ada.user.id,
      acr: 'mfa',
      amr: ['pwd', 'tel', 'mfa'],
      auth_time: at,
    });
  });

  test.each([{}, { login_hint: 'Linus@Example.com' }])(
    'the e-mail address signs in like the name, typed or as the login_hint (%j)',
    async wish => {
      const { linus } = world.people;
      const browser = world.browser();
      const request = await rp.begin(wish);
      const page = await browser.visit(request.url);
      expect(page.text).toContain('>Name or e-mail address<');
      const typed = /name="name"[^>]* value="([^"]*)"/.exec(page.text)?.[1] ?? 'linus@example.com';
      expect(typed).toBe(wish.login_hint ?? 'linus@example.com');
      const done = await enterPassword(browser, page, { ...linus, name: typed });
      const tokens = await request.redeem(atClient(browser, done));
      expect(tokens.claims()).toMatchObject({ sub: linus.user.id });
    },
  );

  test('a password and a code from the app sign in', async () => {
    const { noor } = world.people;
    const tokens = await signIn(rp, world.browser(), noor);
    expect(tokens.claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  });

  test('a password alone signs in a person without a second factor, with acr sfa', async () => {
    const { linus } = world.people;
    const tokens = await signIn(rp, world.browser(), linus);
    expect(tokens.claims()).toMatchObject({ sub: linus.user.id, acr: 'sfa', amr: ['pwd'] });
  });

  test('another option hangs up the call, and a later # on it does not approve', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const calling = await enterPassword(browser, await browser.visit(request.url), ada);
    await ada.phone.ringing();
    await ada.phone.answer();
    const asked = await chooseOption(browser, calling, /from your app/);
    expect(heading(asked)).toBe('Enter the code from your app');
    expect(await ada.phone.phone()).toMatchObject({ state: 'idle' });
    const still = await browser.visit(formTo(asked, /\/factor$/).action, { form: {} });
    expect(still.status).toBe(422);
    const done = await enterCode(browser, asked, await ada.phone.code());
    const tokens = await request.redeem(atClient(browser, done));
    expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  });

  test('a wrong code shows the attempts left, and a malformed code costs no attempt', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const asked = await enterPassword(browser, await browser.visit(request.url), noor);
    const right = await noor.phone.code();
    const wrong = right === '000000' ? '000001' : '000000';
    const malformed = await enterCode(browser, asked, '12 34');
    expect(malformed.status).toBe(422);
    const first = await enterCode(browser, asked, wrong);
    expect({ status: first.status, says: first.text.includes('4 attempts left') }).toEqual({ status: 422, says: true });
    const done = await enterCode(browser, asked, ` ${right.slice(0, 3)}-${right.slice(3)} `);
    await expect(request.redeem(atClient(browser, done))).resolves.toBeDefined();
  });

  test('a restart in the middle lets the person continue where they were', async () => {
    const { grace } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const calling = await enterPassword(browser, await browser.visit(request.url), grace);
    await grace.phone.ringing();
    await world.restart();
    const again = await browser.visit(calling.path);
    expect(heading(again)).toBe(heading(calling));
    await pickUp(grace, '#');
    const done = await checkAgain(browser, again);
    await expect(request.redeem(atClient(browser, done))).resolves.toBeDefined();
  });

  test('a session signs in to another client silently, and a step-up asks for the code only', async () => {
    const { ada } = world.people;
    const other = await openRelyingParty(world, await world.addClient({ id: 'payroll', name: 'Payroll' }));
    const browser = world.browser();
    const at = seconds();
    const first = await signIn(rp, browser, ada);
    world.clock.advance(60_000);

    const silent = await other.begin();
    const told = await silent.redeem(atClient(browser, await browser.visit(silent.url)));
    expect(told.claims()).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'], auth_time: at });

    const request = await other.begin({ acr_values: 'aal2' });
    const asks = await browser.visit(request.url);
    expect(asks.text).toContain('Payroll');
    const asked = await browser.visit(formTo(asks, /\/start$/).action, { form: {} });
    expect(heading(asked)).toBe('Enter the code from your app');
    const done = await enterCode(browser, asked, await ada.phone.code());
    const more = await request.redeem(atClient(browser, done));
    expect(more.claims()).toMatchObject({
      sub: ada.user.id,
      acr: 'aal2',
      amr: ['pwd', 'tel', 'mfa', 'otp'],
      auth_time: at,
    });
    expect(first.claims()).toMatchObject({ acr: 'mfa' });
  });
});
