/**
 * What a newcomer gets, in a real browser: the development world as `npm start` gives it, Contoso Office, a phone that
 * rings. Slow by nature (Chromium and three servers); nothing here is faster than the people it stands for.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { person } from '../../simulator/person.ts';
import { launchBrowser } from '../support/chromium.ts';
import { listenForComplaints } from '../support/complaints.ts';
import { startDevelopment, type Development } from '../support/development.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';

const patience = 60_000;

const worlds = ['SQLite', 'Redis'].flatMap(store => [true, false].map(script => ({ store, script })));

const calling = (page: Page) => page.getByRole('heading', { name: /calling \+1 ••• 4[34]/ }).waitFor();

describe.each(worlds)(
  'signing in to Contoso Office, short-lived state in $store, script=$script',
  ({ store, script }) => {
    let redis: RedisServer | undefined;
    let world: Development;
    let browser: Browser;

    beforeAll(async () => {
      redis = store === 'Redis' ? await startRedis() : undefined;
      world = await startDevelopment(redis === undefined ? {} : { REDIS_URL: redis.url });
      browser = await launchBrowser();
    }, patience);
    afterAll(async () => {
      await browser?.close();
      await world?.stop();
      await redis?.stop();
    }, patience);

    const inBrowser = async (visit: (page: Page) => Promise<void>): Promise<void> => {
      const context = await browser.newContext({ javaScriptEnabled: script });
      context.setDefaultTimeout(10_000);
      const complaints = listenForComplaints(context);
      try {
        await visit(await context.newPage());
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
      }
    };

    const givePassword = async (page: Page, name: string): Promise<void> => {
      await page.goto(world.relyingParty);
      await page
        .getByRole('button', { name: 'Sign in' })
        .or(page.getByRole('link', { name: 'Sign in' }))
        .first()
        .click();
      await page.getByLabel('Name or e-mail address').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(world.person(name).password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    };
    const phoneOf = (name: string) => person(world.simulator, world.person(name).number);
    /** The page moves on by itself, or where it cannot, by its button. */
    const goOn = async (page: Page, button: string): Promise<string> => {
      if (!script) await page.getByRole('button', { name: button }).click();
      await page.waitForURL(url => url.href.startsWith(world.relyingParty));
      return page.locator('body').innerText();
    };

    it(
      'by call: the phone rings, # is pressed, and the browser moves on',
      async () =>
        inBrowser(async page => {
          await givePassword(page, 'ada');
          await calling(page);
          const ada = phoneOf('ada');
          await ada.ringing();
          if (!script) {
            await page.getByRole('button', { name: 'Check again' }).click();
            await calling(page);
          }
          await ada.answer();
          await ada.hear();
          if (script) await page.getByText('Answered. Now press #').waitFor();
          await ada.press('#');
          const shown = await goOn(page, 'Check again');
          // Until it has said goodbye, her phone is engaged.
          await ada.hear();
          for (const expected of ['Ada Lovelace', 'mfa', 'tel', 'auth_time']) expect(shown).toContain(expected);
        }),
      patience,
    );

    it(
      'by a code from an authenticator app',
      async () =>
        inBrowser(async page => {
          await givePassword(page, 'noor');
          await page.getByRole('heading', { name: 'Enter the code from your app' }).waitFor();
          await page
            .locator('input[autocomplete="one-time-code"]')
            .fill(await person(world.simulator, 'Noor Inayat Khan').code());
          const shown = await goOn(page, 'Continue');
          for (const expected of ['Noor Inayat Khan', 'aal2', 'otp']) expect(shown).toContain(expected);
        }),
      patience,
    );

    it(
      'switches from call to code: the call hangs up, and the code takes them on',
      async () =>
        inBrowser(async page => {
          await givePassword(page, 'ada');
          await calling(page);
          const ada = phoneOf('ada');
          await ada.ringing();
          await page.getByRole('link', { name: 'Use a different verification option' }).click();
          await page.getByRole('button', { name: /authenticator app|code from/i }).click();
          await page.getByRole('heading', { name: 'Enter the code from your app' }).waitFor();
          expect((await ada.phone()).state).toBe('idle');
          await page.locator('input[autocomplete="one-time-code"]').fill(await ada.code());
          const shown = await goOn(page, 'Continue');
          for (const expected of ['Ada Lovelace', 'aal2', 'otp']) expect(shown).toContain(expected);
        }),
      patience,
    );

    it(
      'by keyboard alone',
      async () =>
        inBrowser(async page => {
          const tabTo = async (accessibleName: string | RegExp, role: 'button' | 'link' | 'textbox'): Promise<void> => {
            const wanted = page.getByRole(role, { name: accessibleName }).first();
            for (let presses = 0; presses < 20; presses += 1) {
              if ((await wanted.and(page.locator(':focus')).count()) > 0) return;
              await page.keyboard.press('Tab');
            }
            throw new Error(`${String(accessibleName)} is not reached by Tab`);
          };
          await page.goto(world.relyingParty);
          await tabTo('Sign in', (await page.getByRole('button', { name: 'Sign in' }).count()) > 0 ? 'button' : 'link');
          await page.keyboard.press('Enter');
          await page.getByLabel('Name or e-mail address').waitFor();
          await tabTo('Name or e-mail address', 'textbox');
          await page.keyboard.type('grace');
          await page.keyboard.press('Tab');
          await tabTo('Password', 'textbox');
          await page.keyboard.type(world.person('grace').password);
          await page.keyboard.press('Enter');
          await calling(page);
          const grace = phoneOf('grace');
          await grace.ringing();
          await grace.answer();
          await grace.hear();
          await grace.press('#');
          if (!script) {
            await tabTo('Check again', 'button');
            await page.keyboard.press('Enter');
          }
          await page.waitForURL(url => url.href.startsWith(world.relyingParty));
          expect(await page.locator('body').innerText()).toContain('Grace Hopper');
        }),
      patience,
    );
  },
);
