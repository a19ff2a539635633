/**
 * Tests in a real browser that a person with a password and nothing else sets up two methods and recovery codes in the first
 * sign-in: by keyboard alone, without script, and in several attempts. Slow: many pages, one after another.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { person as atPhone } from '../../simulator/person.ts';
import { axeFindings } from '../support/browser/axe.ts';
import { createLooks } from '../support/browser/looks.ts';
import { outOfPlace } from '../support/browser/out-of-place.ts';
import { transferred } from '../support/browser/transferred.ts';
import { hashOf } from '../support/hash-of.ts';
import { glance } from '../support/human/person.ts';
import { inBrowser, visitorAt, type Manner, type Visitor } from '../support/human/visitor.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';
import { pickUp } from '../support/world/relying-party.ts';

const patience = 60_000;
const mobile = '+12025550171';
const home = '+12025550172';
const password = 'oasis-comet-basil';

const signInButton =
  '<style>button { outline: 2px solid }</style><form action="/begin"><button>Sign in</button></form>';

let setup: BrowserSetup;
beforeAll(async () => {
  setup = await openBrowserSetup(
    {
      env: {
        SALLYPORT_FACTORS: 'call,sms,recovery-code',
        SALLYPORT_REQUIRED_METHODS: '2',
        SALLYPORT_ENROLL_GRACE: '0s',
        SALLYPORT_INVITATIONS: 'on',
      },
      phones: [
        { name: 'mobile', number: mobile },
        { name: 'home', number: home },
      ],
    },
    ({ url }, response) => {
      if (url?.startsWith('/begin') === true)
        response.writeHead(303, { location: setup.authorizationUrl('contoso') }).end();
      else
        response
          .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
          .end(`<!doctype html><title>Contoso</title>${signInButton}`);
    },
  );
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

let count = 0;
/** A new account with a password and nothing else. */
const addNewcomer = async (): Promise<{ readonly id: string; readonly name: string }> => {
  const { users } = setup.world.services;
  const name = `newcomer${(count += 1)}`;
  const passwordHash = await hashOf(setup.world.services, password);
  const added = await users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(added.reason);
  return added.user;
};
const methodsOf = async (id: string) => {
  const user = await setup.world.services.users.get(id);
  return user === undefined ? [] : setup.world.services.authenticators.of(user);
};
const phoneAt = (number: string) => ({ phone: atPhone(setup.world.simulator, number) });

const visit = (manner: Manner['manner'], tell: (visitor: Visitor) => Promise<void>): Promise<void> =>
  inBrowser(setup.chromium, { manner }, page =>
    tell(visitorAt({ relyingParty: setup.client.origin, person: () => ({ password }) }, page, manner)),
  );

const isNewLook = createLooks();
/** Waits for the page, and looks at it. */
const arriveAt = async (visitor: Visitor, heading: string | RegExp): Promise<void> => {
  const { page, manner } = visitor;
  await visitor.sees(heading);
  await page.waitForLoadState();
  if (manner !== 'without script') expect(await transferred(page)).toBeLessThan(40_000);
  if (manner === 'without script' || !isNewLook(await page.content())) return;
  expect(await axeFindings(page)).toEqual({ violations: [], unknownContrast: [] });
  expect(await page.evaluate(outOfPlace)).toEqual([]);
};

/** Tab leads to a group of radio buttons, an arrow to the next of them; Space ticks a box. */
const tick = async ({ page, manner }: Visitor, wanted: Locator): Promise<void> => {
  if (manner !== 'by keyboard alone') return wanted.check();
  const isRadio = (await wanted.getAttribute('type')) === 'radio';
  const name = await wanted.getAttribute('name');
  for (let presses = 0; presses < 40 && !(await wanted.isChecked()); presses += 1) {
    const isThere = (await page.locator(`input[name="${name}"]:focus`).count()) > 0;
    await page.keyboard.press(isThere ? (isRadio ? 'ArrowDown' : 'Space') : 'Tab');
  }
  expect(await wanted.isChecked()).toBe(true);
};

const numberField = (page: Page): Locator => page.locator('input[name="number"]');

/** From the list to the waiting page of a call to the mobile. */
const beginCall = async (visitor: Visitor): Promise<void> => {
  const { page } = visitor;
  await visitor.press(/^Phone number/);
  await arriveAt(visitor, 'Your phone number');
  await visitor.write(numberField(page), '(202) 555-0171');
  await tick(visitor, page.locator('input[value="call"]'));
  await visitor.press('Continue');
  await arriveAt(visitor, 'We’re calling +1 ••• 71');
};
const answerCall = async (visitor: Visitor): Promise<void> => {
  await pickUp(phoneAt(mobile), '#');
  await visitor.checkAgain();
};
/** From the list to the name of the phone at home, proven by a text. */
const proveHome = async (visitor: Visitor): Promise<void> => {
  const { page } = visitor;
  await visitor.press(/^Phone number/);
  await arriveAt(visitor, 'Your phone number');
  // The mobile is there already, so the form proposes another phone.
  expect(await page.locator('input[value="alternate"]').isChecked()).toBe(true);
  await visitor.write(numberField(page), '+1 202 555 0172');
  await tick(visitor, page.locator('input[value="sms"]'));
  await visitor.press('Continue');
  await arriveAt(visitor, 'Enter the code we texted you');
  await visitor.enter((await glance(phoneAt(home).phone)).code);
  await arriveAt(visitor, 'Your phone is ready');
};
const saveCodes = async (visitor: Visitor): Promise<readonly string[]> => {
  await arriveAt(visitor, 'Save your recovery codes');
  await visitor.page.locator('.recovery').waitFor();
  const codes = await visitor.page.locator('.recovery code').allTextContents();
  await tick(visitor, visitor.page.getByRole('checkbox'));
  await visitor.press('Continue');
  return codes;
};

describe.each([{ manner: 'by keyboard alone' }, { manner: 'without script' }] as const)(
  'a person with a password and nothing else, $manner',
  ({ manner }) => {
    test(
      'is led to two methods and recovery codes, and is signed in',
      async () =>
        visit(manner, async visitor => {
          const { id, name } = await addNewcomer();
          await visitor.signIn(name);
          await arriveAt(visitor, 'More information required');
          // Without grace there is no way around it.
          expect(await visitor.page.getByRole('button', { name: 'Not now' }).count()).toBe(0);
          await beginCall(visitor);
          await answerCall(visitor);
          await arriveAt(visitor, 'Your phone is ready');
          await visitor.press('Continue');
          await arriveAt(visitor, 'Add a backup');
          await proveHome(visitor);
          await visitor.press('Continue');
          const codes = await saveCodes(visitor);
          expect(new Set(codes).size).toBe(10);
          await visitor.arrive();
          expect(visitor.page.url()).toContain('code=');
          const methods = await methodsOf(id);
          expect(methods.map(({ type, label }) => [type, label])).toEqual([
            ['phone', 'mobile'],
            ['phone', 'alternate'],
            ['recovery-codes', 'Recovery codes'],
          ]);
        }),
      patience,
    );
  },
);

/** The rest of the sign-in after the first method was proven. */
const comeBack = async (visitor: Visitor, name: string): Promise<void> => {
  await visitor.signIn(name);
  await arriveAt(visitor, 'We’re calling +1 ••• 71');
  await answerCall(visitor);
};
/** Until the browser is closed. */
const leaveAt = (go: (visitor: Visitor) => Promise<void>): Promise<void> => visit('with script', go);

describe('a person who closes the browser', () => {
  test(
    'at any step continues in the next sign-in, and loses nothing that was proven',
    async () => {
      const { id, name } = await addNewcomer();
      const begin = async (visitor: Visitor): Promise<void> => {
        await visitor.signIn(name);
        await arriveAt(visitor, 'More information required');
      };
      await leaveAt(begin);
      await leaveAt(async visitor => {
        await begin(visitor);
        await visitor.press(/^Phone number/);
        await arriveAt(visitor, 'Your phone number');
      });
      await leaveAt(async visitor => {
        await begin(visitor);
        await beginCall(visitor);
        await phoneAt(mobile).phone.ringing();
      });
      await phoneAt(mobile).phone.decline();
      // Nothing was proven so far.
      expect(await methodsOf(id)).toEqual([]);
      await leaveAt(async visitor => {
        await begin(visitor);
        await beginCall(visitor);
        await answerCall(visitor);
        await arriveAt(visitor, 'Your phone is ready');
      });
      await leaveAt(async visitor => {
        await comeBack(visitor, name);
        await arriveAt(visitor, 'Add a backup');
      });
      await leaveAt(async visitor => {
        await comeBack(visitor, name);
        await arriveAt(visitor, 'Add a backup');
        await proveHome(visitor);
      });
      expect((await methodsOf(id)).map(({ label }) => label)).toEqual(['mobile', 'alternate']);
      await leaveAt(async visitor => {
        await comeBack(visitor, name);
        // Two methods are enough for the policy, so this is an invitation.
        await arriveAt(visitor, 'Save your recovery codes');
        await visitor.press('Show the codes');
        expect((await saveCodes(visitor)).length).toBe(10);
        await visitor.arrive();
      });
    },
    patience,
  );
});
