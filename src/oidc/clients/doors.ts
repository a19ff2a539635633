/**
 * Decides what each door may set. A door is a way by which clients are registered and changed. All share one schema (`check.ts`), and each
 * new client passes `registrationProblem` and each change `changeProblem`, by the same rules: an update cannot set what a registration
 * could not.
 *
 * | door        | who                                                  | may set                      | may change clients of   |
 * | ----------- | ---------------------------------------------------- | ---------------------------- | ----------------------- |
 * | `operator`  | command line                                         | everything                   | all doors but `file`    |
 * | `file`      | declarative files                                    | everything                   | `file`, `operator`      |
 * | `developer` | portal: people, for clients of their own             | `rules`                      | `developer`, `operator` |
 * | `dynamic`   | clients that register themselves (RFC 7591, RFC 7592) | `rules`                      | `dynamic`               |
 *
 * Developers and clients never make a client weaker than this server's defaults, nor weaker than an operator made it.
 */
import { isDeepStrictEqual } from 'node:util';
import { atLeast, isAcr } from '../../mfa/assurance.ts';
import type { Acr } from '../../mfa/factor.ts';
import { isPlain } from '../../masking.ts';
import { deviceGrant, type NewClient } from '../client-metadata.ts';
import type { Member } from './change.ts';

/** A way by which clients are registered. */
export type Door = 'operator' | 'file' | 'developer' | 'dynamic';

/** Who registers or changes a client. `cli`: the operator's command line. `actor` as in the audit: `user:ID`. */
export type Registrar = 'cli' | { readonly door: Door; readonly actor: string };

/** The door of a registrar. */
export const doorOf = (by: Registrar): Door => (by === 'cli' ? 'operator' : by.door);
/** The name of a registrar in the audit. */
export const actorOf = (by: Registrar): string => (by === 'cli' ? by : by.actor);

/** The door by which a stored client came. One without a mark is the operator's. */
export const cameBy = (client: object): Door => {
  const door: unknown = Reflect.get(client, doorMember);
  return isDoor(door) ? door : 'operator';
};

/** Marks a new client. Operators' clients have no mark, like those of earlier releases. */
export const markOf = (door: Door): object => (door === 'operator' ? {} : { [doorMember]: door });

/**
 * Stored members that no door sets: the mark of the door; the policy of a registration, and its registration access token; the name of the
 * file that declares the client, and whether that names its secret too.
 */
const doorMember = 'registered_by';
export const policyMember = 'registration_policy';
export const accessMember = 'registration_access';
export const fileMember = 'declared_in';
export const secretFileMember = 'secret_in_file';
/** Stored members that a client does not learn of itself. */
export const bookkeeping: readonly string[] = [
  'client_secret',
  'previous_secret',
  doorMember,
  policyMember,
  accessMember,
  fileMember,
  secretFileMember,
];

const isDoor = (value: unknown): value is Door => typeof value === 'string' && Object.hasOwn(changes, value);

/** The doors whose clients a door may change. A file may take over a client of the command line: both are the operator's. */
const changes: Readonly<Record<Door, readonly Door[]>> = {
  operator: ['operator', 'developer', 'dynamic'],
  file: ['file', 'operator'],
  developer: ['developer', 'operator'],
  dynamic: ['dynamic'],
};

/** How a value may differ from the one before, which is undefined for a new client and for a default. */
interface Rule {
  readonly expected: string;
  readonly allows: (next: unknown, before: unknown) => boolean;
  /** The values have an order, and stricter ones are allowed. */
  readonly isOrder?: true;
}

const open: Rule = { expected: 'any value that the check of clients accepts', allows: () => true };
const operatorsOnly: Rule = {
  expected: 'no change: only an operator of this server sets it',
  allows: (next, before) => isDeepStrictEqual(next, before),
};
/** `strength`: a higher number is stricter. It must accept any value. */
const notWeaker = (strength: (value: unknown) => number): Rule => ({
  expected: 'no weaker value than before: only an operator of this server lowers it',
  allows: (next, before) => strength(next) >= strength(before),
  isOrder: true,
});
const oneOf = (allowed: readonly string[]): Rule => ({
  expected: `only ${allowed.join(', ')}`,
  allows: (next, before) => listOf(next).every(each => allowed.includes(each) || listOf(before).includes(each)),
});
/** Of a list that limits: absent, everything is allowed. */
const onlyFewer: Rule = {
  expected: 'no more than before: only an operator of this server allows more',
  allows: (next, before) =>
    before === undefined || (next !== undefined && listOf(next).every(each => listOf(before).includes(each))),
};
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const longestName = 80;
/** People read the name where they agree to the client. */
const plainName: Rule = {
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
const onceSet = (strict: unknown = true): Rule => notWeaker(value => Number(value === strict));
const pkceStrength = (value: unknown): number => (value === 'required' ? 2 : value === 'optional' ? 0 : 1);

/** Response types follow from the grant types, so that they are no member of `NewClient`. Clients that register themselves send them. */
type MemberOfClient = keyof NewClient | 'response_types';

/**
 * What developers and clients may set. A member that is not listed belongs to the operator. A new member of `NewClient` needs a row,
 * which is a decision: `open` only where no value weakens a sign-in, reaches other clients' tokens or bothers people.
 */
const rules: Readonly<Record<MemberOfClient, Rule>> = {
  // A chosen id could be one that other software takes for another client.
  client_id: operatorsOnly,
  client_name: plainName,
  client_uri: open,
  application_type: open,
  redirect_uris: open,
  post_logout_redirect_uris: open,
  backchannel_logout_uri: open,
  backchannel_logout_session_required: open,
  // CIBA lets a client ring at people, and a service has scopes of its own.
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
  // With another subject a person is a new one to the client. The owner of the list decides who is in a sector.
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

/** Characters of JSON. The operator's own clients may be larger (`check.ts`). */
const longestClient = 16_384;

/**
 * Why this door may not register this client, as "got …, expected …"; undefined where it may. `given`: members that a policy of the
 * operator gives it. Says only what the door may do: `check.ts` says whether the metadata are right.
 */
export const registrationProblem = (door: Door, client: object, given: object = {}): string | undefined =>
  isOperators(door) ? undefined : (membersProblem(given, client) ?? givenProblem(given, client));

/** Why this door may not change the stored client `before` to `after`; undefined where it may. `given` as for a registration. */
export const changeProblem = (door: Door, before: object, after: object, given: object = {}): string | undefined =>
  originProblem(door, before) ??
  (isOperators(door) ? undefined : (membersProblem(withGiven(before, given), after) ?? givenProblem(given, after)));

const isOperators = (door: Door): boolean => door === 'operator' || door === 'file';

const membersProblem = (before: object, after: object): string | undefined => {
  const { length } = JSON.stringify(after);
  if (length > longestClient && length > JSON.stringify(before).length)
    return `the client: got ${length} characters of JSON, expected ${longestClient} or less`;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(name => memberProblem(name, ownValue(after, name), ownValue(before, name)))
    .find(problem => problem !== undefined);
};

/** A client with the members that a policy gives it. It keeps a stricter value that it has already. */
export const withGiven = <T extends object>(client: T, given: object): T => ({
  ...client,
  ...Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]: [string, unknown]) => !isAsStrict(name, ownValue(client, name), value),
    ),
  ),
});

/** The first member that differs from what a policy gives, and is not stricter. */
const givenProblem = (given: object, after: object): string | undefined => {
  const differs = ([name, value]: [string, unknown]): boolean => !isAsStrict(name, ownValue(after, name), value);
  const [different] = Object.entries(given).find(differs) ?? [];
  return different && `${different}: got another value than the policy of this registration gives, expected that one`;
};

const isAsStrict = (name: string, value: unknown, given: unknown): boolean =>
  isDeepStrictEqual(value, given) ||
  (isMember(name) && rules[name].isOrder === true && rules[name].allows(value, given));

/** Members of a stored client that `asked` leaves out, and may remove by that (RFC 7592 §2.2). All others stay as they are. */
export const leftOut = (before: object, asked: object): readonly Member[] =>
  clientMembers.filter(
    (name): name is Member =>
      isMember(name) &&
      Object.hasOwn(before, name) &&
      !Object.hasOwn(asked, name) &&
      rules[name].allows(undefined, ownValue(before, name)),
  );

/** Why this door may not change a stored client at all; undefined where it may. */
export const originProblem = (door: Door, stored: object): string | undefined => {
  const origin = cameBy(stored);
  if (changes[door].includes(origin)) return undefined;
  return origin === 'file'
    ? 'this client is declared in a file, expected a change of that file and `clients apply`'
    : `got a client of the door ${origin}, expected one that the door ${door} may change`;
};

/**
 * Why this door may not give a stored client a new secret, or end one of two; undefined where it may. The command line may do both for a
 * client of a file, unless the file names the secret: the next start would undo a new one.
 */
export const secretProblem = (
  door: Door,
  stored: object,
  change: 'new' | 'end-old' | 'end-new',
): string | undefined => {
  if (door !== 'operator' || cameBy(stored) !== 'file') return originProblem(door, stored);
  if (change === 'end-old' || ownValue(stored, secretFileMember) !== true) return undefined;
  return 'the secret of this client is in its client_secret_file, expected another one there and `clients apply`';
};

const memberProblem = (name: string, next: unknown, before: unknown): string | undefined => {
  const rule = isMember(name) ? rules[name] : operatorsOnly;
  if (rule.allows(next, before)) return undefined;
  return `${name}: got ${shownValue(next)}, expected ${rule.expected}`;
};

/** The members of `Object.prototype` are none of a client. */
const ownValue = (client: object, name: string): unknown =>
  Object.hasOwn(client, name) ? Reflect.get(client, name) : undefined;

const isMember = (name: string): name is keyof typeof rules => Object.hasOwn(rules, name);

/** A refused value in a message, of bounded length. */
const shownValue = (value: unknown): string => (value === undefined ? 'no value' : JSON.stringify(value).slice(0, 100));
