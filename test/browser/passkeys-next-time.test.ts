/**
 * Tests in Chromium what makes the next sign-in shorter: the invitation to a passkey after a password and a code, and the box that spares
 * the second step in this browser. On Redis, and each request on another of two nodes. Slow: starts Chromium.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { wording } from '../../src/locales/wording.ts';
import { press as pressByKeyboard } from '../support/browser/gone-wrong.ts';
import { addNewcomer, giveApp, type Newcomer } from '../support/browser/newcomer.ts';
import { openPasskeySetup, visit, type PasskeySetup, type PasskeyVisit } from '../support/browser/passkey-visits.ts';
import { hashOf } from '../support/hash-of.ts';
import { givePasskey } from '../support/world/passkeys.ts';

const patience = 60_000;
const day = 86_400_000;
const { passkeys: words, enroll, frame, account } = wording('en');
const { stepUp } = wording('en').pages;
const { setUp, step } = words;
const use = 'Use your passkey';
const ready = enroll.kinds['passkey']?.ready ?? '';
const box = frame.remember.label(14 * day);
const essential = (acr: string): string => JSON.stringify({ id_token: { acr: { essential: true, value: acr } } });
/** A browser that has just filled in a saved password, which no test can have Chromium do: it asks nothing. */
const obliging = `const create = navigator.credentials.create.bind(navigator.credentials);
  navigator.credentials.create = ({ mediation, ...rest }) => create(rest);`;
const invited = enroll.choose.passkey.heading;

let setup: PasskeySetup;
beforeAll(async () => {
  setup = await openPasskeySetup({
    SALLYPORT_FACTORS: 'passkey,totp,call',
    SALLYPORT_INVITATIONS: 'on',
    SALLYPORT_REMEMBER_BROWSER: '14d',
  });
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

type Person = Newcomer & { readonly totpSecret: string };
const appPage = 'Enter the code from your app';
/** To the page after the password. `wish`: parameters of the request. */
const comeBack = async (
  { page, begin }: PasskeyVisit,
  person: Newcomer,
  wish: Readonly<Record<string, string>> = {},
): Promise<void> => {
  // The session of the last sign-in is over.
  await page.context().clearCookies({ name: 'sallyport-session' });
  setup.ask(wish);
  await begin();
  await setup.enterPassword(page, person);
};
const enterCode = async (visitor: PasskeyVisit, person: Person): Promise<void> => {
  await visitor.sees(appPage);
  await setup.enterCode(visitor.page, person);
  // A page with a box to tick does not go on by itself.
  await visitor.press('Continue');
};

/** A person with two ways that no single loss takes away: nothing more important is to be proposed. */
const addSafePerson = async (): Promise<Person> => {
  const person = await giveApp(setup.world, await addNewcomer(setup.world));
  await setup.world.services.authenticators.bind(person.user.id, {
    type: 'phone',
    label: 'alternate',
    data: { number: '+12025550172', kind: 'alternate' },
  });
  return person;
};
/** A person with an app and a passkey. */
const addPerson = async ({ authenticator }: PasskeyVisit): Promise<Person> => {
  const person = await giveApp(setup.world, await addNewcomer(setup.world));
  const given = await givePasskey(setup.world, person);
  for (const credential of given.authenticator.credentials) await authenticator.hold(credential);
  return person;
};

describe('the invitation after a password and a code', () => {
  const reached = { acr: 'phr', amr: ['swk', 'user', 'mfa'] };

  test(
    'goes on to the button by itself, and with the passkey the next sign-in needs no more',
    async () =>
      visit(setup, {}, async visitor => {
        const person = await addSafePerson();
        await comeBack(visitor, person);
        await enterCode(visitor, person);
        await visitor.page.getByRole('button', { name: setUp.button }).waitFor();
        await visitor.sees(invited);
        await pressByKeyboard(visitor.page, setUp.button);
        await visitor.sees(ready);
        await visitor.press('Continue');
        expect(await visitor.arrive()).toMatchObject({ sub: person.user.id });
        await visitor.page.context().clearCookies();
        await visitor.begin();
        expect(await visitor.arrive()).toEqual({ sub: person.user.id, ...reached });
      }),
    patience,
  );

  test(
    'needs no press where the browser creates a passkey without a question',
    async () =>
      visit(setup, { prepare: obliging }, async visitor => {
        const person = await addSafePerson();
        await comeBack(visitor, person);
        await enterCode(visitor, person);
        await visitor.sees(ready);
        expect(await visitor.authenticator.credentials()).toMatchObject([{ userName: person.name }]);
        await visitor.press('Continue');
        expect(await visitor.arrive()).toMatchObject({ sub: person.user.id });
      }),
    patience,
  );

  test(
    'waits for a press in other browsers, and "Not now" goes on to the client',
    async () =>
      visit(setup, { prepare: 'delete PublicKeyCredential.getClientCapabilities' }, async visitor => {
        const person = await addSafePerson();
        await comeBack(visitor, person);
        await enterCode(visitor, person);
        await visitor.sees(invited);
        expect(await visitor.page.getByRole('button', { name: setUp.button }).count()).toBe(0);
        await visitor.press(/^Passkey/);
        await visitor.page.getByRole('button', { name: setUp.button }).waitFor();
        await visitor.press('Not now');
        expect(await visitor.arrive()).toMatchObject({ sub: person.user.id, acr: 'aal2' });
      }),
    patience,
  );
});

const boxIn = (page: PasskeyVisit['page']) => page.getByRole('checkbox', { name: box });

/** By the passkey, with the box ticked. */
const remember = async ({ page, authenticator, sees, press, arrive }: PasskeyVisit): Promise<void> => {
  await sees(step.heading);
  await boxIn(page).check();
  await authenticator.isTouched(true);
  await press(use);
  await arrive();
  await authenticator.isTouched(false);
};

describe('a browser that the person has remembered', () => {
  const forPassword = { acr: 'sfa', amr: ['pwd'] };
  test(
    'by the box on the page of a passkey, which is off at first, needs only the password next time',
    async () =>
      visit(setup, {}, async visitor => {
        const person = await addPerson(visitor);
        await visitor.authenticator.isTouched(false);
        await comeBack(visitor, person);
        await visitor.sees(step.heading);
        expect(await boxIn(visitor.page).isChecked()).toBe(false);
        await boxIn(visitor.page).press('Space');
        await visitor.authenticator.isTouched(true);
        await pressByKeyboard(visitor.page, use);
        expect(await visitor.arrive()).toMatchObject({ acr: 'phr' });
        await visitor.authenticator.isTouched(false);
        await comeBack(visitor, person);
        expect(await visitor.arrive()).toEqual({ sub: person.user.id, ...forPassword });
      }),
    patience,
  );

  test(
    'is asked again under prompt=login, for a step-up, when its time is over, and after another password',
    async () =>
      visit(setup, {}, async visitor => {
        const { world } = setup;
        const person = await addPerson(visitor);
        await visitor.authenticator.isTouched(false);
        await comeBack(visitor, person);
        await remember(visitor);
        await comeBack(visitor, person);
        expect(await visitor.arrive()).toMatchObject(forPassword);
        // The session that began so is not enough for more, either.
        setup.ask({ acr_values: 'mfa', claims: essential('mfa') });
        await visitor.begin();
        await visitor.sees(stepUp.heading);
        await visitor.says('You signed in here with your password alone.');
        await comeBack(visitor, person, { prompt: 'login' });
        await visitor.sees(step.heading);
        await comeBack(visitor, person, { claims: essential('mfa') });
        await visitor.sees(step.heading);
        world.clock.advance(13 * day);
        await comeBack(visitor, person);
        expect(await visitor.arrive()).toMatchObject(forPassword);
        world.clock.advance(1 * day);
        await comeBack(visitor, person);
        await remember(visitor);
        await comeBack(visitor, person);
        expect(await visitor.arrive()).toMatchObject(forPassword);
        const password = 'cotton-lilac-apple';
        await world.services.users.setPassword(person.user.id, await hashOf(world.services, password), 'cli');
        await comeBack(visitor, { ...person, password });
        await visitor.sees(step.heading);
      }),
    patience,
  );

  test(
    'lets two tabs in at once, and asks again after it is forgotten on the security page',
    async () =>
      visit(setup, {}, async visitor => {
        const { page, authenticator, press, sees } = visitor;
        const person = await addPerson(visitor);
        await authenticator.isTouched(false);
        await comeBack(visitor, person);
        await remember(visitor);
        await page.context().clearCookies({ name: 'sallyport-session' });
        const tabs = [page, await page.context().newPage()];
        for (const tab of tabs) {
          await tab.goto(setup.authorizationUrl('office'));
          await tab.locator('#name').fill(person.name);
          await tab.locator('#password').fill(person.password);
        }
        await Promise.all(tabs.map(tab => tab.locator('button.primary').click()));
        await Promise.all(tabs.map(tab => tab.waitForURL(/callback\?code=/u)));
        expect(await setup.world.audited('remembered-browser.copied')).toEqual([]);

        await page.goto(new URL('/account/sessions', setup.world.issuer).href);
        await sees(stepUp.heading);
        await authenticator.isTouched(true);
        await press(use);
        await sees('Sessions and sign-ins');
        await press(/^Forget/);
        await visitor.says(account.notices['browser-forgotten'] ?? '');
        await authenticator.isTouched(false);
        await comeBack(visitor, person);
        await visitor.sees(step.heading);
      }),
    patience,
  );
});
