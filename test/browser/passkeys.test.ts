/**
 * Tests in Chromium with its virtual authenticator how passkeys are set up in a sign-in and on the security page, and how they answer as
 * second step. On Redis, and each request on another of two nodes. Slow: starts Chromium.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { wording } from '../../src/locales/wording.ts';
import { press as pressByKeyboard } from '../support/browser/gone-wrong.ts';
import { addNewcomer, type Newcomer } from '../support/browser/newcomer.ts';
import {
  changing,
  openPasskeySetup,
  visit,
  type PasskeySetup,
  type PasskeyVisit,
} from '../support/browser/passkey-visits.ts';
import { virtualModels } from '../support/browser/virtual-authenticator.ts';
import { codeAt } from '../support/codes.ts';
import { givePasskey } from '../support/world/passkeys.ts';
import type { TestPerson } from '../support/world/world.ts';

const patience = 60_000;
/** The browser waits a moment, not minutes. */
const impatient = changing('{ timeout: 500 }');
const { passkeys: words, enroll } = wording('en');
const { failures, setUp, step } = words;
const use = 'Use your passkey';
const ready = enroll.kinds['passkey']?.ready ?? '';

let setup: PasskeySetup;
beforeAll(async () => {
  setup = await openPasskeySetup({
    SALLYPORT_FACTORS: 'passkey,totp,call',
    SALLYPORT_REQUIRED_METHODS: '1',
    SALLYPORT_ENROLL_GRACE: '0s',
  });
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

const passkeysOf = async ({ user: { id } }: Pick<TestPerson, 'user'>) => {
  const user = await setup.world.services.users.get(id);
  const all = user === undefined ? [] : await setup.world.services.authenticators.of(user);
  return all.filter(({ type }) => type === 'passkey');
};

type Press = (name: string | RegExp) => Promise<void>;
/** Sets up a passkey in the first sign-in, from the client to its callback. */
const setUpInSignIn = async (visitor: PasskeyVisit, person: Newcomer, press: Press = visitor.press) => {
  await visitor.begin();
  await setup.enterPassword(visitor.page, person);
  await visitor.sees('More information required');
  await press(/^Passkey/);
  await visitor.sees(setUp.heading);
  await press(setUp.button);
  await visitor.sees(ready);
  await press('Continue');
  return visitor.arrive();
};
/** To the page after the password, in a new sign-in. */
const comeBack = async (visitor: PasskeyVisit, person: Newcomer): Promise<void> => {
  setup.ask({ prompt: 'login' });
  await visitor.begin();
  await setup.enterPassword(visitor.page, person);
};
/** Adds a passkey on the security page, where Noor proves her app first. */
const setUpOnSecurityPage = async (visitor: PasskeyVisit, person: TestPerson): Promise<void> => {
  const { page, sees, press } = visitor;
  await page.goto(new URL('/account', setup.world.issuer).href);
  await setup.enterPassword(page, person);
  await setup.enterCode(page, person);
  await sees('Security');
  await press('Add a method');
  await sees('Add a method');
  await press(/^Passkey/);
  await sees(setUp.heading);
  await press(setUp.button);
  await sees(ready);
  await page.locator('#label').fill('My laptop');
  await press('Continue');
  await sees('Security');
};

describe('a new person', () => {
  test(
    'sets up a synced passkey by keyboard alone, is asked for it as second step at once, and signs in with it alone',
    async () =>
      visit(setup, {}, async visitor => {
        const person = await addNewcomer(setup.world);
        const proven = { sub: person.user.id, acr: 'phr', amr: ['pwd', 'swk', 'user', 'mfa'] };
        expect(await setUpInSignIn(visitor, person, name => pressByKeyboard(visitor.page, name))).toEqual(proven);
        await visitor.page.context().clearCookies();
        await visitor.authenticator.isTouched(false);
        await comeBack(visitor, person);
        await visitor.sees(step.heading);
        await visitor.authenticator.isTouched(true);
        await visitor.page.reload();
        expect(await visitor.arrive()).toEqual(proven);
        await visitor.page.context().clearCookies();
        await visitor.begin();
        expect(await visitor.arrive()).toEqual({ ...proven, amr: ['swk', 'user', 'mfa'] });
      }),
    patience,
  );

  test(
    'sets up a key that only notices a touch: enough beside the password for mfa, not for phr, and not alone',
    async () =>
      visit(setup, { model: virtualModels.touchOnly }, async visitor => {
        const person = await addNewcomer(setup.world);
        const proven = { sub: person.user.id, acr: 'mfa', amr: ['pwd', 'hwk', 'user', 'mfa'] };
        expect(await setUpInSignIn(visitor, person)).toEqual(proven);
        await comeBack(visitor, person);
        expect(await visitor.arrive()).toEqual(proven);
        setup.ask({ prompt: 'login' });
        await visitor.begin();
        await visitor.press(words.alone);
        await visitor.says(failures.cancelled);
        setup.ask({
          prompt: 'login',
          claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'phr' } } }),
        });
        await visitor.begin();
        await setup.enterPassword(visitor.page, person);
        await visitor.sees('A stronger method is needed');
        await visitor.press(/^Passkey/);
        await visitor.press(setUp.button);
        await visitor.says(failures.cancelled);
        await visitor.sees(setUp.heading);
      }),
    patience,
  );
});

describe('on the security page', () => {
  test(
    'a person adds a passkey, is told that this device has one already, and removes it, which the browser learns',
    async () =>
      visit(setup, { model: virtualModels.laptop }, async visitor => {
        const { noor } = setup.world.people;
        const { page, authenticator, press, sees, says } = visitor;
        await setUpOnSecurityPage(visitor, noor);
        await says('My laptop');
        await says('on one device or key only');
        expect(await passkeysOf(noor)).toMatchObject([{ label: 'My laptop', data: { deviceType: 'singleDevice' } }]);

        await press('Add a method');
        await sees('Add a method');
        await press(/^Passkey/);
        await press(setUp.button);
        await says(failures.known);
        await sees(setUp.heading);
        await page.goto(new URL('/account', setup.world.issuer).href);
        await sees('Security');

        const forgotten = authenticator.forgets();
        await press(/^Remove Passkey/);
        await sees('Remove this method?');
        await press('Remove');
        await sees('Security');
        await forgotten;
        expect(await authenticator.credentials()).toEqual([]);
        expect(await passkeysOf(noor)).toEqual([]);
      }),
    patience,
  );
});

/** Gives a person a passkey that this authenticator holds. */
const give = async ({ authenticator }: PasskeyVisit, person: TestPerson): Promise<void> => {
  const given = await givePasskey(setup.world, person);
  for (const credential of given.authenticator.credentials) await authenticator.hold(credential);
};
/** The code of Noor's app, after the passkey was asked for. */
const insteadByCode = async ({ page, press, sees, arrive }: PasskeyVisit) => {
  const { noor } = setup.world.people;
  await press('Use a different verification option');
  await sees('Use a different verification option');
  await press(/^Code from your app/);
  await setup.enterCode(page, noor);
  return arrive();
};

describe('as second step', () => {
  test(
    'a passkey that is cancelled is told in words, and the next press signs in',
    async () =>
      visit(setup, {}, async visitor => {
        const { noor } = setup.world.people;
        await give(visitor, noor);
        await visitor.authenticator.verifies(false);
        await visitor.begin();
        await setup.enterPassword(visitor.page, noor);
        await visitor.says(failures.cancelled);
        await visitor.sees(step.heading);
        await visitor.authenticator.verifies(true);
        await pressByKeyboard(visitor.page, use);
        expect(await visitor.arrive()).toMatchObject({ sub: noor.user.id, acr: 'phr' });
      }),
    patience,
  );

  test(
    'a passkey that does not answer in time is told in the same words, and another option signs in',
    async () =>
      visit(setup, { prepare: impatient }, async visitor => {
        const { noor } = setup.world.people;
        await give(visitor, noor);
        await visitor.authenticator.isTouched(false);
        await visitor.begin();
        await setup.enterPassword(visitor.page, noor);
        await visitor.says(failures.cancelled);
        expect(await insteadByCode(visitor)).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
      }),
    patience,
  );

  test(
    'a passkey that was removed meanwhile is told, and another option signs in',
    async () =>
      visit(setup, {}, async visitor => {
        const { noor } = setup.world.people;
        await give(visitor, noor);
        await visitor.authenticator.isTouched(false);
        await visitor.begin();
        await setup.enterPassword(visitor.page, noor);
        await visitor.sees(step.heading);
        for (const { id } of await passkeysOf(noor))
          await setup.world.services.authenticatorRemoval.remove(noor.user.id, id);
        await visitor.authenticator.isTouched(true);
        await visitor.press(use);
        await visitor.says(step.wrong);
        await visitor.sees(step.heading);
        expect(await insteadByCode(visitor)).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
      }),
    patience,
  );

  test(
    'of two accounts in one authenticator, the passkey of the account with the password answers',
    async () =>
      visit(setup, {}, async visitor => {
        const { noor, linus } = setup.world.people;
        await give(visitor, noor);
        await give(visitor, linus);
        await visitor.authenticator.isTouched(false);
        for (const person of [linus, noor]) {
          setup.ask({ prompt: 'login' });
          await visitor.begin();
          await setup.enterPassword(visitor.page, person);
          await visitor.sees(step.heading);
          await visitor.authenticator.isTouched(true);
          await visitor.page.reload();
          expect(await visitor.arrive()).toEqual({
            sub: person.user.id,
            acr: 'phr',
            amr: ['pwd', 'swk', 'user', 'mfa'],
          });
          await visitor.authenticator.isTouched(false);
          await visitor.page.context().clearCookies();
        }
      }),
    patience,
  );

  test(
    'a person without the key on this computer is told how to get on, and another option signs in',
    async () =>
      visit(setup, {}, async visitor => {
        const { noor } = setup.world.people;
        await givePasskey(setup.world, noor);
        await visitor.begin();
        await setup.enterPassword(visitor.page, noor);
        await visitor.says(failures.cancelled);
        await visitor.page.getByText(words.trouble.question).click();
        await visitor.says(words.trouble.steps[0] ?? '');
        await visitor.sees(step.heading);
        expect(await insteadByCode(visitor)).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
      }),
    patience,
  );
});

/** The text of a page; the locators of Playwright pass over what is only there without script. */
const expectSaid = async (page: PasskeyVisit['page'], heading: string, text: string): Promise<void> => {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.waitForLoadState();
  expect(await page.locator('main').innerText()).toContain(text);
};

describe.each([
  {
    where: 'without script',
    options: { javaScriptEnabled: false },
    texts: { use: words.noScript, create: setUp.noScript },
  },
  {
    where: 'in a browser without passkeys',
    options: { prepare: 'delete globalThis.PublicKeyCredential' },
    texts: { use: words.unsupported, create: setUp.unsupported },
  },
])('$where', ({ options, texts }) => {
  test(
    'the second step says so, shows no button of the passkey, and another option signs in',
    async () =>
      visit(setup, options, async visitor => {
        const { noor } = setup.world.people;
        const { page, press } = visitor;
        await givePasskey(setup.world, noor);
        await visitor.begin();
        await setup.enterPassword(page, noor);
        await expectSaid(page, step.heading, texts.use);
        expect(await page.getByRole('button', { name: use }).count()).toBe(0);
        await press('Use a different verification option');
        await press(/^Code from your app/);
        setup.world.clock.advance(60_000);
        await page.locator('#code').fill(codeAt(noor, setup.world.clock()));
        if (options.javaScriptEnabled === false) await press('Continue');
        expect(await visitor.arrive()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
      }),
    patience,
  );

  test(
    'the set-up says so, and leads to the other methods',
    async () =>
      visit(setup, options, async visitor => {
        await visitor.begin();
        await setup.enterPassword(visitor.page, await addNewcomer(setup.world));
        await visitor.press(/^Passkey/);
        await expectSaid(visitor.page, setUp.heading, texts.create);
        expect(await visitor.page.getByRole('button', { name: setUp.button }).count()).toBe(0);
        await visitor.press('Choose another method');
        await visitor.page.getByRole('button', { name: /^Authenticator app/ }).waitFor();
      }),
    patience,
  );
});
