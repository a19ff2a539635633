/** Signs people in as their browsers do. Every page is checked: a wrong one ends the run. */
import { createHash, randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import type { Clock } from '../src/ports/time.ts';
import { Browser, formTo, type Answer, type Place } from '../test/support/browser/plain.ts';
import { client, issuer, password, scope, token, type Person, type Tokens } from './requests.ts';

/** Where browsers and phones find a server of the bench. */
export const placeAt = (port: number, clock: Clock = Date.now): Place => ({
  issuer,
  ports: [port],
  clock,
});

/** A browser in the middle of a sign-in. */
export interface Begun {
  readonly browser: Browser;
  readonly verifier: string;
  readonly page: Answer;
}

/** Sends an authorization request, and follows it to a page or to the client. */
const begin = async (browser: Browser, more: Readonly<Record<string, string>> = {}): Promise<Begun> => {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { browser, verifier, page: await browser.visit(`/auth?${query.toString()}`) };
};

/** Redeems the code at the client. @throws Error where the browser is still on a page of the server */
export const redeem = async (port: number, { browser, verifier, page }: Begun): Promise<Tokens> => {
  const code = browser.next(page)?.searchParams.get('code');
  if (typeof code !== 'string') throw new Error(`a sign-in is still at ${page.path} (${page.status})`);
  const { redirectUri: redirect_uri } = client;
  return token(port, { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier });
};

/** Begins a sign-in and types the password. Gives the page that asks for the second factor. */
export const enterPassword = async (port: number, name: string, clock?: Clock): Promise<Begun> => {
  const { browser, verifier, page } = await begin(new Browser(placeAt(port, clock)));
  const { action } = formTo(page, /\/password$/);
  return { browser, verifier, page: await browser.visit(action, { form: { name, password } }) };
};

const finishSignIn = async (port: number, { name, totpSecret }: Person) => {
  const { browser, verifier, page: asked } = await enterPassword(port, name);
  const code = generateSync({ secret: totpSecret, epoch: Math.floor(Date.now() / 1000) });
  const page = await browser.visit(formTo(asked, /\/factor$/).action, { form: { code } });
  return { browser, tokens: await redeem(port, { browser, verifier, page }) };
};

/** Signs in from the authorization request to the tokens, by password and TOTP: seven requests. */
export const signIn = async (port: number, person: Person): Promise<Tokens> =>
  (await finishSignIn(port, person)).tokens;

/** Signs in by the password alone: five requests. */
export const signInByPassword = async (port: number, name: string): Promise<Tokens> =>
  redeem(port, await enterPassword(port, name));

/** Signs in, and gives a function that signs in again in the same session, without a page: two requests. */
export const openSession = async (port: number, person: Person): Promise<() => Promise<Tokens>> => {
  const { browser } = await finishSignIn(port, person);
  return async () => redeem(port, await begin(browser, { prompt: 'none' }));
};

/** Signs in at a server that asks nobody: four requests. */
export const signInWithoutPages = async (port: number): Promise<Tokens> =>
  redeem(port, await begin(new Browser(placeAt(port))));

/** Begins a sign-in and gives a function that tries a wrong password in it. */
export const openGuessing = async (port: number): Promise<(name: string) => Promise<Answer>> => {
  const { browser, page } = await begin(new Browser(placeAt(port)));
  const { action } = formTo(page, /\/password$/);
  return async name => {
    const answer = await browser.go(action, { form: { name, password: 'not this one' } });
    if (answer.status !== 422) throw new Error(`a wrong password: got ${answer.status}, expected 422`);
    return answer;
  };
};
