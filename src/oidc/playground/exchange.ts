/**
 * Asks the endpoints of our own provider as the client would: pushes the request, redeems the code, reads the keys and the user
 * information. Each step is kept as text (`shown.ts`).
 */
import type { RequestListener } from 'node:http';
import type { KeyObject } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Client, Provider } from 'oidc-provider';
import { askInProcess } from '../../http/in-process.ts';
import type { JsonObject } from '../../json-object.ts';
import type { Clock } from '../../ports/time.ts';
import { verified, type AnswerParameters } from './answer.ts';
import { readIdToken, type ReadIdToken } from './id-token.ts';
import { encoded, type Parameters, type PlaygroundFlow } from './request.ts';
import { authenticationOf, exchangeOf, membersIn, unusable, type Exchange } from './shown.ts';
import { authorizationOf } from './stand-in.ts';
import { curlOf, type WireRequest } from './wire.ts';

/**
 * What came of a sign-in. foreign: the answer is not from this issuer, and its code is not redeemed (RFC 9207 §2.4).
 * refused: the authorization endpoint answered with an error.
 */
export type Outcome =
  | { readonly kind: 'refused'; readonly answer: Parameters }
  | { readonly kind: 'foreign'; readonly answer: Parameters }
  | { readonly kind: 'redeemed'; readonly answer: Parameters; readonly token: Exchange; readonly tokens?: ReadTokens };

/** What the tokens say. */
export interface ReadTokens {
  /** Absent: the request did not have the scope `openid`. */
  readonly idToken?: ReadIdToken;
  readonly userInfo: Exchange;
  /** Whether user information and ID token name the same subject (OIDC Core §5.3.2); absent: they cannot be compared. */
  readonly isSameSubject?: boolean;
}

export interface ExchangeDeps {
  readonly provider: Provider;
  /** Answers requests to the provider. */
  readonly listener: RequestListener;
  readonly issuer: URL;
  readonly hashKey: KeyObject;
  readonly clock: Clock;
}

/** A flow, the client that it is for, and the address of the browser. */
interface Step {
  readonly client: Client;
  readonly flow: PlaygroundFlow;
  readonly address: string;
}

/** Pushes the request (RFC 9126 §2). `sent`: what the browser sends instead of the parameters; empty where it was refused. */
export const pushRequest = async (
  deps: ExchangeDeps,
  { client, flow, parameters, address }: Step & { readonly parameters: Parameters },
): Promise<{ readonly exchange: Exchange; readonly sent: Parameters }> => {
  // The stand-in has another id than the client, and the header names it.
  const form = parameters.filter(([name]) => name !== 'client_id');
  const { exchange, members } = await post(deps, { path: '/request', form, client, flow, address });
  const uri = members['request_uri'];
  const sent: Parameters =
    typeof uri === 'string'
      ? [
          ['client_id', client.clientId],
          ['request_uri', uri],
        ]
      : [];
  return { exchange, sent };
};

/** Redeems the code of the answer, and shows the tokens. They have ended when this resolves. */
export const redeemAndAsk = async (
  deps: ExchangeDeps,
  { answer, ...step }: Step & { readonly answer: AnswerParameters },
): Promise<Outcome> => {
  const { clientId, authorizationSignedResponseAlg: alg } = step.client;
  const read = await verified(answer, {
    issuer: deps.issuer.origin,
    clientId,
    alg: typeof alg === 'string' ? alg : 'ES256',
    keys: await keysOf(deps),
    now: deps.clock(),
  });
  if (read === undefined) return { kind: 'foreign', answer: [...answer] };
  // Of a signed answer both: the JWT, and what it holds.
  const came: Parameters = [...new Map([...answer, ...read])];
  const code = read.get('code');
  if (code === undefined) return { kind: 'refused', answer: came };
  const form: Parameters = [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', step.flow.redirectUri],
    ['code_verifier', step.flow.verifier],
  ];
  const { exchange: token, members } = await post(deps, { path: '/token', form, ...step });
  const { access_token: accessToken, id_token: idToken } = members;
  if (typeof accessToken !== 'string') return { kind: 'redeemed', answer: came, token };
  try {
    const tokens = await readTokens(deps, step, { accessToken, ...(typeof idToken === 'string' && { idToken }) });
    return { kind: 'redeemed', answer: came, token, tokens };
  } finally {
    await (await deps.provider.AccessToken.find(accessToken))?.destroy();
  }
};

const readTokens = async (
  deps: ExchangeDeps,
  { client, flow, address }: Step,
  { accessToken, idToken }: { readonly accessToken: string; readonly idToken?: string },
): Promise<ReadTokens> => {
  const request: WireRequest = {
    method: 'GET',
    url: new URL('/me', deps.issuer),
    headers: [['Authorization', `Bearer ${unusable(accessToken)}`]],
  };
  const answer = await askInProcess(deps.listener, deps.issuer, {
    path: '/me',
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    address,
  });
  const userInfo = exchangeOf(request, answer);
  if (idToken === undefined) return { userInfo };
  const read = await readIdToken(idToken, {
    ...flow,
    issuer: deps.issuer.origin,
    alg: client.idTokenSignedResponseAlg ?? 'ES256',
    keys: await keysOf(deps),
    now: deps.clock(),
  });
  const [subject, ofUserInfo] = [membersIn(read?.payload ?? '')['sub'], membersIn(answer.body.toString())['sub']];
  return {
    ...(read !== undefined && { idToken: read }),
    userInfo,
    ...(typeof subject === 'string' && typeof ofUserInfo === 'string' && { isSameSubject: subject === ofUserInfo }),
  };
};

/** The keys as every client reads them. */
const keysOf = async ({ listener, issuer }: ExchangeDeps): Promise<JSONWebKeySet> => {
  const { body } = await askInProcess(listener, issuer, { path: '/jwks' });
  const found = membersIn(body.toString());
  return isKeySet(found) ? found : { keys: [] };
};

const isKeySet = (value: object): value is JSONWebKeySet => Array.isArray(Reflect.get(value, 'keys'));

/** Posts a form as the stand-in of the client. The text shows it with the authentication of the client. */
const post = async (
  deps: ExchangeDeps,
  { path, form, client, flow, address }: Step & { readonly path: string; readonly form: Parameters },
): Promise<{ readonly exchange: Exchange; readonly members: JsonObject }> => {
  const answer = await askInProcess(deps.listener, deps.issuer, {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      authorization: authorizationOf(deps.hashKey, flow),
    },
    body: encoded(form),
    address,
  });
  const own = authenticationOf(client);
  const request: WireRequest = {
    method: 'POST',
    url: new URL(path, deps.issuer),
    headers: own.headers,
    form: [...own.form, ...form],
  };
  return {
    exchange: {
      ...exchangeOf(request, answer),
      curl: curlOf(request),
      ...(own.hasPlaceholders && { hasPlaceholders: true }),
    },
    members: membersIn(answer.body.toString()),
  };
};
