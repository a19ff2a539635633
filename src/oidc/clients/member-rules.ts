/** Says which members of a client developers, and clients that register themselves, may set: one rule for each member. */
import { isDeepStrictEqual } from 'node:util';
import { isPlain } from '../../masking.ts';
import { atLeast, isAcr } from '../../mfa/assurance.ts';
import type { Acr } from '../../mfa/factor.ts';
import { deviceGrant, type NewClient } from '../client-metadata.ts';

/** How a value may differ from the one before, which is undefined for a new client and for a default. */
interface MemberRule {
  readonly expected: string;
  readonly allows: (next: unknown, before: unknown) => boolean;
  /** The values have an order, and stricter ones are allowed. */
  readonly isOrder?: true;
}

const open: MemberRule = { expected: 'any value that the check of clients accepts', allows: () => true };
const operatorsOnly: MemberRule = {
  expected: 'no change: only an operator of this server sets it',
  allows: (next, before) => isDeepStrictEqual(next, before),
};
/** `strength`: a higher number is stricter. It must accept any value. */
const notWeaker = (strength: (value: unknown) => number): MemberRule => ({
  expected: 'no weaker value than before: only an operator of this server lowers it',
  allows: (next, before) => strength(next) >= strength(before),
  isOrder: true,
});
const oneOf = (allowed: readonly string[]): MemberRule => ({
  expected: `only ${allowed.join(', ')}`,
  allows: (next, before) => listOf(next).every(each => allowed.includes(each) || listOf(before).includes(each)),
});
/** Of a list that limits: absent, everything is allowed. */
const onlyFewer: MemberRule = {
  expected: 'no more than before: only an operator of this server allows more',
  allows: (next, before) =>
    before === undefined || (next !== undefined && listOf(next).every(each => listOf(before).includes(each))),
};
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const longestName = 80;
/** People read the name where they agree to the client. */
const plainName: MemberRule = {
  expected: `1 to ${longestName} characters, none of them invisible`,
  allows: (next, before) =>
    next === undefined ||
    next === before ||
    (typeof next === 'string' && next.trim() !== '' && next.length <= longestName && isPlain(next)),
};

const acrStrength = (value: unknown): number => {
  const acr: Acr = isAcr(value) ? value : 'sfa';
  return ['mfa', 'aal2', 'phr'].filter(level => isAcr(level) && atLeast(acr, level)).length;
};
/** Of a member that is a requirement where it is true, or has this value. */
const onceSet = (strict: unknown = true): MemberRule => notWeaker(value => Number(value === strict));
const pkceStrength = (value: unknown): number => (value === 'required' ? 2 : value === 'optional' ? 0 : 1);

/** Response types follow from the grant types, so that they are no member of `NewClient`. Clients that register themselves send them. */
type MemberOfClient = keyof NewClient | 'response_types';

/**
 * What developers and clients may set. A member that is not listed belongs to the operator. A new member of `NewClient` needs a row,
 * which is a decision: `open` only where no value weakens a sign-in, reaches other clients' tokens or disturbs people.
 */
const rules: Readonly<Record<MemberOfClient, MemberRule>> = {
  // A chosen id could be one that other software takes for another client.
  client_id: operatorsOnly,
  client_name: plainName,
  client_uri: open,
  application_type: open,
  redirect_uris: open,
  post_logout_redirect_uris: open,
  backchannel_logout_uri: open,
  backchannel_logout_session_required: open,
  // CIBA lets a client send requests to people, and a service has scopes of its own.
  grant_types: oneOf(['authorization_code', 'refresh_token', deviceGrant]),
  response_types: open,
  backchannel_token_delivery_mode: operatorsOnly,
  backchannel_client_notification_endpoint: operatorsOnly,
  token_endpoint_auth_method: open,
  token_endpoint_auth_signing_alg: open,
  jwks: open,
  jwks_uri: open,
  tls_client_auth_subject_dn: open,
  tls_client_auth_san_dns: open,
  tls_client_auth_san_uri: open,
  tls_client_auth_san_ip: open,
  tls_client_auth_san_email: open,
  tls_client_certificate_bound_access_tokens: onceSet(),
  dpop_bound_access_tokens: onceSet(),
  require_pushed_authorization_requests: onceSet(),
  require_signed_request_object: onceSet(),
  request_object_signing_alg: open,
  response_modes: open,
  authorization_signed_response_alg: open,
  introspection_signed_response_alg: open,
  // With another subject a person is a new one to the client. `sector.ts` has the rules of sectors.
  subject_type: onceSet('pairwise'),
  sector_identifier_uri: open,
  authorization_details_types: open,
  security_profile: onceSet('fapi2'),
  id_token_signed_response_alg: open,
  scope: open,
  require_mfa: onceSet(),
  min_acr: notWeaker(acrStrength),
  mfa_max_age: notWeaker(value => (typeof value === 'number' ? -value : -Infinity)),
  factors: onlyFewer,
  first_party: operatorsOnly,
  claims_in_id_token: open,
  pkce: notWeaker(pkceStrength),
  resource: operatorsOnly,
  resource_scopes: operatorsOnly,
  access_token_format: operatorsOnly,
  service_scopes: operatorsOnly,
  default_resource: operatorsOnly,
};

/** Members of a client that one of the doors sets. */
export const clientMembers: readonly string[] = Object.keys(rules);

/** The rule of a member. Those that are not listed, and the members of `Object.prototype`, belong to the operator. */
export const memberRule = (name: string): MemberRule => (isListed(name) ? rules[name] : operatorsOnly);
const isListed = (name: string): name is MemberOfClient => Object.hasOwn(rules, name);
