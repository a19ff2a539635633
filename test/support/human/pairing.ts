/** Acts as a person who pairs a phone with the authenticator, by the pages and by what the phone shows. */
import type { Answer, Browser } from '../browser/plain.ts';
import { formTo, uidOf } from '../browser/plain.ts';
import type { Doing, Phone } from '../phone/phone.ts';

/** The code on the page of a pairing, as a person types it. */
export const pairingCodeOn = ({ text }: Answer): string =>
  /<code aria-hidden="true">([0-9A-Z-]+)<\/code>/.exec(text)?.[1] ?? '';

/** The secret in the link of its QR code. */
export const pairingSecretOn = ({ text }: Answer): string => /#pair=([A-Za-z0-9_-]+)"/.exec(text)?.[1] ?? '';

/** The number that a page shows, digit by digit. */
export const numberOn = ({ text }: Answer): string =>
  (/<p class="visually-hidden">([0-9 ]+)<\/p>/.exec(text)?.[1] ?? '').replaceAll(' ', '');

/** Says on the page whether the device is the person's own. Goes on to the page of its test, or of the end. */
export const sayOwn = (browser: Browser, page: Answer, answer: 'yes' | 'no'): Promise<Answer> => {
  const { action, hidden } = formTo(page, /\/enroll\/pair$/);
  return browser.visit(action, { form: { ...hidden, own_device: answer } });
};

/** Reads the page of the sign-in anew. */
export const here = (browser: Browser, page: Answer): Promise<Answer> => browser.visit(`/interaction/${uidOf(page)}`);

/** Approves the test of a pairing with the number of its page. */
export const approveTest = async (phone: Phone, page: Answer, more: Partial<Doing> = {}): Promise<void> => {
  const code = phone.pairing?.totp === undefined ? {} : { code: phone.totp() };
  const { body } = await phone.answer(await phone.request(), {
    decision: 'approve',
    number: numberOn(page),
    ...code,
    ...more,
  });
  if (body.result !== 'approved') throw new Error(`got ${JSON.stringify(body)}, expected an approved test`);
};

/** Pairs this phone from the page with the code: to the page that names the new method. */
export const pairPhone = async (browser: Browser, phone: Phone, page: Answer): Promise<Answer> => {
  const { status, body } = await phone.pair({ code: pairingCodeOn(page) });
  if (status >= 300) throw new Error(`got ${status} ${JSON.stringify(body)}, expected a pairing`);
  const test = await sayOwn(browser, await here(browser, page), 'yes');
  await approveTest(phone, test);
  return browser.visit(formTo(test, /\/enroll\/answer$/).action, { form: {} });
};
