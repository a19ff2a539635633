/** Signs people in to the security page and the developer portal. */
import { formTo, heading, type Answer, type Browser } from '../../support/browser/plain.ts';
import { checkAgain, enterPassword, pickUp } from '../../support/world/relying-party.ts';
import type { TestPerson } from '../../support/world/world.ts';

/** Opens a page of one of them, and signs in by password and, for people with a phone, by call where that is asked for. */
export const openAccount = async (browser: Browser, person: TestPerson, path = '/account'): Promise<Answer> =>
  answerSignIn(browser, person, await browser.visit(path));

/** Goes through the pages of a sign-in that this page may be, until a page of the portal. */
export const answerSignIn = async (browser: Browser, person: TestPerson, asked: Answer): Promise<Answer> => {
  let page = asked;
  if (/action="[^"]*\/password"/.test(page.text)) page = await enterPassword(browser, page, person);
  if (/action="[^"]*\/start"/.test(page.text))
    page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
  if (/action="[^"]*\/factor"/.test(page.text)) {
    await pickUp(person, '#');
    page = await checkAgain(browser, page);
  }
  if (!/^\/(?:account|developer)/.test(page.path))
    throw new Error(`still at "${heading(page)}" (${page.status}, ${page.path})`);
  return page;
};
