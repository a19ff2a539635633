/** The scanner of the authenticator in Chromium: a real decoder, and a camera that shows a QR code. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser/chromium.ts';
import { qrVideo } from '../support/browser/qr-video.ts';
import { openAuthenticatorGallery, type AuthenticatorGallery } from '../web/authenticator-gallery.ts';

const link = 'https://login.contoso.example/authenticator/#pair=Zm9vYmFyYmF6cXV4MTIzNA';

let folder: string;
let browser: Browser;
let gallery: AuthenticatorGallery;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-camera-'));
  const camera = join(folder, 'qr.y4m');
  await writeFile(camera, qrVideo(link));
  gallery = await openAuthenticatorGallery();
  browser = await launchBrowser({ camera });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (context: BrowserContext): Promise<Page> => {
  const tab = await context.newPage();
  await tab.goto(gallery.origin);
  await tab.evaluate(`catalogue.show('scan/starting')`);
  return tab;
};
/** Waits for at most 10 s. The policy forbids what `waitForFunction` does with a string. */
const until = async (tab: Page, condition: string): Promise<void> => {
  for (let i = 0; i < 200; i += 1) {
    if ((await tab.evaluate(condition)) === true) return;
    await tab.waitForTimeout(50);
  }
  throw new Error(`got nothing in 10 s, expected ${condition}`);
};
const asked = (tab: Page): Promise<readonly (readonly unknown[])[]> => tab.evaluate('catalogue.asked.slice()');

test('the QR code of a pairing is read, and the camera is freed afterwards', async () => {
  const context = await browser.newContext({ permissions: ['camera'] });
  const tab = await open(context);
  await until(tab, 'catalogue.asked.length > 0');
  expect(await asked(tab)).toEqual([['scanned', link]]);
  await tab.evaluate(`globalThis.track = document.querySelector('video').srcObject.getTracks()[0]`);
  expect(await tab.evaluate('track.readyState')).toBe('live');
  await tab.evaluate(`catalogue.show('home/quiet')`);
  await until(tab, `track.readyState === 'ended'`);
  await context.close();
}, 30_000);

test('a refused camera is said, and the code can be typed', async () => {
  const context = await browser.newContext({ permissions: [] });
  const tab = await open(context);
  await until(tab, 'catalogue.asked.length > 0');
  expect(await asked(tab)).toEqual([['scanFailed', 'refused']]);
  await tab.evaluate(`catalogue.show('scan/refused')`);
  await tab.getByRole('button', { name: 'Type the code instead' }).click();
  expect((await asked(tab)).at(-1)).toEqual(['go', { at: 'add' }]);
  await context.close();
}, 30_000);

test('the decoder is not loaded before somebody scans', async () => {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const scripts: string[] = [];
  tab.on('request', request => {
    if (request.url().endsWith('.js')) scripts.push(new URL(request.url()).pathname);
  });
  await tab.goto(gallery.origin);
  await tab.evaluate(`catalogue.show('add/empty')`);
  const before = scripts.length;
  await Promise.all([
    tab.waitForRequest(request => /scanner/u.test(request.url())),
    tab.evaluate(`catalogue.show('scan/starting')`),
  ]);
  expect(scripts.length).toBeGreaterThan(before);
  expect(scripts.slice(0, before).filter(path => path.includes('scanner'))).toEqual([]);
  await context.close();
});
