/** Runs a relying party on openid-client, and signs people in to it by the pages. */
import * as oidc from 'openid-client';
import { formTo, heading, uidOf, type Answer, type Browser } from '../browser/plain.ts';
import type { TestClient } from './clients.ts';
import { passTime, untilHeard } from './clock.ts';
import type { TestPerson, World } from './world.ts';

export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** One authorization request. */
export interface Request {
  /** The address for the browser. */
  readonly url: string;
  /** Redeems the callback. @throws the error of openid-client for an error or a wrong answer. */
  redeem(at: URL): Promise<Tokens>;
}

export interface RelyingParty {
  readonly config: oidc.Configuration;
  readonly client: TestClient;
  readonly redirectUri: string;
  begin(wish?: Readonly<Record<string, string>>): Promise<Request>;
}

export const openRelyingParty = async (world: World, client: TestClient): Promise<RelyingParty> => {
  const authentication = client.secret === undefined ? oidc.None() : oidc.ClientSecretBasic(client.secret);
  // oxlint-disable-next-line typescript/no-deprecated -- plain http over loopback
  const execute = [oidc.allowInsecureRequests];
  const config = await oidc.discovery(world.issuer, client.id, undefined, authentication, { execute });
  const [redirectUri = ''] = client.redirectUris;
  return {
    config,
    client,
    redirectUri,
    async begin(wish = {}) {
      const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
      const { href } = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...wish,
      });
      return {
        url: href,
        redeem: at =>
          oidc.authorizationCodeGrant(config, at, {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
          }),
      };
    },
  };
};

/** Types name and password into the password page, and goes on to the next page. */
export const enterPassword = async (
  browser: Browser,
  page: Answer,
  { name, password }: Pick<TestPerson, 'name' | 'password'>,
): Promise<Answer> => browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });

/** Types a code. */
export const enterCode = async (browser: Browser, page: Answer, code: string): Promise<Answer> =>
  browser.visit(formTo(page, /\/factor$/).action, { form: { code } });

/** Claims the answer of the phone on the page of a call, as "Check again" does. */
export const checkAgain = async (browser: Browser, page: Answer): Promise<Answer> =>
  browser.visit(formTo(page, /\/factor$/).action, { form: {} });

/** Picks the phone up, listens, and presses these keys. */
export const pickUp = async ({ phone }: Pick<TestPerson, 'phone'>, keys: string): Promise<void> => {
  await phone.ringing();
  await phone.answer();
  await phone.hear();
  await passTime(untilHeard);
  for (const key of keys) {
    const { taken } = await phone.press(key);
    if (!taken) throw new Error(`nobody listened to ${key}`);
    await phone.hear();
  }
};

/** Chooses a row of "Use a different verification option" by its words. */
export const chooseOption = async (browser: Browser, page: Answer, words: RegExp): Promise<Answer> => {
  const picker = await browser.visit(`/interaction/${uidOf(page)}/options`);
  const rows = [...picker.text.matchAll(/<button class="row"[^>]*value="([^"]*)"[^>]*>([^]*?)<\/button>/g)];
  const row = rows.find(([, , inside = '']) => words.test(inside));
  if (row === undefined) throw new Error(`no row ${words} on "${heading(picker)}"`);
  return browser.visit(formTo(picker, /\/options$/).action, { form: { method: row[1] ?? '' } });
};

/** The address at the client with the code or the error. @throws Error where the browser is still on a page of ours. */
export const atClient = (browser: Browser, answer: Answer): URL => {
  const to = browser.next(answer);
  if (to === undefined) throw new Error(`still at "${heading(answer)}" (${answer.status})`);
  return to;
};

/** A whole sign-in: by call for a person with a phone, else by code, else by password alone. */
export const signIn = async (
  rp: RelyingParty,
  browser: Browser,
  person: TestPerson,
  wish: Readonly<Record<string, string>> = {},
): Promise<Tokens> => {
  const request = await rp.begin(wish);
  let page = await enterPassword(browser, await browser.visit(request.url), person);
  if (person.number !== undefined) {
    await pickUp(person, '#');
    page = await checkAgain(browser, page);
  } else if (person.totpSecret !== undefined) {
    page = await enterCode(browser, page, await person.phone.code());
  }
  return request.redeem(atClient(browser, page));
};
