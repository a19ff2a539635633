/** Pages for people who enlarge text, hold the phone sideways or choose their own colours, in Chromium. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser/chromium.ts';
import { keepInPlace, openInPlace } from '../support/browser/keep-in-place.ts';
import { outOfPlace } from '../support/browser/out-of-place.ts';
import { openGallery, type Gallery } from '../web/gallery.ts';

let browser: Browser;
let gallery: Gallery;
let tab: Page;
beforeAll(async () => {
  gallery = await openGallery();
  browser = await launchBrowser();
  tab = await browser.newPage();
  await keepInPlace(tab, gallery.origin);
  await tab.emulateMedia({ reducedMotion: 'reduce' });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

const open = async (name: string): Promise<void> => {
  await openInPlace(tab, `${gallery.origin}/${name}`);
};
const style = async (selector: string, property: string): Promise<string> =>
  tab.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${property}')`);
const box = async (selector: string) => {
  const found = await tab.locator(selector).first().boundingBox();
  if (found === null) throw new Error(`${selector} is not drawn`);
  return found;
};

describe('a phone held sideways, 844 × 390', () => {
  beforeAll(() => tab.setViewportSize({ width: 844, height: 390 }));

  test.each(['call/ringing', 'call/number', 'call/extension-answered'])(
    '%s shows key, status and next step beside the text, without scrolling',
    async name => {
      await open(name);
      const [text, key, action] = [
        await box('h1'),
        await box('.keypad, .number-display'),
        await box('.actions a.button'),
      ];
      expect(key.x).toBeGreaterThan(text.x + text.width);
      for (const part of [await box('.lead'), key, await box('.status'), await box('.track'), action])
        expect(part.y + part.height).toBeLessThanOrEqual(390);
      expect(await tab.evaluate(outOfPlace)).toEqual([]);
    },
  );
});

describe('text at 200 %', () => {
  beforeAll(() => tab.setViewportSize({ width: 1280, height: 800 }));

  /** For `evaluate`: parts whose text is larger than they are. */
  const cutOff = `[...document.querySelectorAll('.hash, .tile, .avatar, .number-display, .status, .tag, .button')]
    .filter(part => part.checkVisibility() && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1))
    .map(part => part.className)`;
  /** One page of each kind. */
  const names =
    'sign-in/wait call/ringing call/answered call/number call/busy call/denied-works code/wrong text/undelivered text/open spoken/over resend/wait options/several step-up/call unmet select-account consent help/nothing-left error/bad-request switch logout'.split(
      ' ',
    );

  test('no page cuts a key, a tile or a button, or scrolls sideways', async () => {
    const wrong: string[] = [];
    for (const name of names) {
      await open(name);
      await tab.evaluate("document.documentElement.style.fontSize = '200%'");
      const found = await tab.evaluate<readonly string[]>(cutOff);
      const outside = await tab.evaluate<readonly unknown[]>(outOfPlace);
      if (found.length + outside.length > 0) wrong.push(`${name}: ${[...found, ...outside].join(', ')}`);
    }
    expect(wrong).toEqual([]);
    // The check sees a part that is cut.
    await tab.evaluate("document.querySelector('.button').style.cssText = 'inline-size: 20px; overflow: hidden'");
    expect(await tab.evaluate(cutOff)).not.toEqual([]);
  }, 60_000);

  test('six digits fit into the field of a code', async () => {
    await open('code/wrong');
    await tab.evaluate("document.documentElement.style.fontSize = '200%'");
    await tab.locator('#code').fill('719024');
    expect(
      await tab.evaluate("(field => field.scrollWidth - field.clientWidth)(document.querySelector('#code'))"),
    ).toBe(0);
  });

  test('the tick of a step grows with its text, on a narrow screen too', async () => {
    await tab.setViewportSize({ width: 390, height: 844 });
    await open('call/ringing');
    await tab.evaluate("document.documentElement.style.fontSize = '200%'");
    expect((await box('.track [data-state=done] .tick')).width).toBe(28);
  });
});

describe('forced colours', () => {
  beforeAll(async () => {
    await tab.setViewportSize({ width: 1280, height: 800 });
    await tab.emulateMedia({ forcedColors: 'active' });
  });
  afterAll(() => tab.emulateMedia({ forcedColors: 'none' }));

  test('the primary button is the only filled one, and links that look like buttons have their colour', async () => {
    await open('code/open');
    expect(await style('button.primary', 'background-color')).not.toBe(await style('a.button', 'background-color'));
    expect(await style('a.button', 'color')).toBe(await style('.chip button', 'color'));
    await open('options/several');
    expect(await style('a.row', 'color')).toBe(await style('button.row', 'color'));
    // What comes back is the link, so its small print and its picture must not shout either.
    for (const part of ['small', 'svg'])
      expect(await style(`a.row ${part}`, 'color')).toBe(await style('button.row', 'color'));
  });

  test('a step that is ahead is dashed, and steps that were reached are not', async () => {
    await open('call/ringing');
    expect(await style('[data-state=ahead]', 'border-top-style')).toBe('dashed');
    expect(await style('[data-state=now]', 'border-top-style')).toBe('solid');
    expect(await style('[data-state=ahead]', 'color')).toBe(await style('[data-state=done]', 'color'));
  });
});

describe('the menu of languages', () => {
  test('covers no row, and closes on Escape and on a press elsewhere', async () => {
    await tab.setViewportSize({ width: 320, height: 640 });
    await open('options/several');
    const [menu, summary] = [tab.locator('.languages'), tab.locator('.languages summary')];
    const isOpen = async (): Promise<boolean> => (await menu.getAttribute('open')) !== null;
    await summary.click();
    const [form, rows] = [await box('.languages form'), await box('.rows')];
    expect(form.y).toBeGreaterThan(rows.y + rows.height);
    await tab.keyboard.press('Escape');
    expect(await isOpen()).toBe(false);
    expect(await tab.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    await summary.click();
    expect(await isOpen()).toBe(true);
    await tab.locator('h1').click();
    expect(await isOpen()).toBe(false);
  });
});

describe('by keyboard', () => {
  test('Tab leads from the name to the password, and to the link for a forgotten one after it', async () => {
    await open('sign-in/empty');
    await tab.locator('#name').focus();
    const stops: unknown[] = [];
    for (let presses = 0; presses < 3; presses += 1) {
      await tab.keyboard.press('Tab');
      stops.push(await tab.evaluate('document.activeElement.name || document.activeElement.textContent'));
    }
    expect(stops).toEqual(['password', 'Show', 'Forgot it?']);
    // On the screen the link stands above the field, beside its label.
    expect((await box('a[href^="/password/forgotten"]')).y).toBeLessThan((await box('#password')).y);
  });
});
