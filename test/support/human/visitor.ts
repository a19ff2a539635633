/** Acts as a person at a browser: with script, without script, or by keyboard alone. The actions are the same. */
import { expect } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { listenForComplaints } from '../browser/complaints.ts';
import type { Development } from '../world/development.ts';

export interface Manner {
  readonly manner: 'with script' | 'without script' | 'by keyboard alone';
}

export const manners: readonly Manner[] = [
  { manner: 'with script' },
  { manner: 'without script' },
  { manner: 'by keyboard alone' },
];

/** More Tabs than any page has stops. */
const maxTabs = 30;
/** For `page.evaluate`: true where the focus is visible, as keyboard users need it. */
const isSeen = `(() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
})()`;

/** Presses Tab until the element has a visible focus. @throws Error where it is never reached. */
const tabTo = async (page: Page, wanted: Locator): Promise<void> => {
  await wanted.waitFor();
  // before its style sheet is loaded, a page shows the outline of the browser
  await page.waitForLoadState();
  for (let tabs = 0; tabs < maxTabs; tabs += 1) {
    if ((await wanted.and(page.locator(':focus-visible')).count()) > 0) {
      expect(await page.evaluate(isSeen)).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${wanted.toString()} is not reached by Tab`);
};

export interface Visitor extends Manner {
  readonly page: Page;
  press(name: string | RegExp): Promise<void>;
  follow(name: string | RegExp): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
  sees(heading: string | RegExp): Promise<void>;
  read(): Promise<string>;
  /** From the client's page to the page after the password. */
  signIn(name: string): Promise<void>;
  /** Chooses a method in the list of options. `target`: the number, where there are several. */
  choose(method: string, target?: string): Promise<void>;
  /** Types a code. The field has the focus once there is a code to type. */
  enter(code: string): Promise<void>;
  /** Continues after the phone has answered; with script the page continues on its own. */
  checkAgain(): Promise<void>;
  /** Waits for the page of the client. Returns its text. */
  arrive(): Promise<string>;
}

/** `world`: the client's page has a button "Sign in", and `person` knows the passwords. */
export const visitorAt = (
  world: Pick<Development, 'relyingParty'> & { readonly person: (name: string) => { readonly password: string } },
  page: Page,
  manner: Manner['manner'],
): Visitor => {
  const byKeyboard = manner === 'by keyboard alone';
  const use = async (wanted: Locator): Promise<void> => {
    if (!byKeyboard) return wanted.click();
    await tabTo(page, wanted);
    return page.keyboard.press('Enter');
  };
  const press = (name: string | RegExp) => use(page.getByRole('button', { name, exact: true }));
  const visitor: Visitor = {
    manner,
    page,
    press,
    follow: name => use(page.getByRole('link', { name, exact: true })),
    async write(field, text) {
      if (!byKeyboard) return field.fill(text);
      await tabTo(page, field);
      return page.keyboard.type(text);
    },
    sees: heading => page.getByRole('heading', { level: 1, name: heading }).waitFor(),
    read: () => page.locator('body').innerText(),
    async signIn(name) {
      await page.goto(world.relyingParty);
      await press('Sign in');
      await visitor.write(page.locator('input[autocomplete^="username"]'), name);
      await visitor.write(page.locator('input[type="password"]'), world.person(name).password);
      // the last button of the form, in any language
      await (byKeyboard ? page.keyboard.press('Enter') : page.locator('button[type="submit"].primary').click());
    },
    async choose(method, target = '') {
      await visitor.follow('Use a different verification option');
      const exactly = new RegExp(`^${method}(?! with)`);
      const row = page.getByRole('button', { name: exactly }).filter({ hasText: target });
      await use(row);
    },
    async enter(code) {
      // Without script nothing moves the focus when the call is answered.
      if (manner === 'without script') await page.locator('input[autocomplete="one-time-code"]').focus();
      const field = page.locator('input[autocomplete="one-time-code"]:focus');
      await field.waitFor();
      // Waits for the script of the page, which sends the code when all digits are typed.
      await page.waitForLoadState();
      await (byKeyboard ? page.keyboard.type(code) : field.fill(code));
      if (manner === 'without script') await press('Continue');
    },
    async checkAgain() {
      if (manner === 'without script') await press('Check again');
    },
    async arrive() {
      await page.waitForURL(url => url.href.startsWith(world.relyingParty));
      return visitor.read();
    },
  };
  return visitor;
};

/** Runs `tell` in a browser of its own, and expects no complaints of it. */
export const inBrowser = async (
  browser: Browser,
  { manner = 'with script', locale = 'en-US' }: Partial<Manner> & { readonly locale?: string },
  tell: (page: Page, manner: Manner['manner']) => Promise<void>,
): Promise<void> => {
  const context = await browser.newContext({ javaScriptEnabled: manner !== 'without script', locale });
  const complaints = listenForComplaints(context);
  try {
    await tell(await context.newPage(), manner);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
};
