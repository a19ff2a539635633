/**
 * Tests in Chromium, with its virtual authenticator in the phone, that a phone approves by finger or face where the operator wants that.
 * Slow: starts Chromium.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, beginPairing, claim, confirm, openDesktop } from '../support/browser/approvals.ts';
import { addNewcomer } from '../support/browser/newcomer.ts';
import { openPhone } from '../support/browser/phone.ts';
import { addAuthenticator, virtualModels } from '../support/browser/virtual-authenticator.ts';
import { openBrowserSetup, type BrowserSetup } from '../support/surface/browser-setup.ts';

const patience = 60_000;

let setup: BrowserSetup;
beforeAll(async () => {
  const env = {
    SALLYPORT_FACTORS: 'push,totp',
    SALLYPORT_PUSH_UNLOCK: 'biometric',
    SALLYPORT_REQUIRED_METHODS: '1',
    SALLYPORT_ENROLL_GRACE: '0s',
  };
  setup = await openBrowserSetup({ env }, undefined, { keepsPages: true });
}, patience);
afterAll(() => setup?.close(), patience);

test(
  'a phone with the policy biometric asks for finger or face at the pairing and at each approval; without it nothing is sent',
  async () => {
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
