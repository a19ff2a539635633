/**
 * The part of a relying party in the ported checks: the modules of the OpenID Foundation's conformance suite, written anew as black-box
 * checks, over HTTP alone, against the clients and settings of the profile `certification`. Each test begins with the name of
 * its module in the suite. The suite itself is run as docs/certification.md says.
 */
import { expect } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import { formTo, heading, type Answer, type Browser } from '../../support/browser/plain.ts';
import { certificationClients } from '../../../cli/dev/certification/clients.ts';
import { relaxed } from '../../../cli/dev/certification/settings.ts';
import { startWorld, type World } from '../../support/world/world.ts';

export type Parameters = Readonly<Record<string, string>>;
export type ResponseMode = 'query' | 'form_post';

/** A client of the profile, with its secret. */
export interface SuiteClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

/** How an authorization request ended: at the callback, or on a page of the issuer. */
export type Outcome = {
  /** The pages on which a person acted, in their order. */
  readonly acted: readonly ('password' | 'consent')[];
} & ({ readonly callback: URLSearchParams; readonly by: ResponseMode } | { readonly page: Answer });

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const mostPages = 6;

/** The suite at one system. `close` ends it. */
export interface Suite {
  readonly world: World;
  readonly first: SuiteClient;
  readonly second: SuiteClient;
  /** Sends `client_secret_post`. */
  readonly post: SuiteClient;
  readonly discovery: Readonly<Record<string, unknown>>;
  /** Where the suite gets browsers after a sign-out. */
  readonly afterSignOut: string;
  /** Sends an authorization request, as GET or POST, and answers the pages. */
  authorize(browser: Browser, more?: Parameters, how?: AuthorizeOptions): Promise<Outcome>;
  /** As `authorize`, for a request that must succeed: its code. */
  codeFor(browser: Browser, more?: Parameters, how?: AuthorizeOptions): Promise<string>;
  redeem(code: string, how?: { readonly client?: SuiteClient; readonly more?: Parameters }): Promise<TokenAnswer>;
  refresh(token: string, client?: SuiteClient): Promise<TokenAnswer>;
  /** Checks an ID token as OpenID Connect Core §3.1.3.7 demands. */
  idToken(
    answer: TokenAnswer,
    how?: { readonly client?: SuiteClient; readonly nonce?: string },
  ): Promise<JWTVerifyResult>;
  /** A whole sign-in: the claims of its ID token, and the access token. */
  signIn(browser: Browser, more?: Parameters, how?: AuthorizeOptions): Promise<SignedIn>;
  userinfo(token: string, how?: 'get' | 'post-header' | 'post-body'): Promise<TokenAnswer>;
  close(): Promise<void>;
}

export interface AuthorizeOptions {
  readonly client?: SuiteClient;
  readonly method?: 'GET' | 'POST';
  /** Members that are left out of the usual request. */
  readonly without?: readonly string[];
  readonly mode?: ResponseMode;
  /** Answers no page. */
  readonly looksOnly?: boolean;
}

export interface SignedIn {
  readonly claims: JWTPayload;
  readonly acted: Outcome['acted'];
  readonly answer: TokenAnswer;
  readonly accessToken: string;
  readonly rawIdToken: string;
}

const asRecord = (value: unknown): Record<string, unknown> => value as Record<string, unknown>;

/** The parameters at the callback. @throws Error where the browser stayed at the issuer */
export const atCallback = (outcome: Outcome): URLSearchParams => {
  if ('callback' in outcome) return outcome.callback;
  throw new Error(`still at "${heading(outcome.page)}" (${outcome.page.status})`);
};

/** The code at the callback. @throws Error where there is none */
const codeIn = (outcome: Outcome): string => {
  const callback = atCallback(outcome);
  const code = callback.get('code');
  if (code === null) throw new Error(`got ${callback.toString()}, expected a code`);
  return code;
};

/** The page on which the browser stayed. @throws Error where it is back at the client */
export const atPage = (outcome: Outcome): Answer => {
  if ('page' in outcome) return outcome.page;
  throw new Error(`got a callback with ${outcome.callback.toString()}`);
};

/** Starts a system with the clients and settings of the profile. `suite`: the address of the suite. */
export const openSuite = async (suite: string, env: Parameters = {}): Promise<Suite> => {
  const world = await startWorld({ env: { ...relaxed, ...env } });
  const { linus } = world.people;
  const clients = await world.services.clients();
  const registered = certificationClients({ suite, alias: 'sallyport' });
  const known: SuiteClient[] = [];
  for (const client of registered) {
    const secret = `secret of ${client.client_id}`;
    await clients.write({ ...client, client_secret: secret });
    known.push({ id: client.client_id, secret, redirectUri: client.redirect_uris[0] ?? '' });
  }
  const [first, second, post] = known as [SuiteClient, SuiteClient, SuiteClient];
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(new URL(path, world.issuer), init);
  const discovery = asRecord(await (await ask('/.well-known/openid-configuration')).json());
  const jwks = createRemoteJWKSet(new URL(String(discovery['jwks_uri'])));
  let sent = 0;

  const authorize: Suite['authorize'] = async (browser, more = {}, how = {}) => {
    const { client = first, method = 'GET', without = [], mode = 'query' } = how;
    sent += 1;
    const usual: Record<string, string> = {
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: `state-${sent}`,
      nonce: `nonce-${sent}`,
      ...(mode === 'form_post' && { response_mode: mode }),
      ...more,
    };
    for (const name of without) delete usual[name];
    const query = new URLSearchParams(usual);
    const acted: ('password' | 'consent')[] = [];
    let page =
      method === 'GET'
        ? await browser.visit(`/auth?${query.toString()}`)
        : await browser.visit('/auth', {
            method,
            body: query.toString(),
            // As a form of the client's site does.
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': String(Buffer.byteLength(query.toString())),
              origin: new URL(client.redirectUri).origin,
              'sec-fetch-site': 'cross-site',
            },
          });
    for (let answered = 0; answered < mostPages; answered += 1) {
      const next = browser.next(page);
      if (next !== undefined && next.origin !== world.issuer.origin) {
        return { acted, callback: parametersAt(next, client), by: 'query' };
      }
      const posted = postedTo(page, client);
      if (posted !== undefined) return { acted, callback: posted, by: 'form_post' };
      const form = /action="[^"]*\/(password|consent)"/.exec(page.text)?.[1];
      if (form === undefined || how.looksOnly === true) return { acted, page };
      acted.push(form === 'password' ? 'password' : 'consent');
      const { action, hidden } = formTo(page, form === 'password' ? /\/password$/ : /\/consent$/);
      const fields = form === 'password' ? { name: linus.name, password: linus.password } : { answer: 'allow' };
      page = await browser.visit(action, { form: { ...hidden, ...fields } });
    }
    throw new Error(`more than ${mostPages} pages to ${page.path}`);
  };

  const codeFor: Suite['codeFor'] = async (browser, more, how) => codeIn(await authorize(browser, more, how));

  const token = async (form: Parameters, client: SuiteClient): Promise<TokenAnswer> => {
    const basic = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString(
      'base64',
    );
    const isPost = client === post;
    const body = new URLSearchParams({
      ...form,
      ...(isPost && { client_id: client.id, client_secret: client.secret }),
    });
    const answer = await ask('/token', {
      method: 'POST',
      body,
      headers: isPost ? {} : { authorization: `Basic ${basic}` },
    });
    return { status: answer.status, headers: answer.headers, body: asRecord(await answer.json()) };
  };

  const redeem: Suite['redeem'] = (code, { client = first, more = {} } = {}) =>
    token({ grant_type: 'authorization_code', code, redirect_uri: client.redirectUri, ...more }, client);

  const idToken: Suite['idToken'] = async ({ body }, { client = first, nonce } = {}) => {
    const verified = await jwtVerify(String(body['id_token']), jwks, {
      issuer: String(discovery['issuer']),
      audience: client.id,
      currentDate: new Date(world.clock()),
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    });
    expect(verified.payload.sub).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(verified.payload['nonce']).toBe(nonce);
    return verified;
  };

  return {
    world,
    first,
    second,
    post,
    discovery,
    afterSignOut: `${suite}/test/a/sallyport/post_logout_redirect`,
    authorize,
    codeFor,
    redeem,
    refresh: (refreshToken, client = first) =>
      token({ grant_type: 'refresh_token', refresh_token: refreshToken }, client),
    idToken,
    async signIn(browser, more = {}, how = {}) {
      const nonce = how.without?.includes('nonce') === true ? undefined : (more['nonce'] ?? `nonce-${sent + 1}`);
      const outcome = await authorize(browser, more, how);
      const { client = first } = how;
      const answer = await redeem(codeIn(outcome), { client });
      expect(answer).toMatchObject({ status: 200 });
      const { payload } = await idToken(answer, { client, ...(nonce !== undefined && { nonce }) });
      return {
        claims: payload,
        acted: outcome.acted,
        answer,
        accessToken: String(answer.body['access_token']),
        rawIdToken: String(answer.body['id_token']),
      };
    },
    async userinfo(accessToken, how = 'get') {
      const bearer = { authorization: `Bearer ${accessToken}` };
      const answer = await ask('/me', {
        method: how === 'get' ? 'GET' : 'POST',
        ...(how === 'post-body' ? { body: new URLSearchParams({ access_token: accessToken }) } : { headers: bearer }),
      });
      return { status: answer.status, headers: answer.headers, body: asRecord(await answer.json()) };
    },
    close: () => world.close(),
  };
};

/** The parameters of a callback, which must be at the registered address. */
const parametersAt = (to: URL, { redirectUri }: SuiteClient): URLSearchParams => {
  expect(to.href.slice(0, redirectUri.length)).toBe(redirectUri);
  return to.searchParams;
};

/** The parameters that a page posts to the callback (OAuth 2.0 Form Post Response Mode §2). */
const postedTo = (page: Answer, { redirectUri }: SuiteClient): URLSearchParams | undefined => {
  if (!page.text.includes(`action="${redirectUri}"`)) return undefined;
  const { hidden } = formTo(page, /\/callback$/);
  return new URLSearchParams(hidden);
};
