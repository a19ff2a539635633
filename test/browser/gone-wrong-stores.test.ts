/**
 * Tests a store that fails in the middle of a sign-in: Redis is killed, returns, returns empty; the database file is
 * not writable. In a real browser over the development world, with a real server, Redis and file. Slow: starts
 * processes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page, Response } from 'playwright-core';
import { person } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { fill, lookAt, press, sees } from '../support/browser/gone-wrong.ts';
import { passTime, untilHeard } from '../support/world/clock.ts';
import { lockWrites } from '../support/world/outages.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';

const patience = 60_000;
const out = 'We can’t sign you in right now';

/** The page for an unavailable store: the client's name, a way to try again and a reference for the help desk. */
const expectOut = async (page: Page, answer: () => Response | undefined): Promise<void> => {
  await sees(page, out);
  expect(answer()?.status()).toBe(503);
  expect(answer()?.headers()).toHaveProperty('retry-after');
  const card = await page.locator('.card').innerText();
  for (const said of ['Contoso Office', 'This is on our side. Wait a minute, then try again.', 'store unavailable'])
    expect(card).toContain(said);
  expect(card).toMatch(/IDP-1\d{3}/);
  expect(card).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
  expect(await page.locator('.actions a').allInnerTexts()).toEqual(['Try again', 'Back to Contoso Office']);
};

describe('a store outage', () => {
  let redis: RedisServer;
  let folder: string;
  let world: Development;
  let browser: Browser;
  /** Each write is on disk before it is answered, so a killed server still has it after its restart. */
  const kept = (): readonly string[] => ['--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always'];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-redis-'));
    redis = await startRedis(kept());
    world = await startDevelopment({ REDIS_URL: redis.url, SALLYPORT_FACTORS: 'call,totp' });
    browser = await launchBrowser();
  }, patience);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  }, patience);

  /** In a browser of its own; `answer` is the last document. */
  const inBrowser = async (tell: (page: Page, answer: () => Response | undefined) => Promise<void>): Promise<void> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let last: Response | undefined;
    page.on('response', response => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) last = response;
    });
    try {
      await tell(page, () => last);
    } finally {
      await context.close();
    }
  };
  const signIn = async (page: Page, name: string): Promise<void> => {
    await page.goto(world.relyingParty);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name or e-mail address').fill(name);
    await page.getByLabel('Password', { exact: true }).fill(world.person(name).password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const arrive = (page: Page): Promise<void> => page.waitForURL(url => url.href.startsWith(world.relyingParty));
  const typeCode = async (page: Page, who: string): Promise<void> => {
    await sees(page, 'Enter the code from your app');
    await fill(page, await person(world.simulator, who).code());
  };
  /** Asks the readiness probe; a restarted server becomes ready again. */
  const ready = async (): Promise<void> => {
    for (let turn = 0; turn < 600; turn += 1) {
      if ((await fetch(`${world.issuer}/readyz`)).ok) return;
      await pass(50);
    }
    throw new Error('the server does not become ready');
  };
  const isSignedIn = async (page: Page): Promise<boolean> => {
    await page.goto(world.relyingParty);
    return (await page.getByRole('button', { name: 'Sign out' }).count()) > 0;
  };

  it(
    'while Redis is down the page names the client, and "Try again" shows the call that still rings',
    async () =>
      inBrowser(async (page, answer) => {
        await signIn(page, 'grace');
        await sees(page, /calling/);
        const grace = person(world.simulator, world.person('grace').number);
        await grace.ringing();
        await redis.stop();
        await page.reload();
        await expectOut(page, answer);
        await lookAt(page, 'stores redis gone');

        redis = await startRedis(kept(), { port: redis.port });
        await ready();
        await press(page, 'Try again');
        await sees(page, /calling/);
        expect((await grace.phone()).calls).toHaveLength(1);
        await grace.answer();
        await grace.hear();
        await passTime(untilHeard);
        await grace.press('#');
        await arrive(page);
        expect(await page.locator('body').innerText()).toContain('Hello, Grace Hopper');
      }),
    patience,
  );

  it(
    'while Redis is down "Back to" leads to the client, and "Try again" asks for the password after Redis came back empty',
    async () =>
      inBrowser(async (page, answer) => {
        await signIn(page, 'ada');
        await sees(page, /calling/);
        await redis.stop();
        await page.reload();
        await expectOut(page, answer);

        const other = await page.context().newPage();
        await other.goto(page.url());
        await press(other, 'Back to Contoso Office');
        await arrive(other);
        expect(await isSignedIn(other)).toBe(false);
        await other.close();

        redis = await startRedis([], { port: redis.port });
        await ready();
        await press(page, 'Try again');
        // The request is kept in the browser: only what was proven is lost.
        await sees(page, 'Sign in to Contoso Office');
        expect(answer()?.status()).toBe(200);
        await lookAt(page, 'stores redis empty');
        await page.getByLabel('Name or e-mail address').fill('ada');
        await page.getByLabel('Password', { exact: true }).fill(world.person('ada').password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        // The first call still rings, so the line is busy.
        await sees(page, 'We couldn’t reach you');
        await press(page, 'Use a different verification option');
        await press(page, /Code from your app/);
        await typeCode(page, 'Ada Lovelace');
        await arrive(page);
        expect(await page.locator('body').innerText()).toContain('Hello, Ada Lovelace');
      }),
    patience,
  );

  it(
    'while the database is locked no sign-in finishes, and "Try again" continues afterwards',
    async () =>
      inBrowser(async (page, answer) => {
        await signIn(page, 'noor');
        await sees(page, 'Enter the code from your app');
        const unlock = lockWrites(join(world.folder, '.sallyport/sallyport.db'));
        try {
          await typeCode(page, 'Noor Inayat Khan');
          await expectOut(page, answer);
          await lookAt(page, 'stores database locked');
          const other = await page.context().newPage();
          expect(await isSignedIn(other)).toBe(false);
          await other.close();
        } finally {
          unlock();
        }
        await press(page, 'Try again');
        await typeCode(page, 'Noor Inayat Khan');
        await arrive(page);
        expect(await page.locator('body').innerText()).toContain('Hello, Noor Inayat Khan');
      }),
    patience,
  );
});
