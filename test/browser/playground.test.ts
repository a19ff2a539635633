/** Tries a client in a real browser: from the form to the tokens, with a call as the second step, and copies what can be copied. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/browser/axe.ts';
import { OwnClients } from '../../src/oidc/developers/own-clients.ts';
import { listenForComplaints } from '../support/browser/complaints.ts';
import { outOfPlace } from '../support/browser/out-of-place.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';

const patience = 60_000;
let setup: BrowserSetup;
beforeAll(async () => {
  setup = await openBrowserSetup();
  await setup.world.addClient({ id: 'contoso-office', first_party: false });
}, patience);
afterAll(() => setup?.close(), patience);

/** Waits for the page with this heading, and looks at it. */
const sees = async (page: Page, heading: string): Promise<void> => {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.waitForLoadState();
  expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
  expect(await page.evaluate(outOfPlace)).toEqual([]);
};

test(
  'a client is tried from the form to the tokens, on a small screen too',
  async () => {
    const { people, issuer } = setup.world;
    const context = await setup.chromium.newContext({
      locale: 'en-US',
      viewport: { width: 320, height: 640 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const complaints = listenForComplaints(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const copied = async (button: string): Promise<string> => {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('button', { name: 'Copied' }).first().waitFor();
      return page.evaluate('navigator.clipboard.readText()');
    };
    const press = async (name: string): Promise<void> =>
      page
        .getByRole('button', { name, exact: true })
        .or(page.getByRole('link', { name, exact: true }))
        .first()
        .click();

    await page.goto(new URL('/playground', issuer).href);
    await sees(page, 'Playground');
    await page.getByLabel('Client').selectOption('contoso-office');
    await page.getByLabel('Levels (acr_values)').fill('aal2');
    await page.getByLabel('Single claims (claims)').fill('no json');
    await press('Make the request');
    await sees(page, 'Playground');
    await page.getByLabel('Single claims (claims)').fill('{"userinfo":{"email":null}}');
    await press('Make the request');
    await sees(page, 'Request of Contoso Office');
    expect(await copied('Copy as curl')).toContain(`curl -i '${issuer.origin}/auth?client_id=contoso-office`);
    await page.reload();
    const link = await copied('Copy a link to this form');
    expect(new URL(link).searchParams.get('acr_values')).toBe('aal2');

    await press('Go on to the sign-in');
    await page.getByLabel('Name or e-mail address').fill(people.noor.name);
    await page.locator('input[type=password]').fill(people.noor.password);
    await press('Sign in');
    await page.locator('#code').fill(await people.noor.phone.code());
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await sees(page, 'It worked');
    expect(await page.locator('.verdict.failed').count()).toBe(0);
    expect(await page.locator('.verdict.passed').count()).toBeGreaterThan(6);
    const shown = await page.locator('main').innerText();
    expect(shown).toContain('"acr": "aal2"');
    expect(shown).toContain('noor@example.com');

    await page.reload();
    await sees(page, 'This try is over');
    await press('Try again');
    await sees(page, 'Playground');
    await page.goto(link);
    expect(await page.getByLabel('Levels (acr_values)').inputValue()).toBe('aal2');
    expect(complaints).toEqual([]);
    await context.close();
  },
  patience,
);

test(
  'a developer tries a client from its page, down to its first verified ID token',
  async () => {
    const { people, issuer, services } = setup.world;
    const own = new OwnClients({ ...services, mayDevelop: () => true, places: 5 });
    const added = await own.add(people.linus.user, {
      client_name: 'Contoso Shop',
      redirect_uris: ['https://shop.test/callback'],
    });
    if (!added.ok) throw new Error(added.message);
    const context = await setup.chromium.newContext({ locale: 'en-US' });
    const complaints = listenForComplaints(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(new URL(`/developer/clients/${added.id}`, issuer).href);
    await page.getByLabel('Name or e-mail address').fill(people.linus.name);
    await page.locator('input[type=password]').fill(people.linus.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Try a sign-in' }).click();
    await sees(page, 'Playground');
    expect(await page.getByLabel('Client').inputValue()).toBe(added.id);
    await page.getByRole('button', { name: 'Make the request' }).click();
    await sees(page, 'Request of Contoso Shop');
    await page.getByRole('link', { name: 'Go on to the sign-in' }).click();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await sees(page, 'It worked');
    expect(await page.locator('.verdict.failed').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain(`"aud": "${added.id}"`);
    expect(complaints).toEqual([]);
    await context.close();
  },
  patience,
);
