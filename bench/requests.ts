/** Makes the requests of people and relying parties. Every response is checked: a wrong one ends the run. */
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { generateSync } from 'otplib';
import type { Clock } from '../src/ports/time.ts';
import { Browser, formTo, type Answer, type Place } from '../test/support/browser/plain.ts';

/** The relying party that all servers know. */
export const client = { id: 'bench', secret: 'bench secret', redirectUri: 'https://bench.test/callback' };
/** Scope of every authorization request. */
export const scope = 'openid profile';
/** Password of every account. */
export const password = 'copper-beacon-desert';

/** A person who signs in by password and TOTP; `totpSecret` in base32. */
export interface Person {
  readonly name: string;
  readonly totpSecret: string;
}

/** Access and refresh token of one sign-in. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

const agent = new Agent({ keepAlive: true });
const authorization = `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`;

/** Makes one request over a persistent connection. @throws Error for a status other than 200 */
export const ask = (port: number, path: string, form?: Readonly<Record<string, string>>, bearer?: string) =>
  new Promise<string>((resolve, reject) => {
    const type = form && { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { ...type, authorization: bearer === undefined ? authorization : `Bearer ${bearer}` };
    const asked = request(
      { agent, host: '127.0.0.1', port, path, method: form ? 'POST' : 'GET', headers },
      response => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => void (text += part));
        response.on('error', reject).on('end', () => {
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${path}: got ${response.statusCode}, expected 200: ${text.slice(0, 200)}`));
        });
      },
    );
    asked.on('error', reject).end(form && new URLSearchParams(form).toString());
  });

const token = async (port: number, form: Readonly<Record<string, string>>): Promise<Tokens> => {
  const answer: unknown = JSON.parse(await ask(port, '/token', form));
  const member = (name: string): string => {
    const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
    if (typeof value !== 'string') throw new Error(`the token response has no ${name}`);
    return value;
  };
  return { access: member('access_token'), refresh: member('refresh_token') };
};

/** Exchanges a refresh token. */
export const refresh = (port: number, tokens: Tokens): Promise<Tokens> =>
  token(port, { grant_type: 'refresh_token', refresh_token: tokens.refresh });

/** Where browsers and phones find a server of the bench. */
export const placeAt = (port: number, clock: Clock = Date.now): Place => ({
  issuer: new URL(`http://127.0.0.1:${port}`),
  ports: [port],
  clock,
});

/** Begins a sign-in. Gives the password page and the PKCE verifier. */
const begin = async (port: number, clock?: Clock) => {
  const browser = new Browser(placeAt(port, clock));
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return { browser, verifier, page: await browser.visit(`/auth?${query.toString()}`) };
};

/** Begins a sign-in and types the password. Gives the page that asks for the second factor. */
export const enterPassword = async (port: number, name: string, clock?: Clock) => {
  const { browser, verifier, page } = await begin(port, clock);
  return {
    browser,
    verifier,
    page: await browser.visit(formTo(page, /\/password$/).action, { form: { name, password } }),
  };
};

/** Signs in from the authorization request to the tokens, by password and TOTP: seven requests. */
export const signIn = async (port: number, { name, totpSecret }: Person): Promise<Tokens> => {
  const { browser, verifier, page: asked } = await enterPassword(port, name);
  const code = generateSync({ secret: totpSecret, epoch: Math.floor(Date.now() / 1000) });
  const done = await browser.visit(formTo(asked, /\/factor$/).action, { form: { code } });
  const back = browser.next(done)?.searchParams.get('code');
  if (typeof back !== 'string') throw new Error(`${name} is still at ${done.path} (${done.status})`);
  const { redirectUri: redirect_uri } = client;
  return token(port, { grant_type: 'authorization_code', code: back, redirect_uri, code_verifier: verifier });
};

/** Begins a sign-in and gives a function that tries a wrong password in it. */
export const openGuessing = async (port: number): Promise<(name: string) => Promise<Answer>> => {
  const { browser, page } = await begin(port);
  const { action } = formTo(page, /\/password$/);
  return async name => {
    const answer = await browser.go(action, { form: { name, password: 'not this one' } });
    if (answer.status !== 422) throw new Error(`a wrong password: got ${answer.status}, expected 422`);
    return answer;
  };
};
