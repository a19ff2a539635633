/**
 * Tests in Chromium the way from a session by password alone to each level, by each method that reaches it: the page says who asks, sends
 * nothing before its button, and the client gets the level that it asked for. On Redis, and each request on another of two nodes. Slow:
 * starts Chromium.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { wording } from '../../src/locales/wording.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import type { Acr } from '../../src/mfa/factor.ts';
import { addNewcomer, giveApp, type Newcomer } from '../support/browser/newcomer.ts';
import { openPasskeySetup, visit, type PasskeySetup, type PasskeyVisit } from '../support/browser/passkey-visits.ts';
import { numberOn } from '../support/human/pairing.ts';
import { glance, takeCall } from '../support/human/person.ts';
import { givePasskey } from '../support/world/passkeys.ts';
import { givePhone } from '../support/world/phones.ts';

const patience = 60_000;
const { pages, frame } = wording('en');

let setup: PasskeySetup;
beforeAll(async () => {
  setup = await openPasskeySetup({
    SALLYPORT_FACTORS: factors.map(({ type }) => type).join(','),
    SALLYPORT_PUSH_DIGITS: '6',
    SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '99',
    SALLYPORT_SENDS_PER_NUMBER_AND_DAY: '99',
    SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY: '99',
    SALLYPORT_SENDS_PER_PREFIX_AND_HOUR: '99',
  });
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(() => setup.world.nextDay());

type Answer = (visitor: PasskeyVisit) => Promise<void>;
interface Way {
  /** Levels that it reaches beside a password, and what the token says of it. */
  readonly reaches: readonly Acr[];
  readonly amr: readonly string[];
  /** It stands for a lost method: never asked for first. */
  readonly recovers?: true;
  /** Binds it, and gives the person's answer on its page. */
  readonly bind: (person: Newcomer, visitor: PasskeyVisit) => Promise<Answer>;
}

const typeCode = async ({ page, press }: PasskeyVisit, code: string): Promise<void> => {
  const field = page.locator('#code:focus');
  await field.waitFor();
  await page.waitForLoadState();
  await field.fill(code);
  // A whole code is sent by the script of its page; the words of other pages differ in length.
  if (!/^\d{6}$/.test(code)) await press(frame.continue);
};
const bindPhone = async (person: Newcomer, factor: 'call' | 'sms' | 'spoken'): Promise<void> => {
  const { authenticators } = setup.world.services;
  const { number = '' } = setup.world.people.grace;
  const { id } = await authenticators.bind(person.user.id, { type: 'phone', label: 'mobile', data: { number } });
  await authenticators.prefer(person.user.id, id, factor);
};

const ways: Readonly<Record<string, Way>> = {
  call: {
    reaches: ['mfa'],
    amr: ['tel'],
    async bind(person) {
      await bindPhone(person, 'call');
      return async () => void (await takeCall(setup.world.people.grace.phone, { wants: 'sign in' }));
    },
  },
  spoken: {
    reaches: ['mfa', 'aal2'],
    amr: ['tel'],
    async bind(person) {
      await bindPhone(person, 'spoken');
      return async visitor =>
        typeCode(visitor, (await takeCall(setup.world.people.grace.phone, { wants: 'code' })).wroteDown ?? '');
    },
  },
  sms: {
    reaches: ['mfa', 'aal2'],
    amr: ['sms'],
    async bind(person) {
      await bindPhone(person, 'sms');
      return async visitor => typeCode(visitor, (await glance(setup.world.people.grace.phone)).code);
    },
  },
  email: {
    reaches: ['mfa'],
    amr: [],
    async bind({ user, name }) {
      const email = `${name}@example.com`;
      await setup.world.services.authenticators.bind(user.id, { type: 'email', label: 'E-mail', data: { email } });
      return async visitor => {
        const [mail] = await setup.world.mailsTo(email);
        await typeCode(visitor, /^\d{6}$/m.exec(mail?.text ?? '')?.[0] ?? '');
      };
    },
  },
  totp: {
    reaches: ['mfa', 'aal2'],
    amr: ['otp'],
    async bind(person) {
      const owner = await giveApp(setup.world, person);
      return async ({ page }) => setup.enterCode(page, owner);
    },
  },
  push: {
    reaches: ['mfa', 'aal2'],
    amr: ['swk', 'mca'],
    async bind({ user }) {
      const { phone } = await givePhone(setup.world, user.id);
      return async ({ page }) => {
        const number = numberOn({ text: await page.content(), status: 200, headers: {}, path: '' });
        await phone.answer(await phone.request(), { decision: 'approve', number });
      };
    },
  },
  passkey: {
    reaches: ['mfa', 'aal2', 'phr'],
    amr: ['swk', 'user'],
    async bind(person, { authenticator }) {
      const given = await givePasskey(setup.world, person);
      for (const credential of given.authenticator.credentials) await authenticator.hold(credential);
      // The button of the step-up asks for it too: its answer needs no press of its own.
      return async () => {};
    },
  },
  'recovery-code': {
    reaches: ['mfa', 'aal2'],
    amr: ['otp'],
    recovers: true,
    async bind(person) {
      await giveApp(setup.world, person);
      const [code = ''] = await setup.world.services.recoveryCodes.renew(person.user.id, 'cli');
      return async visitor => typeCode(visitor, code);
    },
  },
  'temporary-access-pass': {
    reaches: ['mfa'],
    amr: ['otp'],
    recovers: true,
    async bind(person) {
      await giveApp(setup.world, person);
      const { pass } = await setup.world.services.passes.issue(person.user.id, {}, { actor: 'cli' });
      return async visitor => typeCode(visitor, pass);
    },
  },
};

test('every factor has a step-up test', () => {
  expect(new Set(Object.keys(ways))).toEqual(new Set(factors.map(({ type }) => type)));
});

/** A session of a person who had no method when they signed in. */
const beginSession = async ({ page, begin, arrive }: PasskeyVisit): Promise<Newcomer> => {
  const person = await addNewcomer(setup.world);
  await begin();
  await setup.enterPassword(page, person);
  expect(await arrive()).toEqual({ sub: person.user.id, acr: 'sfa', amr: ['pwd'] });
  return person;
};

describe.each(Object.entries(ways))('from a password alone, by %s', (factor, { reaches, amr, recovers, bind }) => {
  test.each(reaches)(
    'to %s',
    async level =>
      visit(setup, {}, async visitor => {
        const person = await beginSession(visitor);
        const answer = await bind(person, visitor);
        setup.ask({ claims: JSON.stringify({ id_token: { acr: { essential: true, value: level } } }) });
        await visitor.begin();
        await visitor.sees(pages.stepUp.heading);
        await visitor.says('Contoso Office');
        const { name = '', start = '' } = pages.methods[factor] ?? {};
        if (recovers === true) {
          await visitor.press(frame.otherOption);
          await visitor.press(new RegExp(`^${name}`));
        } else await visitor.press(start);
        await answer(visitor);
        const got = await visitor.arrive();
        expect(got).toMatchObject({ sub: person.user.id, acr: level });
        expect(new Set(got.amr as string[])).toEqual(new Set(['pwd', 'mfa', ...amr]));
        // Asked again, the client gets the same level without a page.
        setup.ask({ acr_values: level, prompt: 'none' });
        await visitor.begin();
        expect(await visitor.arrive()).toMatchObject({ acr: level });
      }),
    patience,
  );
});
