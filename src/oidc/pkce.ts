/**
 * Decides which authorization requests must have PKCE (RFC 7636), by RFC 9700 §2.1.1. It ties the code to the browser that
 * began the sign-in, so that a code which an attacker planted or caught is of no use. A `nonce` does so too, because the client
 * compares it in the ID token, but only a client with a secret is safe with it alone. That of a native client is in each copy of
 * the program, so it is none (RFC 8252 §8.5).
 *
 * | client                   | `pkce` absent                      | `required` | `optional` (weaker) |
 * | ------------------------ | ---------------------------------- | ---------- | ------------------- |
 * | without a secret, native | PKCE                               | PKCE       | cannot be set       |
 * | with a secret            | PKCE, or `nonce` and scope openid  | PKCE       | neither             |
 */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { ownMetadata } from './own-metadata.ts';
import { textOf } from './request.ts';

/**
 * For `pkce.required` of oidc-provider, which asks it for requests without a `code_challenge`. A challenge that is sent is
 * always checked.
 * @throws InvalidRequest with a sentence of ours: that of the library does not say what would do.
 */
export const isPkceRequired = ({ oidc }: KoaContextWithOIDC, client: Client): boolean => {
  const { pkce } = ownMetadata(client);
  if (client.clientAuthMethod === 'none') {
    throw new errors.InvalidRequest('code_challenge is missing: a client without a secret must send PKCE with S256');
  }
  if (client.applicationType === 'native') {
    throw new errors.InvalidRequest('code_challenge is missing: a native client must send PKCE with S256');
  }
  if (pkce === 'required') {
    throw new errors.InvalidRequest('code_challenge is missing: this client is registered to send PKCE with S256');
  }
  if (pkce === 'optional' || isBoundByNonce(oidc)) return false;
  throw new errors.InvalidRequest(
    'code_challenge and nonce are missing: send PKCE with S256, or a nonce with the scope openid',
  );
};

/** Whether an ID token will carry the nonce back. Without `openid` there is no ID token. */
const isBoundByNonce = ({ params, requestParamScopes }: KoaContextWithOIDC['oidc']): boolean =>
  (textOf(params?.['nonce']) ?? '') !== '' && requestParamScopes.has('openid');
