/**
 * Tests the layout of pages in other languages: longer words, and writing from right to left. pages.test.ts tests
 * English.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings } from '../support/browser/axe.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { keepInPlace, openInPlace } from '../support/browser/keep-in-place.ts';
import { faultsIn, outOfPlace, prepareStage } from '../support/browser/out-of-place.ts';
import { drawn, openGallery, translated, translations, type Gallery } from '../web/gallery.ts';

const desktop = { width: 1280, height: 800 };
const phone = { width: 320, height: 640 };
const pages = [...drawn.keys()];
// Every page of a language takes long on a busy machine.
const patience = 60_000;

let browser: Browser;
let gallery: Gallery;
let tab: Page;
beforeAll(async () => {
  gallery = await openGallery();
  browser = await launchBrowser();
  tab = await browser.newPage();
  await tab.emulateMedia({ reducedMotion: 'reduce' });
  await keepInPlace(tab, gallery.origin);
}, patience);
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

const misplaced = async (): Promise<readonly string[]> => tab.evaluate(outOfPlace);
const violated = async (): Promise<readonly string[]> => (await axeFindings(tab)).violations;
const styled = async (selector: string, property: string): Promise<unknown> =>
  tab.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
const keyAt = async (text: string): Promise<number> =>
  (await tab.locator('.keypad').getByText(text, { exact: true }).boundingBox())?.x ?? Number.NaN;

describe('no page overflows', () => {
  // One document that takes the body of each page: six hundred loads would take minutes.
  let stage: Page;
  beforeAll(async () => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    stage = await context.newPage();
    await prepareStage(stage);
  });

  test.each(Object.keys(translations).flatMap(tongue => [desktop, phone].map(viewport => ({ tongue, ...viewport }))))(
    'in $tongue at $width px',
    async ({ tongue, width, height }) => {
      await stage.setViewportSize({ width, height });
      const all = [...translated].filter(([name]) => name.startsWith(`${tongue}/`));
      expect(all.length).toBe(pages.length);
      expect(await stage.evaluate(faultsIn(outOfPlace, all))).toEqual([]);
      // Checks that the text was drawn and is visible.
      expect(await stage.evaluate(`getComputedStyle(document.querySelector('.card, .sheet')).backgroundColor`)).toBe(
        'rgb(255, 255, 255)',
      );
      const [name = '', page = ''] = all[0] ?? [];
      const broken = page.replace(/<h1>/u, '<h1><span style="display:inline-block;inline-size:2000px">x</span>');
      expect(await stage.evaluate(faultsIn(outOfPlace, [[name, broken]]))).not.toEqual([]);
    },
    patience,
  );
});

describe('no page overflows with text at 200 %', () => {
  // English, and the language with the longest words.
  test.each([
    ['en', drawn],
    ['de', new Map([...translated].filter(([name]) => name.startsWith('de/')))],
  ] as const)(
    'in %s at 640 px',
    async (_, all) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 640, height: 800 } });
      const stage = await context.newPage();
      await prepareStage(stage);
      await stage.evaluate("document.documentElement.style.fontSize = '200%'");
      expect(all.size).toBe(pages.length);
      expect(await stage.evaluate(faultsIn(outOfPlace, [...all]))).toEqual([]);
      await context.close();
    },
    patience,
  );
});

describe('from right to left', () => {
  // The markup equals that of English, which is tested completely: one page of each kind.
  const kinds = [...new Map(pages.map(name => [name.split('/')[0], name])).values()];
  test.each(kinds)(
    '%s has no axe violation in a right-to-left language',
    async name => {
      await tab.setViewportSize(phone);
      await openInPlace(tab, `${gallery.origin}/rtl/${name}`);
      expect(await violated()).toEqual([]);
    },
    patience,
  );

  test('the page runs from right to left, and keys, codes and numbers do not', async () => {
    await tab.goto(`${gallery.origin}/rtl/call/ringing`);
    expect(await styled('.lead', 'direction')).toBe('rtl');
    expect(await keyAt('*')).toBeLessThan(await keyAt('0'));
    expect(await keyAt('0')).toBeLessThan(await keyAt('#'));
    for (const selector of ['h1 bdi', '.reference code']) expect(await styled(selector, 'direction')).toBe('ltr');
    await tab.goto(`${gallery.origin}/rtl/code/wrong`);
    expect(await styled('input.code', 'direction')).toBe('ltr');
    expect(await styled('dd code', 'direction')).toBe('ltr');
  });

  test('progress runs from right to left, and closed chevrons point left', async () => {
    await tab.goto(`${gallery.origin}/rtl/call/ringing`);
    const [first, last] = await Promise.all(
      [tab.locator('.track li').first(), tab.locator('.track li').last()].map(each => each.boundingBox()),
    );
    expect(first?.x ?? 0).toBeGreaterThan(last?.x ?? Infinity);
    expect(await styled('.details .chevron', 'transform')).toBe('matrix(-1, 0, 0, 1, 0, 0)');
    await tab.locator('.details summary').click();
    expect(await styled('.details .chevron', 'transform')).toBe('matrix(0, 1, -1, 0, 0, 0)');
    await tab.goto(`${gallery.origin}/rtl/options/over`);
    expect(await styled('.row .chevron', 'transform')).toBe('matrix(-1, 0, 0, 1, 0, 0)');
  });
});

describe.each(['', 'rtl/'])('the choice of a language on %scall/ringing', prefix => {
  test.each([desktop, phone])('is visible and can be clicked at $width px when it is open', async viewport => {
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.setViewportSize(viewport);
    await tab.goto(`${gallery.origin}/${prefix}call/ringing`);
    // The chevron points down while closed, because the list opens downwards, and up while open.
    expect(await styled('.languages .chevron', 'transform')).toBe('matrix(0, 1, -1, 0, 0, 0)');
    await tab.locator('.languages summary').click();
    expect(await styled('.languages .chevron', 'transform')).toBe('matrix(0, -1, 1, 0, 0, 0)');
    expect(await violated()).toEqual([]);
    expect(await misplaced()).toEqual([]);
    for (const button of await tab.locator('.languages button').all())
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });

  test('works by keyboard and posts the path of the current page', async () => {
    await tab.goto(`${gallery.origin}/${prefix}call/ringing`);
    await tab.locator('.languages summary').focus();
    await tab.keyboard.press('Enter');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Tab');
    const posted = tab.waitForRequest(request => request.method() === 'POST');
    await tab.keyboard.press('Enter');
    const request = await posted;
    expect([new URL(request.url()).pathname, request.postData()]).toEqual([
      '/language',
      'back=%2Finteraction%2FV1StGXR8Z5jdHi6B&language=de',
    ]);
  });
});
