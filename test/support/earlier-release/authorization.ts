/** Acts as a client without discovery, because the host of the records' issuer does not exist. */
import { createHash, randomBytes } from 'node:crypto';
import type { Browser } from '../browser/plain.ts';
import { issuer, type Authorization } from './kept.ts';

export const redirectUri = 'https://contoso.test/callback';

const token = (): string => randomBytes(32).toString('base64url');

/** A new authorization request, and its address. */
export const authorize = (
  wish: Readonly<Record<string, string>> = {},
): { readonly url: string; readonly authorization: Authorization } => {
  const authorization = { clientId: 'contoso', verifier: token(), state: token(), nonce: token() };
  const request = new URLSearchParams({
    client_id: authorization.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    state: authorization.state,
    nonce: authorization.nonce,
    code_challenge: createHash('sha256').update(authorization.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'consent',
    ...wish,
  });
  return { url: `/auth?${request.toString()}`, authorization };
};

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** Posts to an endpoint of the issuer as the client. */
export const postAsClient = async (
  browser: Browser,
  path: string,
  secret: string,
  form: Readonly<Record<string, string>>,
): Promise<TokenAnswer & Readonly<Record<string, unknown>>> => {
  const answer = await browser.go(path, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: {
      authorization: `Basic ${Buffer.from(`contoso:${secret}`).toString('base64')}`,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
  return { status: answer.status, ...(JSON.parse(answer.text) as object) };
};

/** Redeems the code at the callback. @throws Error for another state or issuer */
export const redeem = async (
  browser: Browser,
  secret: string,
  { verifier, state }: Authorization,
  at: URL,
): Promise<TokenAnswer> => {
  const { searchParams } = at;
  if (searchParams.get('state') !== state || searchParams.get('iss') !== issuer)
    throw new Error(`got ${at.href}, expected the answer to the request`);
  return postAsClient(browser, '/token', secret, {
    grant_type: 'authorization_code',
    code: searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
};
