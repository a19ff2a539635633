/**
 * Tests two tabs of one real browser: a second tab while the phone rings, a tab that was closed and opened again, a phone that
 * another browser or client keeps busy, and sign-out pages in several tabs. Slow: starts Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';
import { pickUp } from '../support/world/relying-party.ts';

const patience = 60_000;
const calling = 'We’re calling +1 ••• 43';

let setup: BrowserSetup;
let context: BrowserContext;
beforeAll(async () => {
  setup = await openBrowserSetup();
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(async () => {
  await setup.world.nextDay();
  context = await openContext();
});
afterEach(() => context.close());

const openContext = async (javaScriptEnabled = true): Promise<BrowserContext> => {
  const opened = await setup.chromium.newContext({ javaScriptEnabled });
  return opened;
};
const ada = () => setup.world.people.ada;
const sees = (page: Page, heading: string) => page.getByRole('heading', { level: 1, name: heading }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** A tab after name and password. */
const openTab = async (of = context, client = 'contoso'): Promise<Page> => {
  const page = await of.newPage();
  await page.goto(setup.authorizationUrl(client));
  await setup.enterPassword(page, ada());
  return page;
};
const atClient = (page: Page) => page.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback?code=`));
const isAtClient = (page: Page): boolean => page.url().startsWith(`${setup.client.origin}/callback?code=`);
const sent = async () => (await setup.world.audited('challenge.sent')).length;

describe('while the phone rings', () => {
  test(
    'a second tab shows the same call, and both tabs continue by themselves once it is answered',
    async () => {
      const before = await sent();
      const first = await openTab();
      await sees(first, calling);
      const second = await openTab();
      await sees(second, calling);
      await pickUp(ada(), '#');
      await Promise.all([atClient(first), atClient(second)]);
      expect((await sent()) - before).toBe(1);
    },
    patience,
  );

  test(
    'a tab that is closed and opened again shows the same call and continues',
    async () => {
      const before = await sent();
      const first = await openTab();
      await sees(first, calling);
      await first.close();
      const again = await openTab();
      await sees(again, calling);
      await pickUp(ada(), '#');
      await atClient(again);
      expect((await sent()) - before).toBe(1);
    },
    patience,
  );

  test(
    'without script both tabs continue by their buttons',
    async () => {
      await context.close();
      context = await openContext(false);
      const [first, second] = [await openTab(), await openTab()];
      await sees(second, calling);
      await pickUp(ada(), '#');
      await press(first, 'Check again');
      await atClient(first);
      await press(second, 'Check again');
      await atClient(second);
      expect([first, second].map(isAtClient)).toEqual([true, true]);
    },
    patience,
  );

  test(
    'a sign-in to another client names the first, ends its call on request, and is called itself',
    async () => {
      const first = await openTab();
      await sees(first, calling);
      const second = await openTab(context, 'stranger');
      await sees(second, 'Your phone is busy with another sign-in');
      await press(second, 'End that call and call me here');
      await sees(second, calling);
      await sees(first, 'The call was stopped');
      await pickUp(ada(), '#');
      await second.getByRole('button', { name: 'Allow', exact: true }).waitFor();
      expect(isAtClient(first)).toBe(false);
    },
    patience,
  );

  test(
    'another browser waits, and loads the page again by itself once the call is over',
    async () => {
      const first = await openTab();
      await sees(first, calling);
      const elsewhere = await openContext();
      const second = await openTab(elsewhere);
      await sees(second, 'This phone is in use right now');
      await second.getByText(/Try again in \d+ seconds/).waitFor();
      await pickUp(ada(), '#');
      await atClient(first);
      // Its wait is over: the button that was not there, or not ready, calls.
      await second.locator('form[action$="/again"] button:not([aria-disabled])').click();
      await sees(second, calling);
      expect([first, second].map(isAtClient)).toEqual([true, false]);
      await elsewhere.close();
    },
    patience,
  );
});

test(
  'a sign-out page signs out although another one was opened after it, and the other then says so too',
  async () => {
    await setup.signIn(context, setup.world.people.noor);
    const open = async () => {
      const page = await context.newPage();
      await page.goto(`${setup.world.issuer.origin}/session/end`);
      return page;
    };
    const [older, newer] = [await open(), await open()];
    await press(older, 'Sign out');
    await sees(older, 'You’re signed out');
    await press(newer, 'Sign out');
    await sees(newer, 'You’re signed out');
    const next = await context.newPage();
    await next.goto(setup.authorizationUrl('contoso'));
    await sees(next, 'Sign in to Contoso Office');
    expect(await setup.world.audited('session.ended')).toHaveLength(1);
  },
  patience,
);
