/** Lists the options of a client about keys, certificates, signatures and how requests and tokens are protected. */
import { Problem } from '../../src/errors.ts';
import { serverSigningAlgs } from '../../src/oidc/client-metadata.ts';
import { textOfFile } from '../files.ts';
import { list, preset, value, type ClientOption } from './option.ts';

/** The keys in this file. @throws Problem 'bad-request' that says whether it cannot be read, or is no JSON */
const readKeys = (file: string): unknown => {
  const text = textOfFile(file, '--jwks: ');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('bad-request', `--jwks: got ${file}, expected a file with a JSON Web Key Set`, { cause });
  }
};

/** Which certificate proves a client with `tls_client_auth`: one of these names must be in it (RFC 8705 §2.1.2). */
const certificateOptions = (
  [
    ['tls-subject-dn', 'tls_client_auth_subject_dn', 'dn', 'subject of its certificate, as RFC 4514 writes it'],
    ['tls-san-dns', 'tls_client_auth_san_dns', 'name', 'DNS name in its certificate'],
    ['tls-san-uri', 'tls_client_auth_san_uri', 'uri', 'URI in its certificate'],
    ['tls-san-ip', 'tls_client_auth_san_ip', 'address', 'IP address in its certificate'],
    ['tls-san-email', 'tls_client_auth_san_email', 'address', 'e-mail address in its certificate'],
  ] as const
).map(([name, member, argument, help]) => value(name, { member, argument }, help));

/** These rows of `options.ts`, in their order. */
export const securityOptions: readonly ClientOption[] = [
  value(
    'auth-method',
    {
      member: 'token_endpoint_auth_method',
      argument: 'method',
      choices: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'tls_client_auth',
        'self_signed_tls_client_auth',
      ],
    },
    'how it sends its secret, or proves its key',
  ),
  value(
    'jwks',
    { member: 'jwks', argument: 'file', read: readKeys },
    'file with its public keys, a JSON Web Key Set (RFC 7517)',
  ),
  value('jwks-uri', { member: 'jwks_uri', argument: 'uri' }, 'where its public keys are'),
  ...certificateOptions,
  value(
    'profile',
    { member: 'security_profile', argument: 'profile', choices: ['fapi2'] },
    'FAPI 2.0: pushed requests, PKCE, keys instead of a secret, and tokens that are bound to a key',
  ),
  preset('require-par', { require_pushed_authorization_requests: true }, 'each request must be pushed (RFC 9126)'),
  preset(
    'require-signed-request',
    { require_signed_request_object: true },
    'each request must be signed by its keys (RFC 9101)',
  ),
  list(
    'response-mode',
    { member: 'response_modes', argument: 'mode' },
    'a way in which it gets answers, such as query.jwt; all of them by default',
  ),
  list(
    'authorization-details-type',
    { member: 'authorization_details_types', argument: 'type' },
    'a type of authorization details that it may request (RFC 9396); none by default',
  ),
  preset('dpop', { dpop_bound_access_tokens: true }, 'its access tokens work with its DPoP key only (RFC 9449)'),
  preset(
    'mtls-tokens',
    { tls_client_certificate_bound_access_tokens: true },
    'its access tokens work with its certificate only (RFC 8705)',
  ),
  preset(
    'pairwise',
    { subject_type: 'pairwise' },
    'it knows people by subjects that clients of other sectors do not know',
  ),
  value(
    'sector-identifier-uri',
    { member: 'sector_identifier_uri', argument: 'uri' },
    'list of all redirect addresses of its sector (OIDC Core §8.1)',
  ),
  value(
    'id-token-alg',
    { member: 'id_token_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of its ID tokens; ES256 by default',
  ),
  value(
    'response-alg',
    { member: 'authorization_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of answers in response modes with jwt; ES256 by default',
  ),
  value(
    'introspection-alg',
    { member: 'introspection_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of introspection answers as JWT (RFC 9701); ES256 by default',
  ),
  value(
    'pkce',
    { member: 'pkce', argument: 'rule', choices: ['required', 'optional'] },
    'required: also beside a nonce; optional: neither is needed, which is weaker',
  ),
];
