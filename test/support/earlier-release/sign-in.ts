/** Signs people of the records in to the client of the records. */
import { decodeJwt, type JWTPayload } from 'jose';
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { atClient, enterPassword } from '../world/relying-party.ts';
import { authorize, redeem } from './authorization.ts';
import { password, type Authorization } from './kept.ts';
import { kept } from './open-records.ts';

/** Begins a sign-in and types the password. */
export const typePassword = async (
  browser: Browser,
  name: string,
): Promise<{ readonly browser: Browser; readonly authorization: Authorization; readonly page: Answer }> => {
  const { url, authorization } = authorize();
  const page = await enterPassword(browser, await browser.visit(url), { name, password });
  return { browser, authorization, page };
};

/** The claims of the ID token at the end of a sign-in. */
export const claimsAt = async (browser: Browser, page: Answer, authorization: Authorization): Promise<JWTPayload> => {
  const isAsked = browser.next(page) === undefined && /\/consent"/.test(page.text);
  const done = isAsked ? await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } }) : page;
  const { id_token: idToken = '' } = await redeem(browser, kept.clientSecret, authorization, atClient(browser, done));
  return decodeJwt(idToken);
};
