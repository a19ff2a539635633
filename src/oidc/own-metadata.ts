/**
 * Defines the members of a client's metadata that OpenID Connect does not know, with the check of each. oidc-provider keeps them under
 * their names.
 */
import { errors } from 'oidc-provider';
import { factorTypes, isFactorType } from '../factor-types.ts';
import { isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import { canonicalResource } from './resource-identifiers.ts';

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
  /** fapi2: the requirements of the FAPI 2.0 Security Profile, all of them (`security-profile.ts`). */
  readonly security_profile?: 'fapi2';
}

/** The older of two secrets during a change (`clients/secrets.ts`). Operators do not set this member. */
interface PreviousSecret {
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

interface MemberCheck {
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
} as const satisfies Record<keyof OwnMetadata | 'previous_secret', MemberCheck>;

/**
 * For `extraClientMetadata` of oidc-provider. The validator runs for each member, absent ones too. Which of them a client may set that
 * registers itself is decided in `clients/member-rules.ts`.
 */
export const extraClientMetadata = {
  properties: Object.keys(rules),
  validator(_ctx: unknown, name: string, value: unknown, metadata: object): void {
    const rule: MemberCheck | undefined = isRule(name) ? rules[name] : undefined;
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
