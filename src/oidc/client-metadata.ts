/** Defines the metadata of clients: what operators describe, and the members that OpenID Connect does not know, with their checks. */
import { errors } from 'oidc-provider';
import { factorTypes, isFactorType } from '../factor-types.ts';
import { isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';

/** Members that only operators set. */
export interface OwnMetadata {
  /** Each sign-in at this client needs a second step, also where the request does not ask for one. */
  readonly require_mfa?: boolean;
  /** The lowest level for this client, also where the request asks for less. */
  readonly min_acr?: Acr;
  /** Seconds after which the second step must be repeated. */
  readonly mfa_max_age?: number;
  /** Types of the factors that may be the second step here. Absent: each one that the person has. */
  readonly factors?: readonly string[];
  /** A client of the operator: people are not asked for consent. */
  readonly first_party?: boolean;
  /** ID tokens also hold the claims of the granted scopes: for clients that never ask the userinfo endpoint. */
  readonly claims_in_id_token?: boolean;
  /**
   * required: each request must have PKCE, also one with a `nonce`. optional: a request may have neither, which is weaker
   * (`pkce.ts`); only for a client with a secret.
   */
  readonly pkce?: 'required' | 'optional';
  /** This client is the resource server with this identifier (RFC 8707 §2): an absolute URI without fragment. */
  readonly resource?: string;
  /** Scopes that this resource server knows. */
  readonly resource_scopes?: readonly string[];
  /** Access tokens for this resource server: opaque (default), or JWTs (RFC 9068), which expire after five minutes at most. */
  readonly access_token_format?: 'opaque' | 'jwt';
  /** Scopes that this service may have (`services.ts`). Each belongs to a resource server. */
  readonly service_scopes?: readonly string[];
  /** The resource of token requests of this service that name none. */
  readonly default_resource?: string;
  /** A named set of requirements that holds as a whole (`security-profile.ts`). */
  readonly security_profile?: SecurityProfile;
}

/** fapi2: the FAPI 2.0 Security Profile. */
export type SecurityProfile = 'fapi2';

/**
 * The form in which two identifiers of resource servers are compared; undefined: not an absolute URI without fragment. So
 * `https://api.example.com` and `https://api.example.com/` are one, as they are to a URL parser.
 */
export const canonicalResource = (resource: string | undefined): string | undefined => {
  const url = resource === undefined || resource.includes('#') ? null : URL.parse(resource);
  return url?.href;
};
/** A client that is a resource server. */
export interface ResourceServer {
  readonly clientId: string;
  /** Its identifier as registered, which is the audience of its tokens. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly format: 'opaque' | 'jwt';
  /** Algorithm that signs its JWTs. */
  readonly signedBy: 'ES256' | 'RS256';
}

/** The older of two secrets during a change (`clients/secrets.ts`). Operators do not set this member. */
export interface PreviousSecret {
  /** Keyed hash, as `client_secret` is stored. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly expires_at: number;
}

const isPreviousSecret = (value: unknown): value is PreviousSecret =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'digest') === 'string' &&
  Number.isSafeInteger(Reflect.get(value, 'expires_at'));

/** The older secret in stored metadata, or of a client of oidc-provider. */
export const previousSecretOf = (client: object): PreviousSecret | undefined => {
  const value: unknown = Reflect.get(client, 'previous_secret');
  return isPreviousSecret(value) ? value : undefined;
};

/** The grant type of devices (RFC 8628 §3.4). */
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * How a client gets tokens: for people in a browser, for itself (`services.ts`), for people on another device (`device/`), or for people
 * whom it asks in their authenticator (`ciba/`).
 */
export type GrantType =
  | 'authorization_code'
  | 'refresh_token'
  | 'client_credentials'
  | typeof deviceGrant
  | 'urn:openid:params:grant-type:ciba';

/** A client as the operator describes it. The names are OpenID Connect's, so that any documentation of clients fits. */
export interface NewClient extends OwnMetadata {
  /** Default: random. */
  readonly client_id?: string;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly application_type?: 'web' | 'native';
  /** https, or http on this machine; without fragment or credentials. Empty for a client that signs nobody in by a browser. */
  readonly redirect_uris: readonly string[];
  /** The same holds for the addresses after a sign-out. */
  readonly post_logout_redirect_uris?: readonly string[];
  /** Where it gets logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.2): https, or http on this machine. */
  readonly backchannel_logout_uri?: string;
  /** Its ID tokens and logout tokens name the session (`sid`). */
  readonly backchannel_logout_session_required?: boolean;
  /** How it learns that a person has answered (OpenID CIBA §5): it polls, or is pinged first. Only for a client of that grant type. */
  readonly backchannel_token_delivery_mode?: 'poll' | 'ping';
  /** Where it is pinged: https, also on this machine (OpenID CIBA §4). */
  readonly backchannel_client_notification_endpoint?: string;
  /** Default: `authorization_code` and `refresh_token`. Empty: a client that only introspects tokens. */
  readonly grant_types?: readonly GrantType[];
  /** `none` for a client that cannot keep a secret. Default: `client_secret_basic`. */
  readonly token_endpoint_auth_method?: ClientAuthMethod;
  /** The only algorithm of its assertions (`private_key_jwt`). Default: any that discovery names. */
  readonly token_endpoint_auth_signing_alg?: ClientSigningAlg;
  /** Its public keys (RFC 7517 §5), or where they are: https, or http on this machine. One of the two. */
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwks_uri?: string;
  /** Which certificate it has, exactly one of them (RFC 8705 §2.1.2). Only for `tls_client_auth`. */
  readonly tls_client_auth_subject_dn?: string;
  readonly tls_client_auth_san_dns?: string;
  readonly tls_client_auth_san_uri?: string;
  readonly tls_client_auth_san_ip?: string;
  readonly tls_client_auth_san_email?: string;
  /** Its access tokens work with its certificate only (RFC 8705 §3). */
  readonly tls_client_certificate_bound_access_tokens?: boolean;
  /** Its access tokens work with its DPoP key only (RFC 9449 §5.2). */
  readonly dpop_bound_access_tokens?: boolean;
  /** It pushes each authorization request (RFC 9126 §6). */
  readonly require_pushed_authorization_requests?: boolean;
  /** It signs each authorization request (RFC 9101 §10.5), by the keys of `jwks` or `jwks_uri`. */
  readonly require_signed_request_object?: boolean;
  readonly request_object_signing_alg?: ClientSigningAlg;
  /** The only ways in which it gets answers. Default: all that discovery names. */
  readonly response_modes?: readonly string[];
  /** Signature of the answers that it gets as JWTs (OpenID JARM §3). */
  readonly authorization_signed_response_alg?: ServerSigningAlg;
  readonly id_token_signed_response_alg?: ServerSigningAlg;
  /** Signature of introspection answers that it asks for as JWTs (RFC 9701 §6). */
  readonly introspection_signed_response_alg?: ServerSigningAlg;
  /** pairwise: it knows people by subjects that no client of another sector knows (OIDC Core §8.1). */
  readonly subject_type?: 'public' | 'pairwise';
  /** A list of the redirect addresses of all clients of its sector, by https. */
  readonly sector_identifier_uri?: string;
  /** Types of `authorization_details` that it may request (RFC 9396 §10). Default: none. */
  readonly authorization_details_types?: readonly string[];
  readonly scope?: string;
}

/** How a client proves who it is (OIDC Core §9, RFC 8705 §2). Those with a key have no secret. */
export type ClientAuthMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';
/** Algorithms by which clients sign assertions and requests. */
export const clientSigningAlgs = ['ES256', 'PS256', 'Ed25519', 'EdDSA', 'RS256'] as const;
export type ClientSigningAlg = (typeof clientSigningAlgs)[number];
/** Algorithms by which this server signs. */
export const serverSigningAlgs = ['ES256', 'RS256'] as const;
export type ServerSigningAlg = (typeof serverSigningAlgs)[number];

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** A public client has nothing but PKCE to show that a code is its own. The secret of a native one is in each copy of it. */
const isPkceRule = (value: unknown, metadata: object): boolean =>
  value === 'required' || (value === 'optional' && canProveItself(metadata) && !isNative(metadata));
const isNative = (metadata: object): boolean => Reflect.get(metadata, 'application_type') === 'native';

const longestResource = 512;
const isResource = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= longestResource && canonicalResource(value) !== undefined;

/** Scopes with a meaning of their own here. One of a resource server would be granted with them. */
const reservedScopes: readonly string[] = ['openid', 'offline_access', 'profile', 'email', 'groups'];
/** RFC 6749 §3.3, of bounded length. */
const scopeShape = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const isScopes = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(scope => typeof scope === 'string' && scopeShape.test(scope) && !reservedScopes.includes(scope));
const scopesExpected = `one or more scopes of an API, none of them ${reservedScopes.join(', ')}`;

/** A client that cannot prove who it is cannot ask about tokens. */
const canProveItself = (metadata: object): boolean => Reflect.get(metadata, 'token_endpoint_auth_method') !== 'none';
const isService = (metadata: object): boolean => {
  const grantTypes: unknown = Reflect.get(metadata, 'grant_types');
  return Array.isArray(grantTypes) && grantTypes.includes('client_credentials');
};
const isResourceServer = (metadata: object): boolean => Reflect.get(metadata, 'resource') !== undefined;

interface Rule {
  readonly expected: string;
  /** `metadata`: all members of the client. */
  readonly check: (value: unknown, metadata: object) => boolean;
}

const rules = {
  require_mfa: { expected: 'true or false', check: isBoolean },
  min_acr: { expected: 'sfa, mfa, aal2 or phr', check: isAcr },
  mfa_max_age: {
    expected: 'a number of seconds, 0 or more',
    check: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  factors: {
    expected: `one or more of ${factorTypes.join(', ')}, each once`,
    check: (value: unknown) =>
      Array.isArray(value) && value.length > 0 && value.every(isFactorType) && new Set(value).size === value.length,
  },
  first_party: { expected: 'true or false', check: isBoolean },
  claims_in_id_token: { expected: 'true or false', check: isBoolean },
  pkce: { expected: 'required, or optional for a client with a secret that is not native', check: isPkceRule },
  resource: {
    expected: `an absolute URI without fragment, of ${longestResource} characters or less, for a client with a secret`,
    check: (value: unknown, metadata: object) => isResource(value) && canProveItself(metadata),
  },
  resource_scopes: {
    expected: `${scopesExpected}, for a client with a resource`,
    check: (value: unknown, metadata: object) => isScopes(value) && isResourceServer(metadata),
  },
  service_scopes: {
    expected: `${scopesExpected}, for a client with the grant type client_credentials`,
    check: (value: unknown, metadata: object) => isScopes(value) && isService(metadata),
  },
  default_resource: {
    expected: 'an absolute URI without fragment, for a client with the grant type client_credentials',
    check: (value: unknown, metadata: object) => isResource(value) && isService(metadata),
  },
  access_token_format: {
    expected: 'opaque or jwt, for a client with a resource',
    check: (value: unknown, metadata: object) => (value === 'opaque' || value === 'jwt') && isResourceServer(metadata),
  },
  security_profile: { expected: 'fapi2', check: (value: unknown) => value === 'fapi2' },
  previous_secret: { expected: 'a digest and a time', check: isPreviousSecret },
} as const satisfies Record<keyof OwnMetadata | 'previous_secret', Rule>;

/**
 * For `extraClientMetadata` of oidc-provider. The validator runs for each member, absent ones too. Which of them a client may set that
 * registers itself is decided in `clients/member-rules.ts`.
 */
export const extraClientMetadata = {
  properties: Object.keys(rules),
  validator(_ctx: unknown, name: string, value: unknown, metadata: object): void {
    const rule: Rule | undefined = isRule(name) ? rules[name] : undefined;
    if (value === undefined || rule === undefined) return;
    if (!rule.check(value, metadata)) throw new errors.InvalidClientMetadata(`${name} must be ${rule.expected}`);
  },
};

const isRule = (name: string): name is keyof typeof rules => Object.hasOwn(rules, name);

/** These members of a client of oidc-provider, where they keep their names. */
export const ownMetadata = (client: object): OwnMetadata =>
  Object.fromEntries(
    extraClientMetadata.properties
      .map((name): [string, unknown] => [name, Reflect.get(client, name)])
      .filter(([, value]) => value !== undefined),
  );
