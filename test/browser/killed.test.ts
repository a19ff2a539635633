/**
 * Tests kill -9 in the middle of a sign-in: the person continues on the same page. Slow: starts the development world
 * twice.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { person } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';

const patience = 60_000;

describe('a server killed in the middle of a sign-in', () => {
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

  it(
    'continues the sign-in after a restart',
    async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(world.relyingParty);
      await page
        .getByRole('button', { name: 'Sign in' })
        .or(page.getByRole('link', { name: 'Sign in' }))
        .first()
        .click();
      const { name, password } = world.person('ada');
      await page.getByLabel('Name or e-mail address').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: /calling/ }).waitFor();
      const address = page.url();

      await world.kill();
      await world.restart();
      expect(world.person('ada').password).toBe(password);

      // The simulated phone stopped with the simulator; the stored proof did not.
      await page.goto(address);
      await page.getByRole('link', { name: 'Use a different verification option' }).click();
      await page.getByRole('button', { name: /authenticator app|code from/i }).click();
      await page
        .locator('input[autocomplete="one-time-code"]')
        .fill(await person(world.simulator, 'Ada Lovelace').code());
      await page.waitForURL(url => url.href === `${world.relyingParty}/`);
      expect(await page.locator('body').innerText()).toContain('Ada Lovelace');
      await context.close();
    },
    patience,
  );
});
