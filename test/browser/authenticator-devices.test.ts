/**
 * Tests in Chromium what happens when a person has two phones, when the push service has forgotten a phone, and when a phone has lost
 * its key. On Redis, and each request on another of two nodes. Slow: starts Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { behaveDevice } from '../../simulator/person.ts';
import {
  beginPairing,
  beginPairingThere,
  choosePairing,
  claim,
  compareAndTry,
  confirm,
  openDesktop,
  type Desktop,
} from '../support/browser/approvals.ts';
import { addNewcomer, giveApp, type Newcomer } from '../support/browser/newcomer.ts';
import { openPasskeySetup, type PasskeySetup, type SignedIn } from '../support/browser/passkey-visits.ts';
import { openPhone, type PhoneInChromium } from '../support/browser/phone.ts';

const patience = 90_000;

let setup: PasskeySetup;
let desktop: Desktop;
let phones: PhoneInChromium[] = [];
beforeAll(async () => {
  setup = await openPasskeySetup(
    { SALLYPORT_FACTORS: 'push,totp', SALLYPORT_REQUIRED_METHODS: '1', SALLYPORT_ENROLL_GRACE: '0s' },
    { keepsPages: true },
  );
}, patience);
afterAll(() => setup?.close(), patience);
beforeEach(async () => {
  desktop = await openDesktop(setup);
});
afterEach(async () => {
  const opened = phones;
  phones = [];
  await Promise.all([desktop, ...opened].map(({ context }) => context.close()));
  const complaints = opened.flatMap(each => each.complaints);
  if (complaints.length > 0) throw new Error(`a phone complained: ${complaints.join('; ')}`);
});

const newPhone = async (): Promise<PhoneInChromium> => {
  const phone = await openPhone(setup);
  phones.push(phone);
  return phone;
};

/** Opens the security page. The person signed in a moment ago. */
const openSecurityPage = async (): Promise<void> => {
  await desktop.page.goto(new URL('/account', setup.world.issuer).href);
  await desktop.sees('Security');
};

/** Presses "Sign in" at the relying party, and chooses the phone with this name, also where it is asked already. */
const askPhone = async (person: Newcomer, name: string): Promise<void> => {
  setup.ask({ prompt: 'login' });
  await desktop.page.goto(setup.client.origin);
  await desktop.press('Sign in');
  await setup.enterPassword(desktop.page, person);
  await desktop.press('Use a different verification option');
  await desktop.press(new RegExp(`^(?:Approve in the authenticator|Back to the request).*${name}`, 'su'));
  await desktop.sees('Approve in your authenticator');
};

/** Types the code that the phone shows where the person is asked again. */
const enterCodeOf = async (phone: PhoneInChromium): Promise<void> => {
  await desktop.press('Enter a code from your app');
  // The code of this step was used in the pairing. The phone learns the time when its app is opened.
  setup.world.clock.advance(60_000);
  await phone.open();
  await phone.press(/^Show code/);
  const code = await phone.page.getByText(/^\d{3} \d{3}$/).textContent();
  await desktop.page.locator('input[autocomplete="one-time-code"]').fill(code?.replace(' ', '') ?? '');
};

/** Types the number of the page, and waits for the client. */
const approve = async (phone: PhoneInChromium): Promise<SignedIn> => {
  await phone.sees('Are you signing in?');
  await phone.type(await desktop.number());
  await phone.press('Verify');
  await phone.sees('Verified');
  await desktop.page.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback?code=`));
  return setup.redeem(new URL(desktop.page.url()));
};

const devicesOf = async ({ user: { id } }: Newcomer) => {
  const user = await setup.world.services.users.get(id);
  const all = user === undefined ? [] : await setup.world.services.authenticators.of(user);
  return all.filter(({ type }) => type === 'push');
};

test(
  'of two phones only the chosen one is notified and shows the request, and its answer signs in at the relying party',
  async () => {
    const person = await addNewcomer(setup.world);
    const [first, second] = [await newPhone(), await newPhone()];
    await claim(first, await beginPairing(desktop, person), 'Pixel');
    await confirm(desktop, first);
    await openSecurityPage();
    await desktop.press('Add a method');
    await enterCodeOf(first);
    await claim(second, await choosePairing(desktop), 'Tablet');
    await compareAndTry(desktop, second);
    await desktop.sees('Security');
    await second.deliver();

    await askPhone(person, 'Pixel');
    await first.deliver();
    await first.sees('Are you signing in?');
    const fetched = second.page.waitForResponse(answer => answer.url().endsWith('/api/requests'));
    await second.open();
    await fetched;
    // An open request would have taken the place of this screen.
    await second.press(/^Show code/);
    expect(await second.page.getByText('Contoso Office').count()).toBe(0);
    expect(await approve(first)).toEqual({ sub: person.user.id, acr: 'mfa', amr: ['pwd', 'swk', 'mca', 'mfa'] });
  },
  patience,
);

test(
  'where the push service says 410 the page tells it; the app has the request when it is opened, and with it a new subscription',
  async () => {
    const person = await addNewcomer(setup.world);
    const phone = await newPhone();
    await claim(phone, await beginPairing(desktop, person), 'Pixel');
    await confirm(desktop, phone);
    await phone.page.goto('about:blank');
    const [gone, renewed] = phone.devices;
    await behaveDevice(setup.world.simulator, gone?.id ?? '', 'gone');

    await askPhone(person, 'Pixel');
    await desktop.page.getByText('We could not notify Pixel').waitFor();
    await desktop.page.getByText('No notification? Open the authenticator').waitFor();
    expect(await devicesOf(person)).toMatchObject([{ data: { push: 'gone' } }]);
    await phone.replaceSubscription();
    await phone.open();
    expect(await approve(phone)).toMatchObject({ acr: 'mfa' });
    const { endpoint } = renewed ?? {};
    expect(await devicesOf(person)).toMatchObject([{ data: { push: 'works', subscription: { endpoint } } }]);

    await askPhone(person, 'Pixel');
    await phone.deliver();
    expect(await approve(phone)).toMatchObject({ acr: 'mfa' });
  },
  patience,
);

test(
  'a subscription that the browser has replaced is told to the server when the app starts',
  async () => {
    const person = await addNewcomer(setup.world);
    const phone = await newPhone();
    await claim(phone, await beginPairing(desktop, person));
    await confirm(desktop, phone);
    await phone.replaceSubscription();
    const told = phone.page.waitForResponse(
      answer => answer.request().method() === 'PUT' && answer.url().endsWith('/subscription'),
    );
    await phone.open();
    await told;
    const { endpoint } = phone.devices[1] ?? {};
    expect(await devicesOf(person)).toMatchObject([{ data: { push: 'works', subscription: { endpoint } } }]);
  },
  patience,
);

test(
  'a phone that lost its key is removed on the security page with its codes, and approves once it is paired again',
  async () => {
    const person = await giveApp(setup.world, await addNewcomer(setup.world));
    const phone = await newPhone();
    const signInWithCode = async (): Promise<void> => {
      await desktop.page.goto(new URL('/account', setup.world.issuer).href);
      await setup.enterPassword(desktop.page, person);
      await setup.enterCode(desktop.page, person);
      await desktop.sees('Security');
    };
    await signInWithCode();
    await claim(phone, { code: (await beginPairingThere(desktop)).code }, 'Pixel');
    await compareAndTry(desktop, phone);
    await desktop.sees('Security');
    const [lost] = await devicesOf(person);

    await phone.page.goto('about:blank');
    const session = await phone.context.newCDPSession(phone.page);
    await session.send('Storage.clearDataForOrigin', { origin: setup.world.issuer.origin, storageTypes: 'all' });
    await desktop.context.clearCookies();
    await signInWithCode();
    await desktop.press(/^Remove Sallyport Authenticator/);
    await desktop.sees('Remove this method?');
    await desktop.press('Remove');
    await desktop.sees('Security');
    const user = await setup.world.services.users.get(person.user.id);
    const left = user && (await setup.world.services.authenticators.of(user));
    expect(left?.map(({ type, label }) => [type, label])).toEqual([['totp', 'App']]);

    await claim(phone, { code: (await beginPairingThere(desktop)).code }, 'Pixel');
    await compareAndTry(desktop, phone);
    await desktop.sees('Security');
    const [paired] = await devicesOf(person);
    expect(paired?.handle).not.toBe(lost?.handle);
    await askPhone(person, 'Pixel');
    expect(await approve(phone)).toMatchObject({ acr: 'mfa' });
  },
  patience,
);
