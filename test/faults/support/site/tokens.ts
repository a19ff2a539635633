/** Redeems authorization codes at a site, and verifies the ID tokens by its published keys. */
import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Browser } from '../../../support/browser/plain.ts';
import { pause } from './nodes.ts';

export interface SiteClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

/** One authorization request of a client. */
export interface AuthorizationRequest {
  readonly path: string;
  readonly verifier: string;
  readonly nonce: string;
}

export const newRequest = (client: SiteClient, more: Readonly<Record<string, string>> = {}): AuthorizationRequest => {
  const [verifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid',
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { path: `/auth?${query.toString()}`, verifier, nonce };
};

/** Headers and body of a token request by this client. */
export const tokenRequest = (client: SiteClient, form: Readonly<Record<string, string>>) => ({
  method: 'POST',
  body: new URLSearchParams(form).toString(),
  headers: {
    authorization: `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  },
});

/** Verifies ID tokens as a client does that caches the keys, and fetches them again for an unknown one. */
export class IdTokens {
  readonly #issuer: URL;
  readonly #client: SiteClient;
  #keys: JSONWebKeySet | undefined;
  /** How often the keys were fetched. */
  fetched = 0;

  constructor(issuer: URL, client: SiteClient) {
    this.#issuer = issuer;
    this.#client = client;
  }

  /** @throws an error of jose where signature, issuer, audience or time are wrong; Error for another nonce. */
  async verify(idToken: string, nonce: string, browser: Browser): Promise<JWTPayload> {
    const claims = await this.#verified(idToken, browser);
    if (claims['nonce'] !== nonce) throw new Error('the ID token has the nonce of another request');
    return claims;
  }

  async #verified(idToken: string, browser: Browser, isAgain = false): Promise<JWTPayload> {
    this.#keys ??= await this.#fetch(browser);
    try {
      const issuer = this.#issuer.origin;
      return (await jwtVerify(idToken, createLocalJWKSet(this.#keys), { issuer, audience: this.#client.id })).payload;
    } catch (error) {
      if (isAgain || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
      this.#keys = undefined;
      return this.#verified(idToken, browser, true);
    }
  }

  async #fetch(browser: Browser): Promise<JSONWebKeySet> {
    this.fetched += 1;
    let answer = await browser.go('/jwks').catch(() => undefined);
    for (let left = 20; left > 0 && answer?.status !== 200; left -= 1) {
      await pause(300);
      answer = await browser.go('/jwks').catch(() => undefined);
    }
    return JSON.parse(answer?.text ?? '') as JSONWebKeySet;
  }
}
