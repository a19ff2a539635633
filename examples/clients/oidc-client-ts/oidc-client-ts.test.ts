/** Runs a page with oidc-client-ts in Chromium. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../test/support/browser/chromium.ts';
import { describeInstalled, nodeProgram, startClient } from '../support/client.ts';
import { npmPackages } from '../support/install.ts';
import { approveCall, hangUp } from '../support/phone.ts';
import { person } from '../support/world.ts';

describeInstalled(await npmPackages(), 'oidc-client-ts', installed => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser({ visitsOthers: true });
  });
  afterAll(() => browser.close());

  test('signs a person in and out as it is printed', async () => {
    const { url } = await startClient({ name: 'oidc-client-ts', ...nodeProgram('server.mjs') }, installed);
    const { name, password, displayName, email, sub } = person();
    const page = await browser.newPage();
    await page.goto(url);
    await page.locator('input[autocomplete^="username"]').fill(name);
    await page.locator('input[type="password"]').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await approveCall();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await hangUp();
    await page.locator('#sign-out').waitFor();
    const shown = await page.locator('#person').textContent();
    expect(JSON.parse(shown ?? '')).toEqual({ name: displayName, email, sub });

    await page.locator('#sign-out').click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    // Back at the client, which asks for a sign-in again.
    await page.locator('input[type="password"]').waitFor();
    await page.close();
  });
});
