/**
 * Tests in a real browser what people do on the security page when their phone is lost, and when somebody else has changed their
 * account. Slow: many pages, one after another.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { generate } from 'otplib';
import { axeFindings } from '../support/browser/axe.ts';
import { listenForComplaints } from '../support/browser/complaints.ts';
import { createLooks } from '../support/browser/looks.ts';
import { outOfPlace } from '../support/browser/out-of-place.ts';
import { transferred } from '../support/browser/transferred.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';
import type { TestPerson } from '../support/world/world.ts';

const patience = 60_000;

let setup: BrowserSetup;
beforeAll(async () => {
  setup = await openBrowserSetup({
    env: { SALLYPORT_FACTORS: 'totp,call,recovery-code,temporary-access-pass' },
  });
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

const isNewLook = createLooks();
/** Waits for the page with this heading, and looks at it. */
const sees = async (page: Page, heading: string | RegExp): Promise<void> => {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.waitForLoadState();
  expect(await transferred(page)).toBeLessThan(40_000);
  if (!isNewLook(await page.content())) return;
  expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
  expect(await page.evaluate(outOfPlace)).toEqual([]);
};
const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: true })
    .or(page.getByRole('link', { name, exact: true }))
    .first()
    .click();

/** In a browser of its own, which must report no error at the end. */
const inBrowser = async (tell: (page: Page) => Promise<void>): Promise<void> => {
  const context = await setup.chromium.newContext({ locale: 'en-US' });
  const complaints = listenForComplaints(context);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await tell(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
};

/** Types the password to get to the security page. */
const comeTo = async (page: Page, person: TestPerson, path = '/account'): Promise<void> => {
  await page.goto(new URL(path, setup.world.issuer).href);
  await sees(page, 'Sign in to Sallyport');
  await setup.enterPassword(page, person);
};
/** Takes another method than the one that is asked for. */
const insteadOf = async (page: Page, asked: string | RegExp, method: RegExp): Promise<void> => {
  await sees(page, asked);
  await press(page, 'Use a different verification option');
  await sees(page, 'Use a different verification option');
  await press(page, method);
};
const typeCode = async (page: Page, code: string): Promise<void> => {
  await page.waitForLoadState();
  await page.locator('input[name="code"]').fill(code);
  // The script sends six digits at once. A recovery code or a pass is sent by the button.
  if (!/^\d{6}$/.test(code)) await press(page, 'Continue');
};

const methodsOf = async ({ user }: TestPerson) => {
  const now = await setup.world.services.users.get(user.id);
  return now === undefined ? [] : setup.world.services.authenticators.of(now);
};
const typesOf = async (person: TestPerson) => (await methodsOf(person)).map(({ type }) => type).toSorted();

/** Removes a method by its row. The page says that it is the last one as long as it is. */
const remove = async (page: Page, row: RegExp): Promise<void> => {
  await press(page, row);
  await sees(page, 'Remove this method?');
  await press(page, 'Remove');
  await sees(page, 'Security');
  await page.getByText('It was removed.').waitFor();
};
const cannotRemove = async (page: Page, row: RegExp): Promise<void> => {
  await press(page, row);
  await sees(page, 'Remove this method?');
  await page.getByText('This is your last sign-in method.').waitFor();
  expect(await page.getByRole('button', { name: 'Remove', exact: true }).count()).toBe(0);
  await press(page, 'Add a method');
  await sees(page, 'Add a method');
};

/** Sets up an authenticator app on the pages of a sign-in. Returns its key. */
const addApp = async (page: Page): Promise<string> => {
  await press(page, /^Authenticator app/);
  await sees(page, 'Set up your app');
  const secret = ((await page.locator('.by-hand code').textContent()) ?? '').replaceAll(' ', '');
  await typeCode(page, await generate({ secret, epoch: Math.floor(setup.world.clock() / 1000) }));
  await sees(page, 'Your app is ready');
  await press(page, 'Continue');
  return secret;
};
/** Whoever has the lost phone and the password gets no further than to what is bound now. */
const opensNothing = async (person: TestPerson, asked: string | RegExp): Promise<void> =>
  inBrowser(async page => {
    await comeTo(page, person, '/account/add-method');
    await sees(page, asked);
    const other = page.getByRole('link', { name: 'Use a different verification option' });
    if ((await other.count()) === 0) return;
    await other.click();
    await sees(page, 'Use a different verification option');
    const rows = await page.locator('.row b').allTextContents();
    expect(rows.filter(row => row.startsWith('Call me'))).toEqual([]);
  });

describe('a person whose phone is lost', () => {
  test(
    'gets in by a recovery code, sets up an app, and removes the phone',
    async () => {
      const { grace } = setup.world.people;
      const { recoveryCodes } = setup.world.services;
      const [code = '', next = ''] = await recoveryCodes.renew(grace.user.id, `user:${grace.user.id}`);
      await inBrowser(async page => {
        await comeTo(page, grace);
        await insteadOf(page, /We’re calling/, /^Use a recovery code/);
        await typeCode(page, code);
        await sees(page, 'Security');
        await page.getByText('9 of 10 left').waitFor();
        await cannotRemove(page, /^Remove Phone call/);
        await addApp(page);
        await sees(page, 'Security');
        await remove(page, /^Remove Phone call/);
      });
      expect(await typesOf(grace)).toEqual(['recovery-codes', 'totp']);
      await opensNothing(grace, 'Enter the code from your app');
      // The other codes still work, this one does not.
      await inBrowser(async page => {
        await comeTo(page, grace);
        await insteadOf(page, 'Enter the code from your app', /^Use a recovery code/);
        await typeCode(page, code);
        await page.locator('.wrong').waitFor();
        await typeCode(page, next);
        await sees(page, 'Security');
      });
    },
    patience,
  );

  test(
    'gets in by a second method, and removes the phone',
    async () => {
      const { ada } = setup.world.people;
      await inBrowser(async page => {
        await comeTo(page, ada);
        await insteadOf(page, /We’re calling/, /^Code from your app/);
        await setup.enterCode(page, ada);
        await sees(page, 'Security');
        await remove(page, /^Remove Phone call/);
      });
      expect(await typesOf(ada)).toEqual(['totp']);
      await opensNothing(ada, 'Enter the code from your app');
    },
    patience,
  );

  test(
    'gets in by a temporary pass, sets up the app of another phone, and removes the lost one',
    async () => {
      const { noor } = setup.world.people;
      const [lost] = await methodsOf(noor);
      const { pass } = await setup.world.services.passes.issue(noor.user.id, {}, 'cli');
      await inBrowser(async page => {
        await comeTo(page, noor);
        await insteadOf(page, 'Enter the code from your app', /^Use a temporary pass/);
        await typeCode(page, pass);
        await sees(page, 'Security');
        await cannotRemove(page, /^Remove Code from your app/);
        await addApp(page);
        await sees(page, 'Save your recovery codes');
        await page.getByRole('checkbox').check();
        await press(page, 'Continue');
        await sees(page, 'Security');
        await remove(page, /^Remove Code from your app App$/);
      });
      // The used pass does not work again.
      expect(await typesOf(noor)).toEqual(['recovery-codes', 'temporary-access-pass', 'totp']);
      expect((await methodsOf(noor)).map(({ id }) => id)).not.toContain(lost?.id);
      await inBrowser(async page => {
        await comeTo(page, noor, '/account/add-method');
        await sees(page, 'Enter the code from your app');
        await setup.enterCode(page, noor);
        await page.getByText('That code isn’t right.').waitFor();
      });
    },
    patience,
  );
});

describe('a person who is told of a change that was not theirs', () => {
  test(
    'protects the account from another browser, once, and whoever made the change is signed out',
    async () => {
      const { ada } = setup.world.people;
      const linkIn = async (): Promise<string> => {
        const [mail] = await setup.world.mailsTo(ada);
        return /http:\S+\/not-me\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
      };
      await inBrowser(async stranger => {
        await comeTo(stranger, ada);
        await setup.enterCode(stranger, ada);
        await sees(stranger, 'Security');
        await press(stranger, /^Rename/);
        await sees(stranger, 'Rename this method');
        await stranger.locator('input[name="label"]').fill('Mine now');
        await press(stranger, 'Save');
        await sees(stranger, 'Security');
        const link = await linkIn();
        await inBrowser(async page => {
          // A program that opens the links of mails makes no change.
          await page.goto(link);
          await sees(page, 'Wasn’t this you?');
          await stranger.reload();
          await sees(stranger, 'Security');
          await press(page, 'Protect my account now');
          await sees(page, 'Your account is protected');
        });
        await stranger.reload();
        await sees(stranger, 'Sign in to Sallyport');
        await inBrowser(async page => {
          await page.goto(link);
          await sees(page, 'Your account is protected');
          expect(await page.getByRole('button', { name: 'Protect my account now' }).count()).toBe(0);
        });
      });
      await inBrowser(async page => {
        await comeTo(page, ada);
        await setup.enterCode(page, ada);
        await sees(page, 'Security');
        await press(page, /^Rename/);
        await sees(page, 'Rename this method');
        await page.locator('input[name="label"]').fill('Again');
        await press(page, 'Save');
        await sees(page, 'Changes are stopped');
      });
      expect((await methodsOf(ada)).map(({ label }) => label)).toEqual(['Mine now']);
    },
    patience,
  );
});
