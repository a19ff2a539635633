/** Signs people in with the box "Don't ask again in this browser" ticked, and by the password alone afterwards. */
import { formTo, type Browser } from '../browser/plain.ts';
import { atClient, enterPassword, type RelyingParty, type Tokens } from './relying-party.ts';
import type { TestPerson, World } from './world.ts';

/** Name of the cookie over plain http. */
export const rememberedCookie = 'sallyport-remembered';

/** How far a password alone led: `acr` and `amr` of the ID token, or `asked` for a second step. */
export type Reached = { readonly acr: unknown; readonly amr: unknown } | 'asked';

/** Ends the session of this browser for its owner: another sign-in begins with the password. */
export const leaveSession = ({ jar }: Browser): void => jar.drop('sallyport-session');

const reachedBy = (tokens: Tokens): Reached => {
  const claims = tokens.claims();
  return { acr: claims?.['acr'], amr: claims?.['amr'] };
};

/** A sign-in by password and code of an app, with the box ticked. */
export const signInAndRemember = async (
  rp: RelyingParty,
  browser: Browser,
  person: TestPerson,
  wish: Readonly<Record<string, string>> = {},
): Promise<Reached> => {
  const request = await rp.begin(wish);
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  const form = { code: await person.phone.code(), remember: 'yes' };
  const done = await browser.visit(formTo(page, /\/factor$/).action, { form });
  return reachedBy(await request.redeem(atClient(browser, done)));
};

/** A new browser that is remembered for this person, without a session. */
export const rememberedBrowser = async (
  world: Pick<World, 'browser'>,
  rp: RelyingParty,
  person: TestPerson,
): Promise<Browser> => {
  const browser = world.browser();
  await signInAndRemember(rp, browser, person);
  leaveSession(browser);
  return browser;
};

/** Types the password, and nothing more. */
export const passwordAlone = async (
  rp: RelyingParty,
  browser: Browser,
  person: TestPerson,
  wish: Readonly<Record<string, string>> = {},
): Promise<Reached> => {
  const request = await rp.begin(wish);
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  const to = browser.next(page);
  return to === undefined ? 'asked' : reachedBy(await request.redeem(to));
};

/** Opens the client with the session of this browser, and types nothing. */
export const sessionAlone = async (
  rp: RelyingParty,
  browser: Browser,
  wish: Readonly<Record<string, string>> = {},
): Promise<Reached> => {
  const request = await rp.begin(wish);
  const to = browser.next(await browser.visit(request.url));
  return to === undefined || to.searchParams.has('error') ? 'asked' : reachedBy(await request.redeem(to));
};
