/**
 * Limits the length of each parameter of an authorization request. Anyone can send one, and a sign-in keeps it for minutes:
 * without a limit a few thousand requests fill a store (CWE-770).
 */
import { errors } from 'oidc-provider';
import { longestParameters } from '../../http/authorization-address.ts';

/** Bytes. A longer address cannot be registered, because no request with it is answered. */
export const longestRedirectUri = 2048;

/** Bytes of UTF-8 of each value. A parameter that is not listed has `otherBytes`. */
const longestBytes: Readonly<Record<string, number>> = {
  acr_values: 512,
  authorization_details: 4096,
  // 64 characters (`ciba-parameters.ts`).
  binding_message: 256,
  claims: 4096,
  claims_locales: 256,
  client_id: 256,
  // RFC 7636 §4.2: 43 to 128 characters.
  code_challenge: 128,
  code_challenge_method: 16,
  display: 16,
  dpop_jkt: 64,
  // An ID token of ours, with its signature.
  id_token_hint: 4096,
  login_hint: 1024,
  max_age: 16,
  nonce: 1024,
  prompt: 64,
  redirect_uri: longestRedirectUri,
  // A signed request, with all parameters of it (RFC 9101).
  request: longestParameters,
  request_uri: 256,
  // Each identifier of several, as long as one that can be registered.
  resource: 512,
  response_mode: 32,
  response_type: 64,
  scope: 1024,
  state: 1024,
  ui_locales: 256,
};
const otherBytes = 1024;

/**
 * Refuses parameters that are too long. The message names the parameter and its limit.
 * @throws InvalidRequest, which the library answers by a redirect, or by a page where a redirect is not safe
 */
export const checkLengths = (params: Readonly<Record<string, unknown>> | undefined): void => {
  let total = 0;
  for (const [name, value] of Object.entries(params ?? {}).flatMap(eachValue)) {
    const [bytes, longest] = [Buffer.byteLength(value), limitOf(name)];
    if (bytes > longest) {
      throw new errors.InvalidRequest(`${name} is too long: got ${bytes} bytes, expected at most ${longest}`);
    }
    total += Buffer.byteLength(name) + bytes;
  }
  if (total > longestParameters) {
    throw new errors.InvalidRequest(
      `the parameters are too long: got ${total} bytes in all, expected at most ${longestParameters}`,
    );
  }
};

/** The texts of one parameter. `resource` may come several times (RFC 8707 §2). */
const eachValue = ([name, value]: readonly [string, unknown]): readonly (readonly [string, string])[] =>
  [value].flat().flatMap(text => (typeof text === 'string' ? [[name, text]] : []));

const limitOf = (name: string): number =>
  Object.hasOwn(longestBytes, name) ? (longestBytes[name] ?? otherBytes) : otherBytes;
