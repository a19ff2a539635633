/**
 * Gives each refusal of the protocol a stable code, which has a page. A refusal that is common and has one cause has a code of its
 * own; any other has that of OAuth's error code. `errorPath` gives the address of the page.
 */

/** An error of oidc-provider. `message` is OAuth's code; `error_detail` does not go to the client. */
export interface Refusal {
  readonly message: string;
  readonly error_description?: string | undefined;
  readonly error_detail?: string | undefined;
}

/** Whether this is an error of oidc-provider with a code of OAuth. */
export const isRefusal = (error: unknown): error is Refusal => Error.isError(error) && 'error_description' in error;

/** By the library's `error_detail`, or by ours. */
const byDetail = {
  'client not found': 'IDP-4103',
  'invalid secret provided': 'IDP-4104',
  'client secret is expired': 'IDP-4105',
  'the provided authentication mechanism does not match the registered client authentication method': 'IDP-4106',
  'client waits for approval': 'IDP-4107',
  'client assertion tokens must only be used once': 'IDP-4110',
  'alg mismatch': 'IDP-4110',
  'iss (JWT issuer) must be the client_id': 'IDP-4110',
  'expiration must be specified in the client_assertion JWT': 'IDP-4110',
  'unique jti (JWT ID) must be provided in the client_assertion JWT': 'IDP-4110',
  'audience (aud) must equal the endpoint url, issuer identifier or token endpoint url': 'IDP-4110',
  'list of audience (aud) must include the endpoint url, issuer identifier or token endpoint url': 'IDP-4110',
  'client certificate was not provided': 'IDP-4108',
  'client certificate was not verified': 'IDP-4108',
  'certificate subject value does not match the registered one': 'IDP-4108',
  'unregistered client certificate provided': 'IDP-4108',
  'authorization code not found': 'IDP-4201',
  'authorization code is expired': 'IDP-4202',
  'authorization code already consumed': 'IDP-4203',
  'code_verifier must be provided': 'IDP-4204',
  'code_verifier does not match code_challenge': 'IDP-4205',
  'authorization code redirect_uri mismatch': 'IDP-4206',
  'refresh token not found': 'IDP-4207',
  'refresh token is expired': 'IDP-4207',
  'refresh token already consumed': 'IDP-4208',
} as const;

/** By the sentence that the client is told, where the code of OAuth alone says too little. */
const bySentence = {
  "redirect_uri did not match any of the client's registered redirect_uris": 'IDP-4101',
  'post_logout_redirect_uri not registered': 'IDP-4102',
  'unsupported prompt value requested': 'IDP-4303',
  'could not decode id_token_hint': 'IDP-4308',
  'could not validate id_token_hint': 'IDP-4308',
  'client_id does not match the provided id_token_hint': 'IDP-4308',
  'requested grant type is not allowed for this client': 'IDP-4311',
} as const;

/** By how that sentence begins. */
const byBeginning = [
  ['redirect_uris', 'IDP-4502'],
  ['code_challenge', 'IDP-4304'],
  ['missing required parameter', 'IDP-4305'],
  ['not supported value of code_challenge_method', 'IDP-4304'],
  ['only application/', 'IDP-4306'],
] as const;

/** By OAuth's code. */
const byError = {
  invalid_redirect_uri: 'IDP-4101',
  invalid_client: 'IDP-4109',
  invalid_grant: 'IDP-4209',
  expired_token: 'IDP-4210',
  invalid_request: 'IDP-4301',
  unsupported_response_type: 'IDP-4302',
  unsupported_response_mode: 'IDP-4307',
  invalid_scope: 'IDP-4309',
  invalid_target: 'IDP-4310',
  unauthorized_client: 'IDP-4312',
  unsupported_grant_type: 'IDP-4313',
  invalid_request_object: 'IDP-4314',
  invalid_request_uri: 'IDP-4315',
  request_not_supported: 'IDP-4316',
  request_uri_not_supported: 'IDP-4316',
  registration_not_supported: 'IDP-4316',
  invalid_authorization_details: 'IDP-4317',
  invalid_dpop_proof: 'IDP-4318',
  use_dpop_nonce: 'IDP-4319',
  login_required: 'IDP-4401',
  interaction_required: 'IDP-4402',
  consent_required: 'IDP-4403',
  access_denied: 'IDP-4404',
  unmet_authentication_requirements: 'IDP-4405',
  authorization_pending: 'IDP-4406',
  slow_down: 'IDP-4407',
  temporarily_unavailable: 'IDP-4408',
  unknown_user_id: 'IDP-4409',
  expired_login_hint_token: 'IDP-4409',
  invalid_binding_message: 'IDP-4410',
  missing_user_code: 'IDP-4411',
  invalid_user_code: 'IDP-4411',
  transaction_failed: 'IDP-4412',
  invalid_client_metadata: 'IDP-4501',
  invalid_software_statement: 'IDP-4503',
  unapproved_software_statement: 'IDP-4503',
  invalid_token: 'IDP-4504',
  insufficient_scope: 'IDP-4505',
  unsupported_token_type: 'IDP-4506',
} as const;

/** An error of a later release of the library, which has no code of its own yet. */
const unlisted = 'IDP-4599';

type Values<Table> = Table[keyof Table];
/** A code of this list. */
export type RefusalCode =
  | Values<typeof byDetail>
  | Values<typeof bySentence>
  | (typeof byBeginning)[number][1]
  | Values<typeof byError>
  | typeof unlisted;

/** All codes, once each, in their order. */
export const refusalCodes: readonly RefusalCode[] = [
  ...new Set<RefusalCode>([
    ...Object.values(byDetail),
    ...Object.values(bySentence),
    ...byBeginning.map(([, code]) => code),
    ...Object.values(byError),
    unlisted,
  ]),
].toSorted();

/** OAuth's error codes that have a code here. */
export const listedErrors: readonly string[] = Object.keys(byError);

/** The code of a refusal. */
export const refusalCode = ({ message, error_description: sentence, error_detail: detail }: Refusal): RefusalCode =>
  own(byDetail, detail) ??
  own(bySentence, sentence) ??
  byBeginning.find(([beginning]) => sentence?.startsWith(beginning) === true)?.[1] ??
  own(byError, message) ??
  unlisted;

/** The value of an own member: a text of a request may be `constructor`. */
const own = <Table extends object>(table: Table, name: string | undefined): Values<Table> | undefined =>
  name !== undefined && isMember(table, name) ? table[name] : undefined;
const isMember = <Table extends object>(table: Table, name: PropertyKey): name is keyof Table =>
  Object.hasOwn(table, name);
