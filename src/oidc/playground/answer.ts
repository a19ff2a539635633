/**
 * Reads the answer of the authorization endpoint: its parameters, or one signed JWT that holds them
 * (JWT Secured Authorization Response Mode for OAuth 2.0 §2.3).
 */
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { EpochMillis } from '../../ports/time.ts';

/** Parameters of an answer, by their names. */
export type AnswerParameters = ReadonlyMap<string, string>;

/** Response modes by which an answer reaches a page, in order of preference. */
const modes = ['query', 'query.jwt', 'jwt'];

/** The response mode for a client that registered these; undefined: the default, which is `query`. */
export const responseModeFor = (registered: readonly string[] | undefined): string | undefined => {
  const mode = registered && modes.find(each => registered.includes(each));
  return mode === 'query' ? undefined : mode;
};

const textsIn = (payload: JWTPayload): AnswerParameters =>
  new Map(Object.entries(payload).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

/** The parameters as they came, without a look at a signature: good enough to find the flow that they belong to. */
export const unverified = (answer: AnswerParameters): AnswerParameters => {
  const response = answer.get('response');
  if (response === undefined) return answer;
  try {
    return textsIn(decodeJwt(response));
  } catch {
    return answer;
  }
};

/** The parameters to go on with. undefined: they are not from this issuer, or not for this client (RFC 9207 §2.4). */
export const verified = async (
  answer: AnswerParameters,
  of: {
    readonly issuer: string;
    readonly clientId: string;
    readonly alg: string;
    readonly keys: JSONWebKeySet;
    readonly now: EpochMillis;
  },
): Promise<AnswerParameters | undefined> => {
  const response = answer.get('response');
  if (response === undefined) return answer.get('iss') === of.issuer ? answer : undefined;
  try {
    const { payload } = await jwtVerify(response, createLocalJWKSet(of.keys), {
      issuer: of.issuer,
      audience: of.clientId,
      algorithms: [of.alg],
      currentDate: new Date(of.now),
      requiredClaims: ['exp'],
    });
    return textsIn(payload);
  } catch {
    return undefined;
  }
};
