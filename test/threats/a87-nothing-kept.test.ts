/**
 * A87. The next person at the same browser presses Back, or reads the cache. A page that was kept tells who signed in
 * and why. Every answer except assets, keys and discovery has `no-store`, and the next site gets no referrer. After
 * sign-out, Back shows no page of the account, including pages that the browser keeps in memory (bfcache).
 * Guards: `src/http/headers.ts#securityHeaders` (`cache-control`, `referrer-policy`);
 * `interactions/protocols/oidc/protocol.ts#interactionOf`, for which a prompt of an ended session is lost.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Page } from 'playwright-core';
import { violations } from '../support/surface/rules.ts';
import { openBrowserSetup, servePage, type BrowserSetup } from '../support/surface/browser-setup.ts';
import { crawlSurface, type SurfaceCrawl } from '../support/surface/crawl.ts';

const patience = 60_000;

/** Requests that the client received. */
const asked: IncomingMessage[] = [];
const client: RequestListener = (request, response) => {
  asked.push(request);
  servePage('<title>client</title>')(request, response);
};
/** Goes back without waiting for a navigation: a page from the bfcache makes no navigation. */
const goBack = async (page: Page): Promise<void> => {
  await page.evaluate('setTimeout(() => history.back())');
  await page.waitForFunction(`document.title.startsWith('kept')`);
};
const shown = async (page: Page): Promise<string> => (await page.locator('body').innerText()).toLowerCase();

describe('A87 every answer', () => {
  let crawl: SurfaceCrawl;
  beforeAll(async () => {
    crawl = await crawlSurface();
  }, patience);
  afterAll(() => crawl.world.close());

  test('A87 every answer has no-store except assets, keys and discovery', () => {
    expect(crawl.answers.flatMap(answer => violations(answer, false, ['caching']))).toEqual([]);
    const kept = crawl.answers.filter(({ headers }) => String(headers['cache-control']).startsWith('public'));
    expect(new Set(kept.map(({ path }) => path.replace(/-[^/]+$/, '')))).toEqual(
      new Set(['/assets/style', '/jwks', '/.well-known/openid', '/.well-known/oauth']),
    );
  });
});

describe('A87 in Chromium', () => {
  let setup: BrowserSetup;
  beforeAll(async () => {
    setup = await openBrowserSetup({}, client, { keepsPages: true });
  }, patience);
  afterAll(() => setup?.close(), patience);

  const signOut = async (page: Page): Promise<void> => {
    await page.goto(`${setup.world.issuer.origin}/session/end`);
    await page.locator('button[name=logout]').click();
    await page.waitForURL(/\/session\/end\/success/);
  };

  test(
    'A87 this browser restores pages that may be kept',
    async () => {
      const context = await setup.chromium.newContext();
      const page = await context.newPage();
      await page.goto(setup.client.origin);
      await page.evaluate(`addEventListener('pageshow', event => { document.title = 'kept ' + event.persisted; })`);
      await page.goto(`${setup.client.origin}/next`);
      await goBack(page);
      expect(await page.title()).toBe('kept true');
      await context.close();
    },
    patience,
  );

  test(
    'A87 Back after sign-out shows no page that names the account',
    async () => {
      const { noor } = setup.world.people;
      const context = await setup.chromium.newContext();
      const page = await setup.signIn(context, noor);
      // Pages that name the account: the consent page and the step-up page.
      await page.goto(setup.authorizationUrl('stranger'));
      expect(await shown(page)).toContain('noor');
      await page.goto(setup.authorizationUrl('contoso', '&prompt=mfa'));
      expect(await shown(page)).toContain('noor');
      await signOut(page);

      const seen: string[] = [];
      for (let steps = 0; steps < 10; steps += 1) {
        await page.goBack({ timeout: 3000 }).catch(() => undefined);
        if (page.url() === 'about:blank') break;
        if (page.url().startsWith(setup.world.issuer.origin)) seen.push(`${page.url()} ${await shown(page)}`);
      }
      expect(seen.length).toBeGreaterThan(2);
      expect(seen.filter(text => text.includes('noor'))).toEqual([]);
      await context.close();
    },
    patience,
  );

  test(
    'A87 the client gets no referrer, by redirect, by link or by form',
    async () => {
      const context = await setup.chromium.newContext();
      asked.length = 0;
      const page = await setup.signIn(context, setup.world.people.noor);
      await page.goto(setup.authorizationUrl('contoso', '&prompt=mfa'));
      await page.evaluate(`(() => {
        const link = document.createElement('a');
        link.href = ${JSON.stringify(setup.client.origin)} + '/by-link';
        link.textContent = 'away';
        document.body.append(link);
        link.click();
      })()`);
      await page.waitForURL(`${setup.client.origin}/by-link`);
      // The library posts this answer from a page of its own.
      await page.goto(setup.authorizationUrl('contoso', '&response_mode=form_post'));
      await page.waitForURL(`${setup.client.origin}/callback`);
      const arrived = asked.filter(({ headers }) => headers['sec-fetch-mode'] === 'navigate');
      expect(arrived.map(({ method, url = '' }) => `${method} ${url.replace(/\?.*/, '')}`)).toEqual([
        'GET /callback',
        'GET /by-link',
        'POST /callback',
      ]);
      for (const { headers } of arrived)
        expect([headers['referer'], headers['origin'] ?? 'null']).toEqual([undefined, 'null']);
      await context.close();
    },
    patience,
  );
});
