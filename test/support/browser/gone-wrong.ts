/**
 * Tests failing sign-ins as rows: how a person gets to the page, the text that it must show, and the way to continue.
 * Each row runs twice in a real Chromium: once by the step that the page offers first, once by another method. The time
 * of these tests stands still, so that minutes pass by the clock. Everything else is as people see it.
 *
 * `GONE_WRONG_PICTURES=folder` keeps pictures of them: light, dark, and at 320 px.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page, Response } from 'playwright-core';
import { behaveCarrier, readWire } from '../../../simulator/person.ts';
import { codeAt } from '../codes.ts';
import { axeFindings } from './axe.ts';
import { openAfterPassword } from './after-password.ts';
import { listenForComplaints } from './complaints.ts';
import { createLooks } from './looks.ts';
import { takeCall } from '../human/person.ts';
import { outOfPlace } from './out-of-place.ts';
import { openBrowserSetup, type BrowserSetup } from '../surface/browser-setup.ts';
import type { TestPerson, WorldOptions, World } from '../world/world.ts';

/** One sign-in in a browser of its own. */
export interface Visit {
  readonly page: Page;
  readonly setup: BrowserSetup;
  readonly world: World;
  readonly person: TestPerson;
  /** The last document that the browser received, with its status and headers. */
  readonly answer: () => Response;
}

export interface GoneWrong {
  readonly name: string;
  /** Ada by default, with one phone and one app. */
  readonly who?: keyof World['people'];
  /** From the client to the page. */
  readonly comes: (visit: Visit) => Promise<void>;
  /** Status of the page; 200 by default. */
  readonly status?: number;
  readonly retryAfter?: true;
  readonly heading: string | RegExp;
  /** The instruction on the page. */
  readonly says: string;
  /** The stable error code in the details; absent on a page without an error. */
  readonly code?: string;
  /** The steps of an interrupted call, each with its state. */
  readonly track?: readonly string[];
  /** Calls and texts ordered before the page; one by default. */
  readonly orders?: number;
  /** Repairs more than phones and carrier, which are repaired in any case. */
  readonly mends?: (visit: Visit) => Promise<void>;
  /** The button or link that the page offers first; absent: its field. */
  readonly next?: string;
  /** The button that is pressed, where it is not the first. */
  readonly presses?: string;
  /** Id or tag name of what has the focus: by default the field, or nothing where a button comes first. */
  readonly focus?: string;
  /** From the page to the client. */
  readonly leaves: (visit: Visit) => Promise<void>;
  /** The answer at the client; a code by default. */
  readonly ends?: string;
  /** The other method; the app by default. False: the page knows no person, or the person has no other method. */
  readonly other?: false | 'call';
  /** The person has one method only: the page names the help desk and leads back. */
  readonly asksHelp?: true;
}

const patience = 120_000;
const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: '320', colorScheme: 'light', viewport: { width: 320, height: 640 } },
] as const;

const pictures = process.env['GONE_WRONG_PICTURES'];

const isNewLook = createLooks();
/** Runs axe on pages with a new combination of parts. pages.test.ts runs it on every page. */
const axeFindsNothing = async (page: Page): Promise<void> => {
  if (!isNewLook(await page.content())) return;
  expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
};

/** Checks the page by axe and its layout, and takes pictures where wanted. Dark colours: test/browser/pages.test.ts. */
export const lookAt = async (page: Page, name: string): Promise<void> => {
  for (const view of views) {
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(view.viewport);
    if (view.name === 'light') await axeFindsNothing(page);
    expect(await page.evaluate(outOfPlace)).toEqual([]);
    const path = pictures && join(pictures, `${name.replaceAll(/\W+/g, '-')}.${view.name}.png`);
    if (path) await page.screenshot({ path, fullPage: true });
  }
  await page.setViewportSize(views[0].viewport);
};

export const sees = (page: Page, heading: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name: heading, level: 1 }).waitFor();

/** By keyboard alone, from where the focus is. */
export const press = async (page: Page, name: string | RegExp): Promise<void> => {
  const exact = typeof name === 'string';
  const wanted = page.getByRole('button', { name, exact }).or(page.getByRole('link', { name, exact })).first();
  await wanted.waitFor();
  for (let presses = 0; presses < 25; presses += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(name)} is not reached by Tab`);
};

export const fill = async (page: Page, code: string): Promise<void> => {
  await page.waitForLoadState();
  await page.locator('input[autocomplete="one-time-code"]').fill(code);
};

/** From the client to the page after the password. */
export const begin = async ({ page, setup, person }: Visit, client = 'contoso'): Promise<void> =>
  openAfterPassword(page, setup, person, client);

type FactorType = 'call' | 'sms' | 'spoken' | 'totp';

/** Begins with this method as the preferred one. Clears failed attempts of earlier rows. */
export const beginBy = async (visit: Visit, factor: FactorType): Promise<void> => {
  const { services } = visit.world;
  const { id } = visit.person.user;
  const user = await services.users.get(id);
  const stored = user === undefined ? [] : await services.authenticators.of(user);
  const bound = stored.find(({ type }) => type === (factor === 'totp' ? 'totp' : 'phone'));
  await services.authenticators.prefer(id, bound?.id ?? '', factor);
  await services.failedAttempts.clear({ userId: id, name: factor === 'totp' ? 'totp' : (bound?.id ?? '') });
  await begin(visit);
};

/** Types the code of the app. Every code works once, so time advances first. */
export const byApp = async ({ page, world, person }: Visit): Promise<void> => {
  await sees(page, 'Enter the code from your app');
  world.clock.advance(60_000);
  await fill(page, codeAt(person, world.clock()));
};

/** Answers the phone and follows the voice. */
export const byCall = async ({ page, person }: Visit): Promise<void> => {
  await sees(page, /calling/);
  await takeCall(person.phone, { wants: 'sign in' });
};

/** Calls and texts requested from the carrier since the last reset, accepted or not. */
export const ordered = async ({ simulator }: World): Promise<number> =>
  (await readWire(simulator)).filter(
    ({ method, path }) => method === 'POST' && /\/(?:Calls|Messages)\.json$/.test(path),
  ).length;

const texts = async (page: Page, selector: string): Promise<readonly string[]> =>
  (await page.locator(selector).allTextContents()).map(each => each.trim().replaceAll(/\s+/g, ' '));

/** Each step of the track with its state. */
const steps = async (page: Page): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('.track li')]
    .map(each => each.textContent.trim() + ': ' + each.dataset.state)`);

/** Checks the common parts: the card of this sign-in, the instruction, and the details for a help desk. */
const expectPage = async ({ page, answer, person }: Visit, row: GoneWrong): Promise<void> => {
  const { status = 200, retryAfter, says, code, track, next, other } = row;
  expect({ status: answer().status(), retry: 'retry-after' in answer().headers() }).toEqual({
    status,
    retry: retryAfter === true,
  });
  expect(await page.locator('.card').innerText()).toContain(says);
  expect(await texts(page, '.card .client bdi, .card h1 bdi')).toContain('Contoso Office');
  if (other !== false) expect(await texts(page, '.chip bdi')).toEqual([person.name]);
  expect(await page.title()).toMatch(/^Error: |^(?!Error)/);

  if (code !== undefined) {
    const details = await texts(page, '.details dd code');
    expect(details.at(-1)).toBe(code);
    expect(details[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    const [footer = details[0]] = await texts(page, '.footer .reference code');
    expect(footer).toBe(details[0]);
  }

  if (track !== undefined) expect(await steps(page)).toEqual(track);
  const focused = await page.evaluate('document.activeElement.id || document.activeElement.tagName');
  expect(focused).toBe(row.focus ?? (next === undefined ? 'code' : 'BODY'));
  const [first, ...more] = await texts(page, '.actions :is(button, a):not([hidden])');
  expect(first).toBe(next ?? 'Continue');
  if (other !== false) expect([first, ...more]).toContain('Use a different verification option');
};

const mend = async ({ world, person }: Visit): Promise<void> => {
  await behaveCarrier(world.simulator, 'answers');
  if (person.number === undefined) return;
  await person.phone.behave({ calls: 'rings', texts: 'at-once', callbacks: 'normal', api: 'answers' });
};

const byAnother = async (visit: Visit, { other }: GoneWrong): Promise<void> => {
  await press(visit.page, 'Use a different verification option');
  await press(visit.page, other === 'call' ? /^Call me(?! with)/ : /Code from your app/);
  await (other === 'call' ? byCall(visit) : byApp(visit));
};

/** A person without another method can open the help page with the reference, and return. */
const askHelp = async ({ page }: Visit, { heading }: GoneWrong): Promise<void> => {
  const [reference] = await texts(page, '.details dd code');
  expect(await page.getByRole('link', { name: 'Use a different verification option' }).count()).toBe(0);
  await press(page, 'Get help signing in');
  await sees(page, 'You need help to sign in');
  expect(await page.locator('.card').innerText()).toContain('Ask the people who gave you this account.');
  expect(await texts(page, '.panel code')).toEqual([reference]);
  await press(page, 'Back to signing in');
  await sees(page, heading);
};

/** Declares the tests of all rows, for the body of a `describe`. `title` names the pictures. */
export const goneWrong = (
  title: string,
  rows: readonly GoneWrong[],
  prepare: () => Promise<WorldOptions> | WorldOptions = () => ({}),
): void => {
  let setup: BrowserSetup;
  const home = (): string => setup.authorizationUrl('contoso').replaceAll('&', '&amp;');
  beforeAll(async () => {
    const wish = await prepare();
    const env = { SALLYPORT_FACTORS: 'totp,call,sms,spoken', SALLYPORT_SEND_WITHIN: '1s', ...wish.env };
    setup = await openBrowserSetup({ ...wish, env }, (_request, response) => {
      const html = `<!doctype html><title>Contoso Office</title><h1>Contoso Office</h1><a href="${home()}">Sign in</a>`;
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    });
  }, patience);
  afterAll(() => setup?.close(), patience);

  /** Runs one row in a new browser on a new day: gets to the page, continues, and expects one answer at the client. */
  const live = async (row: GoneWrong, goesOn: (visit: Visit) => Promise<void>, ends: string): Promise<void> => {
    const { world } = setup;
    await world.nextDay();
    const context = await setup.chromium.newContext();
    const complaints = listenForComplaints(context);
    const page = await context.newPage();
    // Runs with real time, and can be moved ahead with the clock of the server.
    await page.clock.install();
    let answer: Response | undefined;
    const heard: string[] = [];
    page.on('response', response => {
      const isDocument = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
      if (!isDocument) return;
      const { pathname, search } = new URL(response.url());
      if (pathname === '/callback') heard.push(search);
      if (response.status() < 300 || response.status() >= 400) answer = response;
    });
    const visit: Visit = {
      page,
      setup,
      world,
      person: world.people[row.who ?? 'ada'],
      answer: () => {
        if (answer === undefined) throw new Error('no page was answered');
        return answer;
      },
    };
    try {
      await row.comes(visit);
      await sees(page, row.heading);
      expect(heard).toEqual([]);
      expect(await ordered(world)).toBe(row.orders ?? 1);
      await goesOn(visit);
      await page.waitForURL(url => url.href.startsWith(setup.client.origin));
      expect(heard).toEqual([expect.stringMatching(ends)]);
      expect(complaints.filter(each => !each.includes('429') && !each.includes('503'))).toEqual([]);
    } finally {
      await context.close();
    }
  };

  test.each(rows)(
    '"$name" is reported, and the suggested step continues the sign-in',
    async row => {
      const goesOn = async (visit: Visit): Promise<void> => {
        await expectPage(visit, row);
        await lookAt(visit.page, `${title} ${row.name}`);
        if (row.asksHelp) await askHelp(visit, row);
        await mend(visit);
        await row.mends?.(visit);
        const pressed = row.presses ?? row.next;
        if (pressed !== undefined) await press(visit.page, pressed);
        await row.leaves(visit);
      };
      await live(row, goesOn, row.ends ?? 'code=');
    },
    patience,
  );

  // Rows with one error code lead to the same page: the way from it is tested once.
  const leavable = rows.filter(({ other }) => other !== false);
  const others = [...new Map(leavable.map(row => [row.code ?? row.name, row])).values()];
  if (others.length === 0) return;
  test.each(others)(
    '"$name" is reported, and another method continues the sign-in',
    async row => expect(live(row, async visit => byAnother(visit, row), 'code=')).resolves.toBeUndefined(),
    patience,
  );
};
