/**
 * Tests in Chromium, with its virtual authenticator in the phone, that a phone approves by finger or face, or by a PIN, where the operator
 * wants that. Slow: starts Chromium.
 */
import { afterEach, expect, test } from '@jest/globals';
import { ask, beginPairing, claim, confirm, openDesktop } from '../support/browser/approvals.ts';
import { addNewcomer } from '../support/browser/newcomer.ts';
import { openPhone } from '../support/browser/phone.ts';
import { addAuthenticator, virtualModels } from '../support/browser/virtual-authenticator.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';

const patience = 60_000;

let setup: BrowserSetup;
afterEach(() => setup?.close(), patience);

/** Starts the server with a policy. */
const open = (unlock: 'pin' | 'biometric'): Promise<BrowserSetup> => {
  const env = {
    SALLYPORT_FACTORS: 'push,totp',
    SALLYPORT_PUSH_UNLOCK: unlock,
    SALLYPORT_REQUIRED_METHODS: '1',
    SALLYPORT_ENROLL_GRACE: '0s',
  };
  return openBrowserSetup({ env }, undefined, { keepsPages: true });
};

test(
  'a phone with the policy biometric asks for finger or face at the pairing and at each approval; without it nothing is sent',
  async () => {
    setup = await open('biometric');
    const desktop = await openDesktop(setup);
    const phone = await openPhone(setup, { push: false });
    const authenticator = await addAuthenticator(phone.page, virtualModels.laptop);
    const person = await addNewcomer(setup.world);
    const { code } = await beginPairing(desktop, person);
    await claim(phone, { code });
    await confirm(desktop, phone);
    expect(await authenticator.credentials()).toHaveLength(1);

    await phone.type(await ask(desktop, phone, person));
    await authenticator.verifies(false);
    const sent: string[] = [];
    phone.page.on('request', request => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await phone.press('Verify');
    await phone.page.locator('[role=alert]').waitFor();
    expect(sent.filter(each => each.startsWith('POST'))).toEqual([]);
    await authenticator.verifies(true);
    await phone.press('Verify');
    await phone.sees('Verified');
    await desktop.arrives();
    expect(phone.complaints).toEqual([]);
    await Promise.all([phone.context.close(), desktop.context.close()]);
  },
  patience,
);

test(
  'a phone with the policy pin has its PIN chosen at the pairing; a wrong one leaves the request open, the right one signs in',
  async () => {
    setup = await open('pin');
    const desktop = await openDesktop(setup);
    const phone = await openPhone(setup, { push: false });
    const person = await addNewcomer(setup.world);
    await claim(phone, await beginPairing(desktop, person));
    await phone.sees('Does the other page show this number?');
    await desktop.press('Yes, pair it');
    await desktop.sees('Try it once');
    await phone.sees('Last step: try it');
    await phone.type(await desktop.number());
    await phone.press('Verify');
    await phone.sees('Choose a PIN');
    const fields = phone.page.locator('.field input');
    for (const field of await fields.all()) await field.fill('493817');
    await phone.press('Verify');
    await phone.press('Done');
    await desktop.sees('Your authenticator is ready');
    await desktop.press('Continue');
    await desktop.arrives();

    await phone.type(await ask(desktop, phone, person));
    await phone.press('Verify');
    await phone.sees('Enter your PIN');
    await fields.fill('493818');
    await phone.press('Verify');
    await phone.page.getByText('4 attempts').waitFor();
    await fields.fill('493817');
    await phone.press('Verify');
    await phone.sees('Verified');
    await desktop.arrives();
    expect(phone.complaints).toEqual([]);
    await Promise.all([phone.context.close(), desktop.context.close()]);
  },
  patience,
);
