/** Makes the requests of relying parties. Every response is checked: a wrong one ends the run. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

/**
 * The issuer of every server. Their ports differ, and several may share one store, so each request names this host. Nothing listens
 * at its own port.
 */
export const issuer = new URL('http://localhost:3000');
const host = issuer.host;

/** The relying party that all servers know. */
export const client = { id: 'bench', secret: 'bench secret', redirectUri: 'https://bench.test/callback' };
/** Scope of every authorization request. */
export const scope = 'openid profile';
/** Password of every account. */
export const password = 'copper-beacon-desert';

/** Resource servers: one gets opaque tokens, one JWTs. */
export const apis = { opaque: 'https://opaque.bench.test/', jwt: 'https://jwt.bench.test/' };

/** A client with a secret. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}
/** The service with this number (`client_credentials`). */
export const serviceAt = (at: number): Credentials => ({ id: `service-${at}`, secret: client.secret });

/** A person who signs in by password and TOTP; `totpSecret` in base32. */
export interface Person {
  readonly name: string;
  readonly totpSecret: string;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The person with this number: the same in every process, so that a million need not be handed over. */
export const personAt = (at: number): Person => ({
  name: `person-${String(at).padStart(7, '0')}`,
  totpSecret: Array.from(createHash('sha256').update(`person ${at}`).digest(), byte => base32[byte % 32]).join(''),
});

/** Name of the person with this number who has a password only. */
export const withoutSecondStepAt = (at: number): string => `plain-${String(at).padStart(7, '0')}`;

/** A person whose only second factor is a call of this telephone, E.164. */
export interface Caller {
  readonly name: string;
  readonly number: string;
}
/** The person with this number who is called: at most a million. */
export const callerAt = (at: number): Caller => ({
  name: `caller-${String(at).padStart(7, '0')}`,
  number: `+1202${2_000_000 + at}`,
});

/** Access and refresh token of one sign-in. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

const agent = new Agent({ keepAlive: true });
const basic = ({ id, secret }: Credentials): string =>
  `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}`;
const authorization = basic(client);

/** One request of a client. `authorization`: by default that of the relying party. */
export interface Asked {
  readonly form?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The right status. Default: 200. */
  readonly status?: number;
}

/** Makes one request over a persistent connection. @throws Error for another status */
export const ask = (port: number, path: string, asked: Asked = {}) =>
  new Promise<string>((resolve, reject) => {
    const { form, status = 200 } = asked;
    const headers = {
      host,
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      authorization: asked.authorization ?? authorization,
      ...asked.headers,
    };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: form ? 'POST' : 'GET', headers }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => void (text += part));
      response.on('error', reject).on('end', () => {
        if (response.statusCode === status) resolve(text);
        else reject(new Error(`${path}: got ${response.statusCode}, expected ${status}: ${text.slice(0, 200)}`));
      });
    });
    sent.on('error', reject).end(form && new URLSearchParams(form).toString());
  });

/** Asks with an access token. */
export const bearer = (token: string): Asked => ({ authorization: `Bearer ${token}` });

/** Gets access and refresh token by a code or a refresh token. @throws Error where one is missing */
export const token = async (port: number, form: Readonly<Record<string, string>>): Promise<Tokens> => {
  const answer: unknown = JSON.parse(await ask(port, '/token', { form }));
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

/** Gets a token for a service. @throws Error where it gets none */
export const clientCredentials = async (port: number, service: Credentials, resource: string): Promise<string> => {
  const form = { grant_type: 'client_credentials', resource, scope: 'read' };
  const text = await ask(port, '/token', { form, authorization: basic(service) });
  const access = /"access_token":"([^"]+)"/.exec(text)?.[1];
  if (access === undefined) throw new Error(`a service: got ${text}, expected a token`);
  return access;
};

/** Revokes a token of a service. */
export const revoke = (port: number, service: Credentials, access: string): Promise<string> =>
  ask(port, '/token/revocation', { form: { token: access }, authorization: basic(service) });
