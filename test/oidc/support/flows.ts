/** Runs the steps of relying parties and pages against a deployment. */
import { createHash, randomBytes } from 'node:crypto';
import type { Acr } from '../../../src/mfa/factor.ts';
import { send, type Answer, type Browser, type Stop } from './http.ts';
import type { Rp, World } from './world.ts';

/** One authorization request of a client, with its PKCE verifier. */
export interface Started extends Stop {
  readonly verifier: string;
}

/** A member of `params` that is undefined is left out of the request; a list comes several times. */
export const authorize = async (
  browser: Browser,
  rp: Rp,
  params: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Promise<Started> => {
  const verifier = randomBytes(32).toString('base64url');
  const wanted = Object.entries({
    client_id: rp.id,
    redirect_uri: rp.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  });
  const query = new URLSearchParams();
  for (const [name, value] of wanted) for (const each of [value ?? []].flat()) query.append(name, each);
  return { ...(await browser.open('GET', `/auth?${query.toString()}`)), verifier };
};

/** Pushes an authorization request (RFC 9126). */
export const tryPush = (world: World, rp: Rp, params: Record<string, string> = {}): Promise<Answer> =>
  send(world, 'POST', '/request', {
    headers: rp.secret === undefined ? {} : credentials(rp),
    form: {
      client_id: rp.id,
      response_type: 'code',
      redirect_uri: rp.redirectUri,
      scope: 'openid',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
      ...params,
    },
  });

/** Pushes an authorization request and gives its `request_uri`. */
export const push = async (world: World, rp: Rp, params: Record<string, string> = {}): Promise<string> => {
  const answer = await tryPush(world, rp, params);
  if (answer.status !== 201) throw new Error(`expected a request_uri, got ${answer.status} ${answer.text}`);
  return (JSON.parse(answer.text) as { request_uri: string }).request_uri;
};

/** Brings a pushed request to the authorization endpoint. */
export const authorizePushed = (browser: Browser, rp: Rp, uri: string): Promise<Stop> =>
  browser.open('GET', `/auth?${new URLSearchParams({ client_id: rp.id, request_uri: uri }).toString()}`);

/** The result that the pages would store for a finished sign-in. */
export const signedIn = (world: World, accountId: string, acr: Acr = 'sfa', ts = Math.floor(world.clock() / 1000)) => ({
  login: { accountId, acr, amr: acr === 'sfa' ? ['pwd'] : ['pwd', acr === 'mfa' ? 'tel' : 'otp', 'mfa'], ts },
  ...(acr !== 'sfa' && { mfa: { ts: Math.floor(world.clock() / 1000), method: acr === 'mfa' ? 'call' : 'totp' } }),
});

/** Sends an authorization request and answers the sign-in page. */
export const signIn = async (
  browser: Browser,
  rp: Rp,
  who: string,
  acr: Acr = 'sfa',
  params: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<Started> => {
  const asked = await authorize(browser, rp, params);
  if (asked.at !== 'interaction') throw new Error(`expected to be asked, got ${asked.url.href} ${asked.answer.text}`);
  const done = await browser.open('POST', asked.url.pathname, { json: signedIn(browser.world, who, acr) });
  return { ...done, verifier: asked.verifier };
};

export interface Tokens {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly expires_in?: number;
  readonly error_description?: string;
  /** Claims of the ID token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Sends a token request. */
export const tokens = async (
  world: World,
  rp: Rp,
  form: Record<string, string>,
  { node = 0, headers = {} }: { readonly node?: number; readonly headers?: Record<string, string> } = {},
): Promise<Tokens> => {
  // A public client says who it is in the form.
  const own = rp.secret === undefined ? { client_id: rp.id } : {};
  const sent = { ...(rp.secret !== undefined && credentials(rp)), ...headers };
  const answer = await send(world, 'POST', '/token', { form: { ...form, ...own }, node, headers: sent });
  const body = JSON.parse(answer.text) as Omit<Tokens, 'status' | 'claims'>;
  const payload = body.id_token?.split('.')[1] ?? Buffer.from('{}').toString('base64url');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Tokens['claims'];
  return { ...body, status: answer.status, claims };
};

export const credentials = ({ id, secret }: Rp): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

/** `headers`: a proof of possession (`dpop.ts`). `more`: further parameters. */
export const redeem = (
  world: World,
  rp: Rp,
  { params, verifier }: Started,
  node = 0,
  headers: Record<string, string> = {},
  more: Record<string, string> = {},
): Promise<Tokens> =>
  tokens(
    world,
    rp,
    {
      grant_type: 'authorization_code',
      code: params['code'] ?? '',
      redirect_uri: rp.redirectUri,
      code_verifier: verifier,
      ...more,
    },
    { node, headers },
  );

export const refresh = (
  world: World,
  rp: Rp,
  refreshToken = '',
  node = 0,
  headers: Record<string, string> = {},
): Promise<Tokens> =>
  tokens(world, rp, { grant_type: 'refresh_token', refresh_token: refreshToken }, { node, headers });

export const userinfo = (world: World, accessToken = '', node = 0): Promise<Answer> =>
  send(world, 'GET', '/me', { headers: { authorization: `Bearer ${accessToken}` }, node });

/** What the introspection endpoint tells this client about a token. */
export const introspect = async (world: World, rp: Rp, token = '', node = 0): Promise<Record<string, unknown>> => {
  const answer = await send(world, 'POST', '/token/introspection', { form: { token }, headers: credentials(rp), node });
  return JSON.parse(answer.text) as Record<string, unknown>;
};
