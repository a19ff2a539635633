/**
 * Tests in Chromium, with two contexts, how a phone approves sign-ins: one is the desktop at the relying party, the other the phone
 * with the real authenticator, to whose service worker the push service of the simulator delivers. Slow: starts Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { unsubscribeDevice } from '../../simulator/person.ts';
import { ask, beginPairing, claim, confirm, openDesktop, type Desktop } from '../support/browser/approvals.ts';
import { whatIsKept, type Kept } from '../support/browser/authenticator-scripts.ts';
import { addNewcomer, type Newcomer } from '../support/browser/newcomer.ts';
import { openPhone, type PhoneInChromium } from '../support/browser/phone.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';

const patience = 60_000;
const minute = 60_000;

let setup: BrowserSetup;
let desktop: Desktop;
beforeAll(async () => {
  setup = await openBrowserSetup(
    { env: { SALLYPORT_FACTORS: 'push,totp', SALLYPORT_REQUIRED_METHODS: '1', SALLYPORT_ENROLL_GRACE: '0s' } },
    undefined,
    // Only the whole browser shows notifications.
    { keepsPages: true },
  );
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(async () => {
  desktop = await openDesktop(setup);
});
afterEach(() => desktop?.context.close());

/** Runs a test with a phone of its own. */
const withPhone = async (
  options: Parameters<typeof openPhone>[1],
  tell: (phone: PhoneInChromium) => Promise<void>,
): Promise<void> => {
  const phone = await openPhone(setup, options);
  try {
    await tell(phone);
    expect(phone.complaints).toEqual([]);
  } finally {
    await phone.context.close();
  }
};

const expectText = async ({ page }: PhoneInChromium, text: string, timeout?: number): Promise<void> =>
  page.getByText(text).waitFor({ ...(timeout !== undefined && { timeout }) });

const pushesOf = async ({ user }: Newcomer) => {
  const found = await setup.world.services.users.get(user.id);
  const all = found === undefined ? [] : await setup.world.services.authenticators.of(found);
  return all.filter(({ type }) => type === 'push');
};

test(
  'a person pairs by the link of the QR code, is notified, types the number of the page and is signed in',
  async () =>
    withPhone({}, async phone => {
      const person = await addNewcomer(setup.world);
      const { link } = await beginPairing(desktop, person);
      expect(new URL(link).hash).toMatch(/^#pair=[\w-]{22}$/u);
      await claim(phone, { link });
      expect(new URL(phone.page.url()).hash).toBe('');
      await confirm(desktop, phone);
      await phone.deliver();
      const [kept] = await pushesOf(person);
      expect(kept).toMatchObject({ data: { push: 'works' } });

      await desktop.signIn(person);
      await desktop.sees('Approve in your authenticator');
      const number = await desktop.number();
      const message = JSON.parse(await phone.deliver()) as { notification: { tag: string } };
      expect(message).toEqual({
        web_push: 8030,
        notification: {
          title: 'Is this you?',
          body: 'Tap to see who is asking.',
          navigate: `${setup.world.issuer.origin}/authenticator/`,
          lang: 'en',
          dir: 'ltr',
          tag: expect.stringMatching(/^[\w-]{32}$/),
        },
      });
      expect(await phone.notifications(message.notification.tag)).toMatchObject([
        { title: 'Is this you?', actions: [] },
      ]);
      await phone.sees('Are you signing in?');
      await phone.page.getByText('Contoso Office').waitFor();
      await phone.type(number);
      await phone.press('Verify');
      await phone.sees('Verified');
      await desktop.arrives();

      const { keys } = await phone.page.evaluate<Kept>(whatIsKept);
      const exports = ['InvalidAccessError', 'InvalidAccessError'];
      expect(keys.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'AES-GCM', usages: ['wrapKey', 'unwrapKey'], exports },
        { name: 'ECDSA', usages: ['sign'], exports },
      ]);
    }),
  patience,
);

test(
  'a subscription that the push service has forgotten is renewed by the open app; a phone that lost its key knows no account',
  async () =>
    withPhone({}, async phone => {
      const person = await addNewcomer(setup.world);
      await claim(phone, await beginPairing(desktop, person));
      await confirm(desktop, phone);
      const endpoints = phone.devices.map(({ endpoint }) => endpoint);
      expect(await pushesOf(person)).toMatchObject([{ data: { subscription: { endpoint: endpoints[0] } } }]);
      await unsubscribeDevice(setup.world.simulator, phone.devices[0]?.id ?? '');
      await desktop.signIn(person);
      await phone.sees('Are you signing in?');
      await phone.type(await desktop.number());
      await phone.press('Verify');
      await desktop.arrives();
      expect(await pushesOf(person)).toMatchObject([
        { data: { push: 'works', subscription: { endpoint: endpoints[1] } } },
      ]);

      await phone.page.goto('about:blank');
      const session = await phone.context.newCDPSession(phone.page);
      await session.send('Storage.clearDataForOrigin', { origin: setup.world.issuer.origin, storageTypes: 'all' });
      await phone.open();
      await expectText(phone, 'This phone approves your sign-ins');
    }),
  patience,
);

describe('with an account paired by the typed code, without notifications', () => {
  let phone: PhoneInChromium;
  let person: Newcomer;
  beforeAll(async () => {
    phone = await openPhone(setup, { push: false });
    person = await addNewcomer(setup.world);
    const first = await openDesktop(setup);
    const { code } = await beginPairing(first, person);
    await claim(phone, { code });
    await confirm(first, phone);
    await first.context.close();
  }, patience);
  afterAll(async () => {
    await phone?.context.close();
    const complaints = phone?.complaints.filter(each => !each.includes('ERR_INTERNET_DISCONNECTED'));
    if (complaints.length > 0) throw new Error(`the phone complained: ${complaints.join('; ')}`);
  });
  beforeEach(async () => {
    // Limits of requests are fresh again.
    setup.world.clock.advance(30 * minute);
    await phone.open();
  });

  const expectHeadings = async (headings: { readonly phone: string; readonly desktop: string }): Promise<void> => {
    await phone.sees(headings.phone);
    await desktop.sees(headings.desktop);
  };
  /** A request waits on both screens. */
  const asked = (): Promise<string> => ask(desktop, phone, person);

  test(
    'the open app has a request by its own stream, is answered, and the person is signed in',
    async () => {
      const number = await asked();
      await phone.type(number);
      await phone.press('Verify');
      await phone.sees('Verified');
      await desktop.arrives();
      expect(new URL(desktop.page.url()).searchParams.get('code')).not.toBeNull();
    },
    patience,
  );

  test(
    'a wrong number ends the request on both sides',
    async () => {
      const number = await asked();
      await phone.type(number === '10' ? '11' : '10');
      await phone.press('Verify');
      await expectHeadings({ phone: 'That was another number', desktop: 'You’re not signed in yet' });
    },
    patience,
  );

  test(
    'Deny ends the request on both sides',
    async () => {
      await asked();
      await phone.press('Deny');
      await expectHeadings({ phone: 'Denied', desktop: 'The request was denied' });
    },
    patience,
  );

  test(
    'a request that nobody answers expires on both sides',
    async () => {
      await asked();
      setup.world.clock.advance(61_000);
      // The clock of the test has moved, that of the phone has not: it learns the time with its next call.
      await phone.page.evaluate("dispatchEvent(new Event('online'))");
      await expectHeadings({ phone: 'Too late', desktop: 'No answer yet' });
    },
    patience,
  );

  test(
    'offline the app opens and shows the codes of the account',
    async () => {
      await phone.context.setOffline(true);
      await phone.page.reload();
      await expectText(phone, 'You are offline. Your codes still work.');
      await phone.page.getByRole('button', { name: 'Show code' }).click();
      await phone.page.getByText(/^\d{3} \d{3}$/).waitFor();
      await phone.context.setOffline(false);
    },
    patience,
  );

  test(
    '"It wasn’t me" ends the request, pauses all others, and tells the administrators',
    async () => {
      await asked();
      await phone.press('It wasn’t me');
      await phone.press('Yes, report it');
      await phone.sees('Reported and stopped');
      expect(await setup.world.audited('challenge.denied')).not.toEqual([]);
    },
    patience,
  );

  test(
    'a device that was removed at the server says so, and offers to pair again',
    async () => {
      const [device] = await pushesOf(person);
      const user = await setup.world.services.users.get(person.user.id);
      await setup.world.services.methods.remove(user ?? person.user, device?.id ?? '', 'system');
      // An open app looks again every minute by the clock, and asks every 30 s whatever it hears.
      setup.world.clock.advance(minute);
      await expectText(phone, 'This phone was removed from this account.', 40_000);
      await phone.press('Pair again');
      await phone.sees('Add an account');
    },
    patience,
  );
});

describe('a pairing', () => {
  test(
    'that the person refuses, or that is too old, pairs nothing',
    async () =>
      withPhone({ push: false }, async phone => {
        const person = await addNewcomer(setup.world);
        const { code } = await beginPairing(desktop, person);
        await claim(phone, { code });
        await phone.sees('Does the other page show this number?');
        await desktop.press(/^No$/);
        await desktop.sees('That phone was not paired');
        await phone.sees('Not paired');
        await desktop.press('Start with a new code');
        await desktop.sees('Pair your phone');
        const link = await desktop.page.getByRole('link', { name: 'Is this your phone?' }).getAttribute('href');
        setup.world.clock.advance(9 * minute + 59_000);
        setup.world.clock.advance(2000);
        await claim(phone, { link: link ?? '' });
        await phone.sees('Not paired');
        expect(await pushesOf(person)).toEqual([]);
      }),
    patience,
  );
});
