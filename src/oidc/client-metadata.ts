/**
 * Defines how operators describe a client, by the names of OpenID Connect. Members that it does not know are in `own-metadata.ts`.
 * What is checked, and where: `clients/check.ts`.
 */
import type { OwnMetadata } from './own-metadata.ts';

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

/** The texts of a member of a client: of a list all, else the one. */
export const textsOf = (client: object, member: string): readonly string[] =>
  [Reflect.get(client, member)].flat().filter(text => typeof text === 'string');
