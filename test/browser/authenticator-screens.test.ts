/** The screens of the authenticator in Chromium: every state of the catalogue for every eye, and answers by keyboard only. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { addAxe } from '../support/browser/axe.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { outOfPlaceIn } from '../support/browser/out-of-place.ts';
import { openAuthenticatorGallery, type AuthenticatorGallery } from '../web/authenticator-gallery.ts';

let browser: Browser;
let gallery: AuthenticatorGallery;
let tab: Page;
const errors: string[] = [];
beforeAll(async () => {
  gallery = await openAuthenticatorGallery();
  browser = await launchBrowser();
  tab = await browser.newPage({ reducedMotion: 'reduce' });
  tab.on('pageerror', error => errors.push(String(error)));
  tab.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await addAxe(tab);
  await tab.goto(gallery.origin);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

const phone = { width: 390, height: 844 };
const small = { width: 320, height: 640 };
const sideways = { width: 844, height: 390 };
const show = (name: string, language = 'en'): Promise<unknown> =>
  tab.evaluate(`catalogue.show(${JSON.stringify(name)}, ${JSON.stringify(language)})`);

/** Samples with a class or state that no sample before them has: the others look like one of these. */
let looks: readonly string[] = [];

/** Shows samples one after the other and gives `name: fault` for each fault that the expression lists. */
const faultsOf = (
  expression: string,
  { language = 'en', among }: { language?: string; among?: readonly string[] } = {},
): Promise<readonly string[]> =>
  tab.evaluate(`(async () => {
    const found = [];
    for (const name of ${among === undefined ? 'catalogue.names' : JSON.stringify(among)}) {
      await catalogue.show(name, '${language}');
      for (const fault of await (${expression})) found.push(name + ': ' + fault);
    }
    return found;
  })()`);

const place = outOfPlaceIn('.screen', '.screen, .screen *');
/** Lists what is smaller than 44 px, and what lies over something else. */
const targets = `(() => {
      const seen = [...document.querySelectorAll('button, select, input')].map(each => [each, each.getBoundingClientRect()]);
      const said = each => (each.textContent || each.getAttribute('aria-label') || each.tagName).trim();
      return seen.flatMap(([each, box], i) => [
        ...(box.height < 44 || box.width < 44 ? ['small: ' + said(each)] : []),
        ...seen.slice(i + 1)
          .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1)
          .map(([other]) => said(each) + ' over ' + said(other)),
      ]);
    })()`;
const axe = (rules: string): string =>
  `axe.run(document, ${rules}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(each => each.html).join(' ')))`;
const contrast = axe(`{ runOnly: ['color-contrast'] }`);

test('the catalogue has every screen, each name once', async () => {
  const names: readonly string[] = await tab.evaluate('catalogue.names');
  expect(names.length).toBeGreaterThan(90);
  expect(new Set(names).size).toBe(names.length);
  looks = await tab.evaluate(`(async () => {
    const [found, known] = [[], new Set()];
    for (const name of catalogue.names) {
      await catalogue.show(name);
      const looks = document.body.innerHTML.match(/ (?:class|role|aria-invalid|aria-disabled|type)="[^"]*"/gu) ?? [];
      if (looks.some(look => !known.has(look))) found.push(name);
      for (const look of looks) known.add(look);
    }
    return found;
  })()`);
  expect(looks.length).toBeGreaterThan(20);
});

describe('every screen', () => {
  test('has no violation of axe', async () => {
    await tab.setViewportSize(phone);
    expect(await faultsOf(axe('{}'), { among: looks })).toEqual([]);
  }, 30_000);

  test('is readable in dark and in forced colours', async () => {
    await tab.emulateMedia({ colorScheme: 'dark' });
    const dark = await faultsOf(contrast, { among: looks });
    await tab.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    const forced = await faultsOf(contrast, { among: looks });
    await tab.emulateMedia({ forcedColors: 'none' });
    expect([...dark, ...forced]).toEqual([]);
  }, 30_000);

  test.each(['en', 'de', 'fr'])('in %s fits into 320 px, with targets of 44 px, none over another', async language => {
    await tab.setViewportSize(small);
    expect(await faultsOf(`[...${place}, ...${targets}]`, { language })).toEqual([]);
  });

  test.each(['de', 'fr'])('in %s fits with text at 200 %%', async language => {
    await tab.setViewportSize(phone);
    await tab.evaluate(`document.documentElement.style.fontSize = '200%'`);
    const found = await faultsOf(place, { language });
    await tab.evaluate(`document.documentElement.style.fontSize = ''`);
    expect(found).toEqual([]);
  });

  test.each(['en', 'de', 'fr'])('of a sign-in in %s shows its three answers without scrolling', async language => {
    for (const window of [small, sideways]) {
      await tab.setViewportSize(window);
      for (const name of ['request/complete', 'request/six digits']) {
        await show(name, language);
        expect(await tab.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(window.height);
        expect(await tab.evaluate(place)).toEqual([]);
      }
    }
  });

  test('is titled by its heading, in the language of the person', async () => {
    await show('settings/usual', 'de');
    expect(await tab.title()).toBe('Einstellungen · Sallyport Authenticator');
    expect(await tab.getAttribute('html', 'lang')).toBe('de');
    await show('home/quiet', 'fr');
    expect(await tab.title()).toBe('Sallyport Authenticator');
    expect(await tab.getAttribute('html', 'lang')).toBe('fr');
  });
});

/** What the screens asked for since the last call. */
const asked = (): Promise<readonly (readonly unknown[])[]> => tab.evaluate('catalogue.asked.splice(0)');
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await tab.keyboard.press(key);
};

/** Moves the focus to a button, which must be seen to have it. */
const reach = async (label: string): Promise<void> => {
  const isThere = `document.activeElement.textContent.trim() === ${JSON.stringify(label)}`;
  for (let i = 0; i < 30 && !(await tab.evaluate(isThere)); i += 1) await press('Tab');
  expect([label, await tab.evaluate(isThere)]).toEqual([label, true]);
  expect(await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
};

describe('by keyboard only', () => {
  beforeEach(async () => {
    await tab.setViewportSize(phone);
    await show('home/quiet');
    await asked();
  });

  test('a new screen is read from its heading', async () => {
    await show('request/asked');
    expect(await tab.evaluate('document.activeElement.textContent')).toBe('Are you signing in?');
  });

  test('the number is typed and sent, and never before it is complete', async () => {
    await show('request/asked');
    await press('4');
    await reach('Verify');
    await press('Enter');
    expect(await asked()).toEqual([]);
    expect(await tab.textContent('.wrong')).toContain('The number has 2 digits.');
    // The focus has moved to the field.
    await press('8', 'Backspace', '7', 'Enter');
    expect(await asked()).toEqual([['approve', 'request', '47']]);
  });

  test('a digit more than the number has is not taken', async () => {
    await show('request/asked');
    await press('4', '7', '1');
    await reach('Verify');
    await press('Enter');
    expect(await asked()).toEqual([['approve', 'request', '47']]);
  });

  test('a request without a number is verified at once', async () => {
    await show('request/approval');
    await reach('Verify');
    await press('Space');
    expect(await asked()).toEqual([['approve', 'request', '']]);
  });

  test('"Deny" is sent at once, "It wasn’t me" only after a second question', async () => {
    await show('request/asked');
    await reach('Deny');
    await press('Enter');
    expect(await asked()).toEqual([['decline', 'request']]);
    await reach('It wasn’t me');
    await press('Enter');
    expect(await asked()).toEqual([['go', { at: 'report', request: 'request' }]]);
    await show('report/asked');
    await reach('Yes, report it');
    await press('Enter');
    expect(await asked()).toEqual([['report', 'request']]);
  });

  test('the PIN goes with the number, and is not kept in its field', async () => {
    await show('request/pin');
    expect(await asked()).toEqual([]);
    await press('Tab', 'Tab');
    await tab.keyboard.type('12345');
    await press('Enter');
    expect(await asked()).toEqual([]);
    await tab.keyboard.type('6');
    await press('Enter');
    expect(await asked()).toEqual([['approve', 'request', '47', '123456']]);
    expect(await tab.inputValue('.field input')).toBe('');
    expect(await tab.getAttribute('.field input', 'type')).toBe('password');
  });

  test('a new PIN is sent only where both are the same', async () => {
    await show('request/pin different');
    expect(await asked()).toEqual([]);
    // The focus has moved to the second field.
    await tab.keyboard.press('Control+A');
    await tab.keyboard.type('123456');
    await press('Enter');
    expect(await asked()).toEqual([['approve', 'request', '47', '123456']]);
  });

  test('an answer on its way is not sent twice', async () => {
    await show('request/sending');
    await reach('Sending…');
    await press('Enter');
    expect(await asked()).toEqual([]);
  });

  test('a pairing code is spelled as the page shows it', async () => {
    await show('add/empty');
    await reach('Scan the QR code');
    await press('Tab');
    await tab.keyboard.type('abcd 12345');
    expect(await tab.inputValue('.code')).toBe('ABCD-1234');
    await press('Enter');
    expect(await asked()).toEqual([['pair', { name: 'Ada’s Pixel', code: 'ABCD-1234' }]]);
  });

  test('a code is shown and hidden on a tap', async () => {
    await show('home/quiet');
    await reach('Show code: Contoso, ada@contoso.example');
    await press('Enter');
    expect(await asked()).toEqual([['showCode', 'contoso']]);
    await show('home/accounts');
    await reach('482 913 Hide code');
    await press('Enter');
    await reach('Copy');
    await press('Enter');
    expect(await asked()).toEqual([['hideCode'], ['copyCode']]);
  });
});

test('the screens write no error to the console', () => {
  expect(errors).toEqual([]);
});
