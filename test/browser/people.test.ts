/**
 * Tests people who leave the straight way, in a real browser over the development world: they refuse, are busy,
 * mistype, go back, come too late, confirm, sign out. Each story ends without an error in the browser. Slow: many
 * pages, one after another.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { resetSimulator } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { listenForComplaints } from '../support/browser/complaints.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { listenerAt, type Listener } from '../support/human/listener.ts';

const patience = 60_000;
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const sees = (page: Page, heading: string | RegExp) => page.getByRole('heading', { name: heading }).waitFor();
const read = (page: Page) => page.locator('body').innerText();

/** Waits for the page's script, which sends the code when all digits are typed. */
const typeCode = async (page: Page, code: string): Promise<void> => {
  await sees(page, 'Enter the code from your app');
  await page.waitForLoadState();
  await page.locator('input[autocomplete="one-time-code"]').fill(code);
};

const answerWith = async (phone: Listener, keys: string): Promise<void> => {
  await phone.pickUp();
  await phone.press(keys);
};

describe('people at the browser', () => {
  let world: Development;
  let browser: Browser;
  beforeAll(async () => {
    world = await startDevelopment();
    browser = await launchBrowser();
  }, patience);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  }, patience);

  // The clock was moved, so apps and phones are reset.
  beforeEach(() => resetSimulator(world.simulator));

  /** In a browser of its own, which must report no error at the end. */
  const inBrowser = async (tell: (page: Page) => Promise<void>): Promise<void> => {
    const context = await browser.newContext();
    const complaints = listenForComplaints(context);
    try {
      await tell(await context.newPage());
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  };

  const arrive = (page: Page) => page.waitForURL(url => url.href.startsWith(world.relyingParty));
  const at = (who: string): Listener => listenerAt(world.simulator, who);
  const phoneOf = (name: string): Listener => at(world.person(name).number);

  const type = async (page: Page, name: string, password = world.person(name).password): Promise<void> => {
    await page.getByLabel('Name or e-mail address').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const signIn = async (page: Page, name: string): Promise<void> => {
    await page.goto(world.relyingParty);
    await press(page, 'Sign in');
    await type(page, name);
  };

  it(
    '0# on an unwanted call ends it, the page says so, and the phone is not called again',
    async () =>
      inBrowser(async page => {
        // Both her methods call the one extension: no method without a call is left.
        const ines = at('+12025550150;ext=421');
        const nothingElse = async (): Promise<void> => {
          expect(await read(page)).toContain('Votre assistance peut vous donner accès.');
          expect(await page.getByRole('link', { name: 'Utiliser une autre méthode' }).count()).toBe(0);
        };
        await signIn(page, 'ines');
        await sees(page, /appelons/);
        await ines.pickUp();
        await ines.press('#');
        await ines.hearing(/connect/);
        await ines.press('0#');
        await sees(page, 'La demande a été refusée');
        await nothingElse();
        await ines.putDown();
        await page.goto(world.relyingParty);
        await press(page, 'Sign in');
        await type(page, 'ines');
        await sees(page, 'Les appels vers vous sont suspendus');
        expect(await ines.phone()).toMatchObject({ state: 'idle' });
        await nothingElse();
        await page.getByRole('link', { name: 'Obtenir de l’aide' }).click();
        await sees(page, 'Il vous faut de l’aide pour vous connecter');
      }),
    patience,
  );

  it(
    'answering the phone while the list of options is open signs in',
    async () =>
      inBrowser(async page => {
        await signIn(page, 'ada');
        await sees(page, /calling/);
        await page.getByRole('link', { name: 'Use a different verification option' }).click();
        await sees(page, 'Use a different verification option');
        await page.waitForLoadState();
        await answerWith(phoneOf('ada'), '#');
        await arrive(page);
        expect((await phoneOf('ada').phone()).calls).toHaveLength(1);
      }),
    patience,
  );

  it(
    'a busy line can be called again',
    async () =>
      inBrowser(async page => {
        const ada = phoneOf('ada');
        await ada.behave('busy');
        await signIn(page, 'ada');
        await sees(page, 'We couldn’t reach you');
        expect(await read(page)).toContain('busy');
        await ada.behave('rings');
        await press(page, 'Call again');
        await sees(page, /calling/);
        await answerWith(phoneOf('ada'), '#');
        await arrive(page);
        await ada.putDown();
      }),
    patience,
  );

  // Regression: the same page learned of the end of the call and left before the POST of the button arrived.
  it(
    '"Not you?" on the page of a ringing call ends the call and shows the password page',
    async () =>
      inBrowser(async page => {
        await signIn(page, 'ada');
        await sees(page, /calling/);
        await phoneOf('ada').rung();
        await press(page, 'Not you?');
        await sees(page, /Sign in to/);
        expect(await phoneOf('ada').phone()).toMatchObject({ state: 'idle' });
        await page
          .getByRole('button', { name: /Back to/ })
          .or(page.getByRole('link', { name: /Back to/ }))
          .click();
        await arrive(page);
        expect(await read(page)).toContain('access_denied');
      }),
    patience,
  );

  // Regression: both sent the form again, or showed the browser's own "Confirm form resubmission".
  it(
    'the pages after a wrong password and a wrong code survive reload and Back',
    async () =>
      inBrowser(async page => {
        await page.goto(world.relyingParty);
        await press(page, 'Sign in');
        const address = page.url();
        await type(page, 'noor', 'wrong');
        await page.getByText('The name or password isn’t right.').waitFor();
        await page.reload();
        expect(page.url()).toBe(address);
        await type(page, 'noor', 'wrong');
        await page.getByText('The name or password isn’t right.').waitFor();
        await type(page, 'noor');
        await typeCode(page, '000 000');
        await page.getByText('4 attempts left').waitFor();
        await page.reload();
        expect(page.url()).toBe(address);
        await page.goBack();
        await sees(page, 'Enter the code from your app');
      }),
    patience,
  );

  it(
    'an expired sign-in leads back to the client',
    async () =>
      inBrowser(async page => {
        await page.goto(world.relyingParty);
        await press(page, 'Sign in');
        await sees(page, /Sign in to/);
        await page.goto(`${world.issuer}/interaction/this-one-is-long-gone`);
        await sees(page, 'Let’s start again');
        await page.getByRole('link', { name: /Start again at/ }).click();
        await arrive(page);
        expect(await read(page)).toContain('Good to see you');
      }),
    patience,
  );

  it(
    'a step-up raises a call to a code, and sign-out ends the session',
    async () =>
      inBrowser(async page => {
        await signIn(page, 'ada');
        await sees(page, /calling/);
        await answerWith(phoneOf('ada'), '#');
        await arrive(page);
        await press(page, 'Step up to aal2');
        await sees(page, 'Confirm it’s you');
        await press(page, 'Enter a code from your app');
        // The clock of the app moved with that of the call.
        await resetSimulator(world.simulator);
        await typeCode(page, await phoneOf('ada').newCode());
        await arrive(page);
        for (const said of ['aal2', 'pwd tel mfa otp']) expect(await read(page)).toContain(said);
        await press(page, 'Refresh tokens');
        await page.getByText('Tokens refreshed.').waitFor();
        await sees(page, 'Hello, Ada Lovelace');

        await press(page, 'Sign in again');
        await type(page, 'noor');
        await typeCode(page, await at('Noor Inayat Khan').newCode());
        await sees(page, 'Continue as noor?');
        await press(page, 'Stay signed in as ada');
        await arrive(page);
        await page.goto(world.relyingParty);
        await sees(page, 'Hello, Ada Lovelace');

        await press(page, 'Sign out');
        await sees(page, 'Sign out?');
        await press(page, 'Sign out');
        await arrive(page);
        await press(page, 'Sign in');
        await sees(page, /Sign in to/);
      }),
    patience,
  );
});
