/**
 * A developer's first token, in a real browser: from the portal to a verified ID token, by reading the pages alone. Their program
 * is the file that the page of the client gives, as it is, on a server of six lines. Steps and seconds are printed.
 */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RequestListener } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeFindings } from '../support/browser/axe.ts';
import { listenForComplaints } from '../support/browser/complaints.ts';
import { addNewcomer } from '../support/browser/newcomer.ts';
import { outOfPlace } from '../support/browser/out-of-place.ts';
import { openBrowserSetup, openSite } from '../support/surface/browser-setup.ts';
import { everyStore } from '../support/world/stores.ts';

const patience = 120_000;

/** The file from the page of the client: it begins a sign-in, and ends it. */
interface Program {
  begin(): Promise<{ readonly url: URL; readonly verifier: string; readonly state: string }>;
  finish(returnedTo: string, begun: object): Promise<{ readonly name?: string; readonly sub: string }>;
}

/** The developer's server: sends browsers to sign in, and greets the person. */
const serverOf = (program: () => Program | undefined, origin: () => string): RequestListener => {
  let begun: object = {};
  return (request, response) => {
    const answer = async (): Promise<void> => {
      if (request.url?.startsWith('/callback') === true) {
        const person = await program()?.finish(`${origin()}${request.url}`, begun);
        response
          .setHeader('content-type', 'text/html; charset=utf-8')
          .end(`<!doctype html><h1>Hello ${person?.name}</h1>`);
        return;
      }
      // Browsers ask for an icon by themselves, which must not replace the begun sign-in.
      if (request.url !== '/') {
        response.writeHead(404).end();
        return;
      }
      const asked = await program()?.begin();
      begun = asked ?? {};
      response.writeHead(303, { location: asked?.url.href }).end();
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
};

const stores = everyStore.filter(({ name }) => name === 'sqlite' || name === 'mongodb');

describe.each(stores)('on $name', store => {
  test(
    'a developer gets a first token by what the pages show',
    async () => {
      const setup = await openBrowserSetup({ store, env: { SALLYPORT_FACTORS: 'totp', SALLYPORT_INVITATIONS: 'off' } });
      const folder = await mkdtemp(join(tmpdir(), 'sallyport-first-token-'));
      let program: Program | undefined;
      const site = await openSite(
        serverOf(
          () => program,
          () => site.origin,
        ),
      );
      const context = await setup.chromium.newContext({ locale: 'en-US' });
      const complaints = listenForComplaints(context);
      const steps: string[] = [];
      const begun = performance.now();
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(20_000);
        const sees = async (heading: string): Promise<void> => {
          await page.getByRole('heading', { level: 1, name: heading }).waitFor();
          await page.waitForLoadState();
          expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
          expect(await page.evaluate(outOfPlace)).toEqual([]);
        };
        const press = async (name: string): Promise<void> => {
          steps.push(`press ${name}`);
          await link(page, name).click();
        };
        const type = async (label: string, text: string): Promise<void> => {
          steps.push(`fill in ${label}`);
          await page.getByLabel(label, { exact: true }).fill(text);
        };

        const developer = await addNewcomer(setup.world);
        steps.push('open /developer', 'sign in');
        await page.goto(new URL('/developer', setup.world.issuer).href);
        await setup.enterPassword(page, developer);
        await sees('Clients');
        await press('New client');
        await sees('What do you connect?');
        await press('openid-client');
        await sees('New client: openid-client');
        await type('Name', 'My first client');
        await type('Address of the application', site.origin);
        await press('Register');
        await sees('My first client');
        const panel = page.locator('input[type=radio]:checked + label + div');
        const file = (await panel.locator('b').first().textContent()) ?? '';
        const text = (await panel.locator('pre').textContent()) ?? '';
        steps.push(`save ${file}`);
        await symlink(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
        await writeFile(join(folder, file), text);
        program = (await import(pathToFileURL(join(folder, file)).href)) as Program;

        steps.push('open the program');
        await page.goto(site.origin);
        await sees('Let My first client see your account?');
        await press('Allow');
        await page.waitForURL(`${site.origin}/callback?*`);
        expect(await page.locator('body').textContent()).toBe(`Hello ${developer.user.displayName}`);
        const seconds = ((performance.now() - begun) / 1000).toFixed(1);
        process.stdout.write(
          `First token on ${store.name}: ${steps.length} steps in ${seconds} s: ${steps.join(', ')}\n`,
        );
        expect(steps.length).toBeLessThanOrEqual(12);

        // The same client on our own pages, which verify the ID token and say so.
        await page.goto(new URL('/developer', setup.world.issuer).href);
        await press('My first client');
        await press('Try a sign-in');
        await sees('Playground');
        await press('Make the request');
        await sees('Request of My first client');
        await press('Go on to the sign-in');
        await sees('It worked');
        expect(await page.locator('.verdict.passed').count()).toBeGreaterThanOrEqual(5);
        expect(await page.locator('.verdict.failed').count()).toBe(0);
        // Reported by the page of the application, which is not ours: it has no icon.
        expect(complaints.filter(each => !each.includes('favicon'))).toEqual([]);
      } finally {
        await context.close();
        await Promise.all([site.close(), setup.close(), rm(folder, { recursive: true })]);
      }
    },
    patience,
  );
});

const link = (page: Page, name: string) =>
  page
    .getByRole('button', { name, exact: true })
    .or(page.getByRole('link', { name, exact: true }))
    .first();
