/**
 * Tests in Chromium with its virtual authenticator that a passkey alone signs in: from the list in the name field and by the button, and
 * that each failure says what to do and can be left. On Redis, and each request on another of two nodes. Slow: starts Chromium.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { wording } from '../../src/locales/wording.ts';
import { press as pressByKeyboard } from '../support/browser/gone-wrong.ts';
import {
  changing,
  openPasskeySetup,
  visit,
  type PasskeySetup,
  type PasskeyVisit,
} from '../support/browser/passkey-visits.ts';
import { virtualModels } from '../support/browser/virtual-authenticator.ts';
import { givePasskey, type OwnPasskey } from '../support/world/passkeys.ts';

const patience = 60_000;
const { alone, failures } = wording('en').passkeys;
const refusals = wording('en').pages.password;
const signIn = 'Sign in to Contoso Office';

/** The browser offers no passkeys in the name field, so that only the button asks. */
const withoutList = 'PublicKeyCredential.isConditionalMediationAvailable = async () => false';
/** The browser waits a moment, not minutes. */
const impatient = `${withoutList};${changing('{ timeout: 500 }')}`;
/** The person chooses one of the passkeys that the browser shows: the one of this id. */
const choosing = `${withoutList};${changing(`{
  allowCredentials: [{ type: 'public-key', id: Uint8Array.from(atob(sessionStorage.chosen), each => each.charCodeAt(0)) }],
}`)}`;

let setup: PasskeySetup;
const passkeys: { noor?: OwnPasskey; ada?: OwnPasskey } = {};
beforeAll(async () => {
  setup = await openPasskeySetup({ SALLYPORT_FACTORS: 'passkey,totp,call' });
  for (const name of ['noor', 'ada'] as const)
    passkeys[name] = await givePasskey(setup.world, setup.world.people[name]);
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

/** Puts the passkey of this person into the authenticator. */
const hold = async ({ authenticator }: PasskeyVisit, name: keyof typeof passkeys): Promise<void> => {
  const [credential] = passkeys[name]?.authenticator.credentials ?? [];
  if (credential === undefined) throw new Error(`${name} has no passkey`);
  await authenticator.hold(credential);
};
const typeName = ({ page }: PasskeyVisit, name: string): Promise<void> => page.locator('#name').fill(name);
/** The other way in from the same page. */
const expectPasswordWorks = async ({ page, arrive }: PasskeyVisit): Promise<void> => {
  const { linus } = setup.world.people;
  await setup.enterPassword(page, linus);
  expect(await arrive()).toMatchObject({ sub: linus.user.id, acr: 'sfa' });
};
const both = (name: keyof typeof passkeys) => ({
  sub: setup.world.people[name].user.id,
  acr: 'phr',
  amr: ['swk', 'user', 'mfa'],
});

/** One touch, and at most one press of the person on our pages. */
const expectLittleEffort = async ({ effort, authenticator }: PasskeyVisit, presses: 0 | 1, by: string) => {
  expect({ touches: authenticator.answers(), presses: effort.presses() }).toEqual({ touches: 1, presses });
  const { requests, bytes } = await effort.traffic();
  process.stdout.write(`sign-in by a passkey alone, ${by}: ${requests} requests, ${bytes} bytes\n`);
  expect(requests).toBeLessThan(12);
  expect(bytes).toBeLessThan(60_000);
};

describe('with no name typed', () => {
  test(
    'the list of the name field signs in, by one touch and no press',
    async () =>
      visit(setup, {}, async visitor => {
        await hold(visitor, 'noor');
        await visitor.begin();
        expect(await visitor.arrive()).toEqual(both('noor'));
        await expectLittleEffort(visitor, 0, 'by the list');
      }),
    patience,
  );

  test(
    'the button signs in while the list waits too, by one touch and one press',
    async () =>
      visit(setup, {}, async visitor => {
        await hold(visitor, 'noor');
        await visitor.authenticator.isTouched(false);
        await visitor.begin();
        await visitor.sees(signIn);
        await visitor.authenticator.isTouched(true);
        await visitor.press(alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
        await expectLittleEffort(visitor, 1, 'by the button');
      }),
    patience,
  );

  test(
    'the button works by keyboard alone',
    async () =>
      visit(setup, { prepare: withoutList }, async visitor => {
        await hold(visitor, 'noor');
        await visitor.begin();
        await visitor.sees(signIn);
        await pressByKeyboard(visitor.page, alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
      }),
    patience,
  );

  test(
    'an authenticator with passkeys of two accounts signs in to the account of the one that answers',
    async () =>
      visit(setup, { prepare: choosing }, async visitor => {
        await hold(visitor, 'noor');
        await hold(visitor, 'ada');
        for (const name of ['ada', 'noor'] as const) {
          setup.ask({ prompt: 'login' });
          await visitor.begin();
          const id = Buffer.from(passkeys[name]?.handle ?? '', 'base64url').toString('base64');
          await visitor.page.evaluate(`sessionStorage.setItem('chosen', '${id}')`);
          await visitor.press(alone);
          expect(await visitor.arrive()).toEqual(both(name));
          await visitor.page.context().clearCookies();
        }
      }),
    patience,
  );
});

describe('with a typed name', () => {
  test(
    'of the same account the button signs in, by its mail address too',
    async () =>
      visit(setup, { prepare: withoutList }, async visitor => {
        await hold(visitor, 'noor');
        await visitor.begin();
        await typeName(visitor, setup.world.people.noor.user.email ?? '');
        await visitor.press(alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
      }),
    patience,
  );

  test(
    'of another account it is told so, and the emptied field signs in',
    async () =>
      visit(setup, { prepare: withoutList }, async visitor => {
        await hold(visitor, 'noor');
        await visitor.begin();
        await typeName(visitor, 'grace');
        await visitor.press(alone);
        await visitor.says(refusals['passkey-other-account']);
        await visitor.sees(signIn);
        expect(await visitor.page.locator('#name').inputValue()).toBe('grace');
        await typeName(visitor, '');
        await visitor.press(alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
      }),
    patience,
  );
});

describe('a passkey that does not answer', () => {
  test(
    'because the person cancels is told in words, and the next press signs in',
    async () =>
      visit(setup, {}, async visitor => {
        await hold(visitor, 'noor');
        await visitor.authenticator.verifies(false);
        await visitor.begin();
        await visitor.press(alone);
        await visitor.says(failures.cancelled);
        await visitor.sees(signIn);
        await visitor.authenticator.verifies(true);
        await visitor.press(alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
      }),
    patience,
  );

  test(
    'in time is told in the same words, and the password still signs in',
    async () =>
      visit(setup, { prepare: impatient }, async visitor => {
        await hold(visitor, 'ada');
        await visitor.authenticator.isTouched(false);
        await visitor.begin();
        await visitor.press(alone);
        await visitor.says(failures.cancelled);
        expect(visitor.authenticator.answers()).toBe(0);
        await expectPasswordWorks(visitor);
      }),
    patience,
  );

  test(
    'before the page is too old is told, and a new challenge signs in',
    async () =>
      visit(setup, { prepare: withoutList }, async visitor => {
        await hold(visitor, 'noor');
        await visitor.begin();
        await visitor.sees(signIn);
        setup.world.clock.advance(301_000);
        await visitor.press(alone);
        await visitor.says(refusals['passkey-late']);
        await visitor.sees(signIn);
        await visitor.press(alone);
        expect(await visitor.arrive()).toEqual(both('noor'));
      }),
    patience,
  );

  test(
    'because it is a key that checks nobody is told, and the password still signs in',
    async () =>
      visit(setup, { model: virtualModels.touchOnly }, async visitor => {
        await visitor.begin();
        await visitor.press(alone);
        await visitor.says(failures.cancelled);
        expect(visitor.authenticator.answers()).toBe(0);
        await expectPasswordWorks(visitor);
      }),
    patience,
  );
});

test(
  'a removed passkey is told, the browser forgets it, and the password still signs in',
  async () =>
    visit(setup, {}, async visitor => {
      const { world } = setup;
      const { authenticator, id } = await givePasskey(world, world.people.ada);
      const [credential] = authenticator.credentials;
      if (credential === undefined) throw new Error('there is no passkey');
      await visitor.authenticator.hold(credential);
      await world.services.authenticatorRemoval.remove(world.people.ada.user.id, id);
      const forgotten = visitor.authenticator.forgets();
      await visitor.begin();
      await visitor.says(refusals['passkey-unknown']);
      await visitor.sees(signIn);
      await forgotten;
      expect(await visitor.authenticator.credentials()).toEqual([]);
      await expectPasswordWorks(visitor);
    }),
  patience,
);

test(
  'without script there is no button, and the password signs in',
  async () =>
    visit(setup, { javaScriptEnabled: false }, async visitor => {
      await visitor.begin();
      await visitor.page.getByRole('heading', { level: 1, name: signIn }).waitFor();
      expect(await visitor.page.getByRole('button', { name: alone }).count()).toBe(0);
      await expectPasswordWorks(visitor);
    }),
  patience,
);
