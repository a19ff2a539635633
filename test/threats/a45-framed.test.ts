/**
 * A45. A page of another site shows ours in a transparent frame over something worth clicking. Or it opens ours as a
 * window and steers it by its handle. The person presses "Approve" without seeing it. No page of ours may be framed,
 * and a page that opened one keeps no handle. A client that signs in by a popup still gets its answer.
 * Guard: `src/http/headers.ts#securityHeaders` (`frame-ancestors`, `cross-origin-opener-policy`), sent before routing.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { isHtml, violations } from '../support/surface/rules.ts';
import { openSite, openBrowserSetup, servePage, type BrowserSetup } from '../support/surface/browser-setup.ts';
import { crawlSurface, type SurfaceCrawl } from '../support/surface/crawl.ts';

const patience = 60_000;

describe('A45 every answer', () => {
  let crawl: SurfaceCrawl;
  beforeAll(async () => {
    crawl = await crawlSurface();
  }, patience);
  afterAll(() => crawl.world.close());

  test('A45 every route of every router and every kind of error is covered', () => {
    const { routes, answers } = crawl;
    expect(routes.length).toBeGreaterThan(35);
    expect(new Set(routes.map(({ by }) => by))).toEqual(new Set(['us', 'library']));
    const pages = new Set(answers.filter(isHtml).map(({ status }) => status));
    expect([...pages]).toEqual(expect.arrayContaining([200, 303, 400, 403, 404, 405, 413, 415, 422, 500, 503]));
    expect(answers.some(({ status }) => status === 421)).toBe(true);
    const asked = (path: string): boolean => {
      const shape = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[a-z]+/g, '[^/?]+')}(?:\\?|$)`);
      return answers.some(answer => shape.test(answer.path) && ![404, 405].includes(answer.status));
    };
    expect(routes.filter(({ path }) => !asked(path)).map(({ path }) => path)).toEqual([]);
  });

  test('A45 every answer forbids frames, window handles and embedding', () => {
    expect(crawl.answers.flatMap(answer => violations(answer, false, ['framing']))).toEqual([]);
  });
});

describe('A45 in Chromium', () => {
  let setup: BrowserSetup;
  /** The callback of the client notifies the page that opened the popup, on the client's own origin. */
  const callback = `<title>client</title><p>visible</p><script>
    if (location.pathname === '/callback') {
      new BroadcastChannel('sign-in').postMessage(location.search + ' opener:' + String(window.opener));
    } else {
      new BroadcastChannel('sign-in').onmessage = ({ data }) => { document.title = data; };
    }
  </script>`;
  beforeAll(async () => {
    setup = await openBrowserSetup({}, servePage(callback));
  }, patience);
  afterAll(() => setup?.close(), patience);

  /** The text in a frame of an attacking page. Chromium shows a page of its own for a refused frame. */
  const framed = async (address: string): Promise<string> => {
    const context = await setup.chromium.newContext();
    const site = await openSite(
      servePage(`<title>kittens</title><iframe src="${address}" width=600 height=600></iframe>`),
    );
    try {
      const at = await context.newPage();
      await at.goto(site.origin, { waitUntil: 'load' });
      const [, frame] = at.frames();
      const seen = (await frame?.locator('body').innerText()) ?? '';
      return frame?.url() === 'chrome-error://chromewebdata/' ? '' : seen;
    } finally {
      await context.close();
      await site.close();
    }
  };

  test(
    'A45 a frame of our pages on another site stays blank, also for errors',
    async () => {
      // The legitimate case: a page without the header is visible in the frame.
      expect(await framed(setup.client.origin + '/framed')).toBe('visible');
      const { origin } = setup.world.issuer;
      for (const path of ['/', '/session/end', '/auth', '/nowhere', '/interaction/none', '/healthz'])
        expect({ path, seen: await framed(origin + path) }).toEqual({ path, seen: '' });
      expect(await framed(setup.authorizationUrl('contoso'))).toBe('');
    },
    patience,
  );

  test(
    'A45 a page that opens us gets no window handle, and a client can still sign in by a popup',
    async () => {
      const context = await setup.chromium.newContext();
      const opener = await context.newPage();
      await opener.goto(setup.client.origin);
      const [popup] = await Promise.all([
        context.waitForEvent('page'),
        opener.evaluate(
          `void (window.popup = window.open(${JSON.stringify(setup.authorizationUrl('contoso'))}, 'popup'))`,
        ),
      ]);
      await popup.getByRole('heading', { name: /Sign in/ }).waitFor();
      // The window looks closed to its opener, which can neither count its frames nor navigate it.
      await expectValue(opener, 'window.popup.closed', true);
      await expectValue(popup, 'window.opener', null);
      const { noor } = setup.world.people;
      await setup.enterPassword(popup, noor);
      await setup.enterCode(popup, noor);
      await opener.waitForFunction(`document.title.startsWith('?code=')`);
      await context.close();
    },
    patience,
  );
});

const expectValue = async (at: Page, what: string, value: unknown): Promise<void> => {
  expect({ what, is: await at.evaluate(what) }).toEqual({ what, is: value });
};
