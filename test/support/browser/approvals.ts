/** Lets a person at a desktop sign in with a phone: the pages of the relying party's sign-in on one side, the authenticator on the other. */
import type { BrowserContext, Page } from 'playwright-core';
import type { BrowserSetup } from '../surface/browser-setup.ts';
import type { Newcomer } from './newcomer.ts';
import type { PhoneInChromium } from './phone.ts';

export interface Desktop {
  readonly context: BrowserContext;
  readonly page: Page;
  press(name: string | RegExp): Promise<void>;
  sees(heading: string | RegExp): Promise<void>;
  /** The number that the page shows. */
  number(): Promise<string>;
  /** Waits for the client's callback with a code. */
  arrives(): Promise<void>;
  /** Begins a sign-in, and gives name and password. */
  signIn(person: Newcomer): Promise<void>;
}

/** Opens a browser at the desktop. */
export const openDesktop = async (setup: BrowserSetup): Promise<Desktop> => {
  const context = await setup.chromium.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return {
    context,
    page,
    press: name => page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().click(),
    sees: heading => page.getByRole('heading', { level: 1, name: heading }).waitFor(),
    async number() {
      const shown = await page.locator('.number-display span').textContent();
      return shown?.replaceAll(/\D/gu, '') ?? '';
    },
    arrives: () => page.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback?code=`)),
    async signIn(person) {
      await page.goto(setup.authorizationUrl('contoso', '&prompt=login'));
      await setup.enterPassword(page, person);
    },
  };
};

/** The typed code and the link of the QR code. */
export interface PairingShown {
  readonly code: string;
  readonly link: string;
}

/** Opens the page of a pairing from a list of methods. */
export const choosePairing = async (desktop: Desktop): Promise<PairingShown> => {
  await desktop.press(/^Sallyport Authenticator/);
  await desktop.sees('Pair your phone');
  return {
    code: (await desktop.page.locator('.pairing-code code').textContent()) ?? '',
    link: (await desktop.page.getByRole('link', { name: 'Is this your phone?' }).getAttribute('href')) ?? '',
  };
};

/** Opens the page of a pairing in the first sign-in of a person. */
export const beginPairing = async (desktop: Desktop, person: Newcomer): Promise<PairingShown> => {
  await desktop.signIn(person);
  await desktop.sees('More information required');
  return choosePairing(desktop);
};

/** Opens the page of a pairing from the security page, where the person is signed in. */
export const beginPairingThere = async (desktop: Desktop): Promise<PairingShown> => {
  await desktop.press('Add a method');
  await desktop.sees('Add a method');
  return choosePairing(desktop);
};

/** The phone claims the pairing: by the link of its QR code, or by the typed code. */
export const claim = async (
  phone: PhoneInChromium,
  by: { readonly code: string } | { readonly link: string },
  name?: string,
): Promise<void> => {
  if ('link' in by) {
    await phone.open(by.link);
    await phone.sees('Pair this phone?');
  } else {
    await phone.open();
    await phone.press('Add an account');
    await phone.page.getByLabel('Code').fill(by.code);
  }
  if (name !== undefined) await phone.page.getByLabel('Name of this phone').fill(name);
  await phone.press('Continue');
  if (phone.devices.length === 0) await phone.press('Not now');
};

/** Compares the digits, and answers the test request. */
export const compareAndTry = async (desktop: Desktop, phone: PhoneInChromium): Promise<void> => {
  await phone.sees('Does the other page show this number?');
  await desktop.press('Yes, pair it');
  await desktop.sees('Try it once');
  await phone.sees('Last step: try it');
  await phone.type(await desktop.number());
  await phone.press('Verify');
  await phone.page.getByRole('button', { name: 'Done' }).click();
  await desktop.sees('Your authenticator is ready');
  await desktop.press('Continue');
};

/** Ends the pairing of a first sign-in, which goes on to the client. */
export const confirm = async (desktop: Desktop, phone: PhoneInChromium): Promise<void> => {
  await compareAndTry(desktop, phone);
  await desktop.arrives();
};

/** Begins a sign-in for which a phone without notifications is asked. Gives the number of the page once the phone shows the request. */
export const ask = async (desktop: Desktop, phone: PhoneInChromium, person: Newcomer): Promise<string> => {
  await desktop.signIn(person);
  const heading = desktop.page.getByRole('heading', { level: 1, name: /^(?:Approve in your|Enter the code)/u });
  // A phone that is not notified is not asked first.
  if ((await heading.textContent())?.startsWith('Enter') === true) {
    await desktop.press('Use a different verification option');
    await desktop.press(/^Approve in the authenticator/);
  }
  await desktop.sees('Approve in your authenticator');
  await phone.sees('Are you signing in?');
  return desktop.number();
};
