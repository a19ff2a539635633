/**
 * Tests in Chromium how the authenticator lives on a device: it can be installed, opens offline, keeps codes so that no script reads
 * their secret, and shows notifications that decide nothing. Slow: starts Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import {
  becomeOld,
  moveClock,
  shownNotifications,
  tagsAfter,
  tapNotification,
  whatIsKept,
  workerIsReady,
  type Kept,
} from '../support/browser/authenticator-scripts.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { listenForComplaints } from '../support/browser/complaints.ts';
import { startWorld, type World } from '../support/world/world.ts';

const patience = 60_000;
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  [world, browser] = await Promise.all([
    startWorld({ hostname: 'localhost', env: { SALLYPORT_FACTORS: 'push,totp' } }),
    launchBrowser({ keepsPages: true }),
  ]);
}, patience);
afterAll(async () => {
  await browser?.close();
  await world?.close();
}, patience);
beforeEach(async () => {
  context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 390, height: 844 },
    permissions: ['notifications'],
  });
  complaints = listenForComplaints(context);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(new URL('/authenticator/', world.issuer).href);
  await page.getByRole('button', { name: 'Add an account' }).waitFor();
  await page.evaluate(workerIsReady);
});
afterEach(async () => {
  await context?.close();
});

const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const addCodes = async (): Promise<void> => {
  await press('Add an account');
  await press('Codes for another website');
  await page.getByLabel('Website').fill('Fabrikam');
  await page.getByLabel('Account').fill('ada.l');
  await page.getByLabel('Key').fill(secret);
  await press('Keep');
  await page.getByText('ada.l', { exact: true }).waitFor();
};

/** The browser is offline then, and a private window has no push service. */
const isExpected = (complaint: string): boolean =>
  /ERR_INTERNET_DISCONNECTED|Push API in incognito mode/.test(complaint);

test(
  'the app can be installed, and opens offline with its codes',
  async () => {
    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // Each context of a test is a private window, where browsers install nothing.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
    await addCodes();
    await context.setOffline(true);
    await page.reload();
    await page.getByText('ada.l', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show code' }).click();
    expect(await page.getByText(/^\d{3} \d{3}$/).textContent()).toMatch(/^\d/);
    expect(complaints.filter(each => !isExpected(each))).toEqual([]);
  },
  patience,
);

test(
  'codes are kept so that no script reads the key or the secret',
  async () => {
    await addCodes();
    const read = await page.evaluate<Kept>(whatIsKept);
    const exports = ['InvalidAccessError', 'InvalidAccessError'];
    expect(read.keys).toEqual([{ name: 'AES-GCM', usages: ['wrapKey', 'unwrapKey'], exports }]);
    expect(read.text).toContain('Fabrikam');
    expect(read.text).not.toContain(secret);
    // "Hello!" begins the bytes of this secret.
    expect(read.text).not.toContain('Hello!');
  },
  patience,
);

test(
  'a device with the files of an old version gets those of the new one, keeps no other, and keeps its codes',
  async () => {
    await addCodes();
    await page.evaluate(becomeOld);
    await page.reload();
    await page.getByText('ada.l', { exact: true }).waitFor();
    await page.evaluate(workerIsReady);
    await page.waitForFunction('navigator.serviceWorker.controller?.state === "activated"');
    const versions = await page.evaluate<readonly string[]>('caches.keys()');
    expect(versions).toEqual([expect.stringMatching(/^authenticator-[0-9a-f]{16}$/)]);
    await context.setOffline(true);
    await page.reload();
    await page.getByText('ada.l', { exact: true }).waitFor();
  },
  patience,
);

const registrationOf = async (session: CDPSession): Promise<string> => {
  const found = new Promise<string>(resolve => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations;
      if (registration !== undefined) resolve(registration.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  return found;
};

test(
  'a push message closes notifications of requests that have ended meanwhile',
  async () => {
    // An open app closes them earlier.
    await page.goto(new URL('/nowhere', world.issuer).href);
    const session = await context.newCDPSession(page);
    const registrationId = await registrationOf(session);
    const [worker] = context.serviceWorkers();
    const deliver = async (tag: string): Promise<readonly string[]> => {
      const data = JSON.stringify({ web_push: 8030, notification: { title: tag, tag } });
      const message = { origin: world.issuer.origin, registrationId, data };
      let shown: readonly string[] = [];
      // Chromium now and then drops a message that it is given in this way.
      for (let sends = 0; sends < 3 && !shown.includes(tag); sends += 1) {
        await session.send('ServiceWorker.deliverPushMessage', message);
        shown = (await worker?.evaluate<readonly string[]>(tagsAfter(tag))) ?? [];
      }
      return shown;
    };
    await deliver('first');
    expect(await deliver('second')).toEqual(['first', 'second']);
    await worker?.evaluate(moveClock(299_000));
    expect(await deliver('third')).toEqual(['first', 'second', 'third']);
    await worker?.evaluate(moveClock(2000));
    expect(await deliver('fourth')).toEqual(['fourth', 'third']);
  },
  patience,
);

test(
  'a push message is shown with its words alone, without a button that decides, and a tap on it asks nothing of the server',
  async () => {
    const session = await context.newCDPSession(page);
    const registrationId = await registrationOf(session);
    const notification = {
      title: 'Sign-in request',
      body: 'Tap to review',
      navigate: 'https://evil.example/',
      lang: 'en',
      tag: 'challenge',
      actions: [{ action: 'approve', title: 'Approve' }],
    };
    await session.send('ServiceWorker.deliverPushMessage', {
      origin: world.issuer.origin,
      registrationId,
      data: JSON.stringify({ web_push: 8030, notification }),
    });
    expect(await page.evaluate(shownNotifications())).toEqual([
      { title: 'Sign-in request', body: 'Tap to review', tag: 'challenge', actions: [] },
    ]);
    const asked: string[] = [];
    context.on('request', request => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const [worker] = context.serviceWorkers();
    expect(await worker?.evaluate(tapNotification)).toBe(0);
    await page.getByRole('button', { name: 'Add an account' }).waitFor();
    expect(asked.filter(each => each.includes('/api/'))).toEqual([]);
  },
  patience,
);
