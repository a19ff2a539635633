/**
 * Tests every page × state of the catalogue: valid, accessible in light, dark and at 320 px, small, and without
 * requests to another origin.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import type { RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { assets } from '../../web/assets.ts';
import { addAxe, axeFindings } from '../support/browser/axe.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { createLooks } from '../support/browser/looks.ts';
import { keepInPlace, openInPlace } from '../support/browser/keep-in-place.ts';
import { drawn, openGallery, type Gallery } from '../web/gallery.ts';
import { faultsIn, outOfPlace, prepareStage } from '../support/browser/out-of-place.ts';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // The tag writes every attribute alike, so an empty one is `required=""`: the same to a browser.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    // Written as HTML's own serialisation has them; svg children close themselves as XML does.
    'void-style': ['error', { style: 'omit' }],
    // Lines are for machines here: people do not read the source of a rendered page.
    'no-trailing-whitespace': 'off',
    // Counts entities by their letters; the hostile name is full of them.
    'long-title': ['error', { maxlength: 200 }],
    // A page without script and without a field loads itself again; test/web/pages.test.ts looks at these.
    'meta-refresh': 'off',
    'no-inline-style': 'error',
    'require-csp-nonce': 'off',
    'require-sri': 'off',
  },
});

const pages = [...drawn];
const limit = 40_000;
/** Pages of developers have configurations of software and a style sheet of their own. No sign-in loads them. */
const limitOf = (name: string): number => (/^(?:developer|playground)\//.test(name) ? 49_000 : limit);

describe('the HTML of each page', () => {
  test.each(pages)('%s is valid HTML', async (name, page) => {
    const { results } = await validator.validateString(page, `${name}.html`);
    const said = results.flatMap(({ messages }) =>
      messages.map(each => `${each.ruleId} ${each.line}: ${each.message}`),
    );
    expect(said).toEqual([]);
  });

  test.each(pages)('%s and its assets fit into 40 kB, 49 kB for developers', (name, page) => {
    const loaded = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/gu)].map(([, path = '']) => assets.get(path));
    expect(loaded.length).toBeGreaterThanOrEqual(2);
    const bytes = loaded.reduce((sum, asset) => sum + (asset?.body.length ?? limit), Buffer.byteLength(page));
    expect(bytes).toBeLessThanOrEqual(limitOf(name));
  });

  test.each(pages)('%s loads only our assets and has no inline style or script', (_, page) => {
    expect(page).not.toMatch(/<(?:script|img|link|iframe)[^>]+(?:src|href)="(?!\/assets\/)/u);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:/iu);
  });
});

const desktop = { width: 1280, height: 800 };
const phone = { width: 320, height: 640 };
const views = [
  { colorScheme: 'light', viewport: desktop },
  { colorScheme: 'dark', viewport: desktop },
  { colorScheme: 'light', viewport: phone },
] as const;

/** The pages with a combination of parts that no page before them has. */
const isNewLook = createLooks();
const unlike = new Set([...pages].filter(([, page]) => isNewLook(page)).map(([name]) => name));

/**
 * The rules of axe for a page in a view. In other colours or another width only rules about these can give another
 * result. The contrast depends on the parts alone: it is judged where a page has a new one.
 */
const rulesFor = ({ colorScheme, viewport }: (typeof views)[number], isUnlike: boolean): RunOptions => {
  if (colorScheme === 'dark') return { runOnly: { type: 'tag', values: ['cat.color'] } };
  const ofLooks = ['color-contrast', 'target-size', 'scrollable-region-focusable'];
  if (viewport !== desktop) return { runOnly: { type: 'rule', values: ofLooks } };
  return isUnlike ? {} : { rules: { 'color-contrast': { enabled: false } } };
};

/** For `evaluate`: buttons, links and labelled boxes to press that are less than 44 px high. */
const lowButtons = `[...document.querySelectorAll('button, a.button, .label a, .footer a, summary, select, label.choice, input:not([type=radio], [type=checkbox])')]
  .filter(each => each.checkVisibility())
  .map(each => [each.textContent.trim() || each.name, each.getBoundingClientRect().height])
  .filter(([, height]) => height < 43.5).map(each => each.join(' '))`;

/** Pages on which a step waits for the person: its action must be visible without scrolling. */
const steps = pages.filter(([name]) => /^(?:call|code|text|spoken|resend|passkey)\/(?!hostile|passed)/u.test(name));
const isStep = (name: string): boolean => steps.some(([each]) => each === name);

/** For `evaluate`: fields, numbers and buttons of the card that end below the window. The field for a late text may. */
const belowWindow = `[...document.querySelectorAll('.card :is(input.code, .number-display, .keypad, .button)')]
  .filter(part => part.checkVisibility() && part.closest('.late') === null)
  .map(part => [part.textContent.trim() || part.className, part.getBoundingClientRect().bottom])
  .filter(([, bottom]) => bottom > innerHeight).map(part => part.join(' '))`;

describe('each page in Chromium', () => {
  let browser: Browser;
  let gallery: Gallery;
  let tab: Page;
  const complaints: string[] = [];

  const look = async ({ colorScheme, viewport }: (typeof views)[number]): Promise<void> => {
    await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Each change of the size costs a layout.
    if (tab.viewportSize()?.width !== viewport.width) await tab.setViewportSize(viewport);
  };

  beforeAll(async () => {
    gallery = await openGallery();
    browser = await launchBrowser();
    tab = await browser.newPage();
    await Promise.all([keepInPlace(tab, gallery.origin), addAxe(tab)]);
    tab.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
  });

  // Runs many of axe's rules more than once, which takes long on a busy machine.
  const patience = 60_000;

  test.each(pages)(
    '%s has no axe violation, no overflow, no low button, no hidden action and no policy violation',
    async name => {
      complaints.length = 0;
      await openInPlace(tab, `${gallery.origin}/${name}`);
      for (const view of views) {
        await look(view);
        const below = view.viewport === phone && isStep(name) ? belowWindow : '[]';
        const misplaced = `({ outOfPlace: ${outOfPlace}, lowButtons: ${lowButtons}, below: ${below} })`;
        expect(await tab.evaluate(misplaced)).toEqual({ outOfPlace: [], lowButtons: [], below: [] });
        // In dark and narrow axe checks only pages with a new combination of parts.
        if (view !== views[0] && !unlike.has(name)) continue;
        expect(await axeFindings(tab, rulesFor(view, unlike.has(name)))).toEqual({
          violations: [],
          unknownContrast: [],
        });
      }
      expect(complaints).toEqual([]);
    },
    patience,
  );

  test('the card has its light colour in light mode and its dark colour in dark mode', async () => {
    const grounds: unknown[] = [];
    await tab.goto(`${gallery.origin}/call/ringing`);
    for (const view of views) {
      await look(view);
      grounds.push(await tab.evaluate('getComputedStyle(document.querySelector(".card")).backgroundColor'));
    }
    expect(grounds).toEqual(['rgb(255, 255, 255)', 'rgb(27, 37, 34)', 'rgb(255, 255, 255)']);
  });

  test('at 320 × 640 the next action and the way out are visible without script too', async () => {
    expect(steps.length).toBeGreaterThan(80);
    const bare = await browser.newPage({ viewport: phone, javaScriptEnabled: false });
    await prepareStage(bare);
    expect(await bare.evaluate(faultsIn(belowWindow, steps))).toEqual([]);
    // The parts are there and can be found below the window.
    await bare.setViewportSize({ ...phone, height: 100 });
    const cut: readonly string[] = await bare.evaluate(faultsIn(belowWindow, steps));
    expect(cut.length).toBeGreaterThan(steps.length);
    await bare.close();
  }, 120_000);

  test('the call page has a "Check again" button without script and no such button with script', async () => {
    // Its last page may still ask for events.
    await tab.goto('about:blank');
    const bare = await browser.newPage({ javaScriptEnabled: false });
    await bare.goto(`${gallery.origin}/call/ringing`);
    gallery.asked.length = 0;
    await bare.getByRole('button', { name: 'Check again' }).click();
    expect(gallery.asked).toEqual(['POST /interaction/V1StGXR8Z5jdHi6B/factor']);
    await bare.close();
    await tab.goto(`${gallery.origin}/call/ringing`);
    expect(await tab.getByRole('button', { name: 'Check again' }).count()).toBe(0);
  });
});
