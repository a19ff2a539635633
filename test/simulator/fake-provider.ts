/** Fakes a minimal OpenID Connect provider that signs every browser in as Ada without asking. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A running fake provider. */
export interface FakeProvider {
  readonly issuer: string;
  /** URLs of the requests to /auth and /end. */
  readonly requests: URL[];
  /** Makes /auth answer with this OAuth error. */
  refuse(error: string): void;
  /** Makes every sign-in reach this level only, whatever is asked for. */
  reach(acr: string): void;
  close(): Promise<void>;
}

export const clientId = 'contoso';
export const clientSecret = 'a-secret-of-contoso-a-secret-of-contoso';
/** RFC 6749 §2.3.1: both halves are form-encoded. */
const isContoso = (header = ''): boolean =>
  decodeURIComponent(Buffer.from(header.slice('Basic '.length), 'base64').toString()) === `${clientId}:${clientSecret}`;

/** Listens on `port`, or a free one. */
export const startFakeProvider = async (port = 0): Promise<FakeProvider> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const seen: URL[] = [];
  let refusal: string | undefined;
  let reached: string | undefined;
  let issuer = '';
  const refreshTokens = ['r1'];
  const requests = new Map<string, URLSearchParams>();

  const idToken = (nonce: string | null, acr: string) =>
    new SignJWT({ acr, amr: ['pwd', 'tel'], auth_time: Math.floor(Date.now() / 1000), ...(nonce && { nonce }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(issuer)
      .setAudience(clientId)
      .setSubject('ada-1')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);

  const token = async (form: URLSearchParams): Promise<object | undefined> => {
    if (form.get('grant_type') === 'refresh_token') {
      if (form.get('refresh_token') !== refreshTokens.at(-1)) return undefined;
    } else {
      const request = requests.get(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (request?.get('code_challenge') !== challenge) return undefined;
      requests.delete(form.get('code') ?? '');
      requests.set('last', request);
    }
    refreshTokens.push(`r${refreshTokens.length + 1}`);
    const last = requests.get('last');
    const nonce = form.get('grant_type') === 'refresh_token' ? null : (last?.get('nonce') ?? null);
    return {
      access_token: 'at',
      token_type: 'Bearer',
      refresh_token: refreshTokens.at(-1),
      id_token: await idToken(nonce, reached ?? last?.get('acr_values') ?? 'mfa'),
    };
  };

  const authorize = (url: URL): string => {
    const target = new URL(url.searchParams.get('redirect_uri') ?? '');
    target.searchParams.set('state', url.searchParams.get('state') ?? '');
    target.searchParams.set('iss', issuer);
    if (refusal === undefined) {
      requests.set('c1', url.searchParams);
      target.searchParams.set('code', 'c1');
    } else {
      target.searchParams.set('error', refusal);
      target.searchParams.set('error_description', 'the reason in words');
    }
    return target.href;
  };

  const server = createServer((request, response) => {
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const url = new URL(request.url ?? '/', issuer);
    const answer = async (body: string): Promise<void> => {
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return json(200, {
            issuer,
            authorization_endpoint: `${issuer}/auth`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/me`,
            end_session_endpoint: `${issuer}/end`,
            jwks_uri: `${issuer}/jwks`,
            id_token_signing_alg_values_supported: ['ES256'],
            authorization_response_iss_parameter_supported: true,
          });
        case '/jwks':
          return json(200, { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] });
        case '/auth':
          seen.push(url);
          response.writeHead(303, { location: authorize(url) }).end();
          return undefined;
        case '/token': {
          const given = isContoso(request.headers.authorization) ? await token(new URLSearchParams(body)) : undefined;
          return json(given === undefined ? 400 : 200, given ?? { error: 'invalid_grant', error_description: 'no' });
        }
        case '/me':
          return json(200, { sub: 'ada-1', name: 'Ada Lovelace' });
        default:
          seen.push(url);
          response.writeHead(303, { location: url.searchParams.get('post_logout_redirect_uri') ?? '/' }).end();
          return undefined;
      }
    };
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => void answer(body));
  });
  await new Promise<void>(resolve => {
    server.listen(port, '127.0.0.1', resolve);
  });
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    requests: seen,
    reach(acr) {
      reached = acr;
    },
    refuse(error) {
      refusal = error;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
