/** Explains refusals of OAuth and OpenID Connect to developers. `src/oidc/refusals/refusal-codes.ts` gives each refusal its code. */
import type { Section } from './sections.ts';

export const clientsAndAddresses: Section = {
  title: 'Clients and their addresses',
  intro:
    'Answers to clients have `error`, `error_description` and, as `error_uri`, the page of one of the following codes. In production it is the ' +
    'code of what the client is told anyway; the log, and each answer in development, has the most exact one, with a sentence that tells what came and ' +
    'what is registered.',
  shows: 'code',
  reader: 'developer',
  rows: [
    [
      'IDP-4101',
      '`invalid_redirect_uri`: the `redirect_uri` of the request is not one that the client registered. Addresses are compared as text: a slash at the end, upper case and a port count. One that a developer added may still wait for an administrator',
      'send exactly a registered address, or register this one: `clients set ID --add-redirect-uri`; approve one that waits: `clients approve ID`',
    ],
    [
      'IDP-4102',
      '`invalid_request`: the `post_logout_redirect_uri` is not one that the client registered',
      'send exactly a registered address, or register this one: `clients set ID --add-post-logout-redirect-uri`',
    ],
    [
      'IDP-4103',
      '`invalid_client`: no client has this `client_id`',
      'compare the `client_id` with `clients list`, and the issuer with that of the configuration',
    ],
    [
      'IDP-4104',
      '`invalid_client`: the `client_secret` is not that of this client',
      'copy it again, without spaces or line ends; it is stored as a hash, so a lost one is replaced: `clients new-secret`',
    ],
    [
      'IDP-4105',
      '`invalid_client`: this `client_secret` was replaced by a newer one, and has expired',
      'configure the newer secret',
    ],
    [
      'IDP-4106',
      '`invalid_client`: the client proves itself in another way than it is registered to (`token_endpoint_auth_method`)',
      'send the secret as registered, in the header or in the form: `clients show`; or register the other way',
    ],
    [
      'IDP-4107',
      '`invalid_client`: the client waits for the approval of an administrator',
      'ask an administrator: `clients waiting` and `clients approve`',
    ],
    [
      'IDP-4108',
      '`invalid_client`: the certificate of the client is missing, not verified or not the registered one',
      'send the registered certificate, through the proxy that passes it on',
    ],
    [
      'IDP-4109',
      '`invalid_client`: the client could not be authenticated: it is unknown, its secret is wrong or was replaced, or it proves itself in another way than it is registered to',
      'compare `client_id`, secret and `token_endpoint_auth_method` with `clients show`; the log of the server says which it was, with a more exact code as `label`',
    ],
    [
      'IDP-4110',
      '`invalid_client`: the signed assertion of the client is refused: its algorithm, `iss`, `sub`, `aud`, `exp` or `jti`, or it was used before',
      'sign a new one for each request: `iss` and `sub` are the `client_id`, `aud` is the issuer, `jti` is new',
    ],
  ],
};

export const codesAndTokens: Section = {
  title: 'Authorization codes and tokens',
  shows: 'code',
  reader: 'developer',
  rows: [
    [
      'IDP-4201',
      '`invalid_grant`: the code is not known, or ended long ago',
      'redeem the code that came with this answer',
    ],
    ['IDP-4202', '`invalid_grant`: the code is older than a minute', 'redeem it at once, on the server that gets it'],
    [
      'IDP-4203',
      '`invalid_grant`: the code was redeemed before. What was issued for it has ended, because somebody else may have redeemed it',
      'redeem each code once: a page that is loaded again must not redeem it again',
    ],
    ['IDP-4204', '`invalid_grant`: the `code_verifier` is missing', 'send the one whose hash was the `code_challenge`'],
    [
      'IDP-4205',
      '`invalid_grant`: the `code_verifier` does not fit the `code_challenge`',
      'keep the verifier in the session of the browser that began: a second tab must not overwrite it',
    ],
    [
      'IDP-4206',
      '`invalid_grant`: the `redirect_uri` of the token request is not that of the authorization request',
      'send the same one in both',
    ],
    [
      'IDP-4207',
      '`invalid_grant`: the refresh token is not known, or has expired',
      'let the person sign in again; ask for `offline_access` where access must outlast the session',
    ],
    [
      'IDP-4208',
      '`invalid_grant`: the refresh token was used before. All tokens of this sign-in have ended, because somebody else may have it',
      'keep the newest refresh token of each answer, and refresh in one place at a time',
    ],
    [
      'IDP-4209',
      '`invalid_grant`: the code or refresh token is unknown, expired, used, revoked or of another client, or `code_verifier` or `redirect_uri` do not fit it',
      'redeem each code once and at once, with the values of its request; the log of the server says which it was, with a more exact code as `label`',
    ],
    ['IDP-4210', '`expired_token`: nobody has answered the request in time', 'begin a new one'],
  ],
};

export const requests: Section = {
  title: 'Requests of clients',
  shows: 'code',
  reader: 'developer',
  rows: [
    [
      'IDP-4301',
      '`invalid_request`: a parameter is wrong; `error_description` names it',
      'correct it as the sentence says',
    ],
    [
      'IDP-4302',
      '`unsupported_response_type`: another `response_type` than `code`',
      'use the authorization code flow; the implicit flow is not offered',
    ],
    [
      'IDP-4303',
      '`invalid_request`: a `prompt` that does not exist',
      'send `none`, `login`, `consent`, `select_account` or `create`',
    ],
    [
      'IDP-4304',
      '`invalid_request`: the request is not protected by PKCE',
      'send `code_challenge` with `code_challenge_method=S256`; a client with a secret may send a `nonce` with `openid` instead',
    ],
    ['IDP-4305', '`invalid_request`: a required parameter is missing; `error_description` names it', 'send it'],
    [
      'IDP-4306',
      '`invalid_request`: the body has another content type than the endpoint takes',
      'send a form: `application/x-www-form-urlencoded`; registration takes JSON',
    ],
    [
      'IDP-4307',
      '`unsupported_response_mode`: a `response_mode` that is not offered',
      'leave it out, or send one of discovery',
    ],
    [
      'IDP-4308',
      '`invalid_request`: the `id_token_hint` is no ID token that was issued here for this client',
      'send the last ID token of this client, unchanged',
    ],
    [
      'IDP-4309',
      '`invalid_scope`: a scope that is unknown, or that this client may not ask for',
      'ask for registered scopes: `clients show`',
    ],
    [
      'IDP-4310',
      '`invalid_target`: the `resource` is not known, or this client may not have tokens for it',
      'send the registered identifier of the API',
    ],
    [
      'IDP-4311',
      '`unauthorized_client`: the client is not registered for this `grant_type`',
      'register it, or use another one',
    ],
    [
      'IDP-4312',
      '`unauthorized_client`: the client may not send this request',
      'see `error_description`, and `clients show`',
    ],
    [
      'IDP-4313',
      '`unsupported_grant_type`: a `grant_type` that is not offered here',
      'see `grant_types_supported` of discovery',
    ],
    [
      'IDP-4314',
      '`invalid_request_object`: the signed request is refused: signature, audience, time or content',
      'sign it with a registered key, for the issuer, for at most some minutes',
    ],
    [
      'IDP-4315',
      '`invalid_request_uri`: the pushed request is not known, has expired, or was used before',
      'push a new request for each sign-in, and open it within a minute',
    ],
    [
      'IDP-4316',
      '`request_not_supported`, `request_uri_not_supported` or `registration_not_supported`: this parameter is not offered here',
      'send plain parameters, or a pushed request',
    ],
    [
      'IDP-4317',
      '`invalid_authorization_details`: of a type that is unknown or not allowed, or not in its form',
      'see `error_description`',
    ],
    [
      'IDP-4318',
      '`invalid_dpop_proof`: the proof of the key is refused: method, address, time, or it was used before',
      'make a new proof for each request, for its method and address; check the clock',
    ],
    [
      'IDP-4319',
      '`use_dpop_nonce`: the proof must contain a `nonce` of this server',
      'repeat the request with that of the header `DPoP-Nonce`',
    ],
  ],
};

export const answers: Section = {
  title: 'Answers instead of tokens',
  shows: 'code',
  reader: 'developer',
  rows: [
    [
      'IDP-4401',
      '`login_required`: `prompt=none`, and no session of this browser is recent enough, or there is none. In a frame it is always so where the browser blocks cookies of other sites',
      'send the person to the sign-in, without `prompt=none`',
    ],
    [
      'IDP-4402',
      '`interaction_required`: `prompt=none`, and a page must be shown',
      'send the request again without `prompt=none`',
    ],
    [
      'IDP-4403',
      '`consent_required`: `prompt=none`, and the person has not allowed all of it yet',
      'send the request again without `prompt=none`',
    ],
    [
      'IDP-4404',
      '`access_denied`: the person cancelled or said no, or a rule of this server refuses the sign-in',
      'say so to the person; offer to try again',
    ],
    [
      'IDP-4405',
      '`unmet_authentication_requirements`: the person cannot reach the requested assurance (`acr`)',
      'ask for it as voluntary, or let the person set up a stronger method',
    ],
    [
      'IDP-4406',
      '`authorization_pending`: the person has not answered yet; this is no failure',
      'ask again after `interval`',
    ],
    ['IDP-4407', '`slow_down`: asked again too soon', 'wait five seconds longer each time'],
    [
      'IDP-4408',
      '`temporarily_unavailable`: too many requests from this address or about this person',
      'wait as `Retry-After` says',
    ],
    [
      'IDP-4409',
      '`unknown_user_id` or `expired_login_hint_token`: the hint names nobody who can be asked',
      'send a current hint',
    ],
    [
      'IDP-4410',
      '`invalid_binding_message`: the text for the person is too long, or has characters that a phone does not show',
      'send plain text of at most 64 characters',
    ],
    [
      'IDP-4411',
      '`missing_user_code` or `invalid_user_code`: the code of the person',
      'leave it out: this server asks for none',
    ],
    ['IDP-4412', '`transaction_failed`: the request was ended by another one', 'begin a new one'],
  ],
};

export const registration: Section = {
  title: 'Registration and use of tokens',
  shows: 'code',
  reader: 'developer',
  rows: [
    [
      'IDP-4501',
      '`invalid_client_metadata`: a member of the registration is wrong, or one that only an operator may set',
      'correct it as `error_description` says',
    ],
    [
      'IDP-4502',
      '`invalid_redirect_uri`: a redirect address cannot be registered',
      'see `error_description`, and [addresses of a client](connect-a-client.md)',
    ],
    [
      'IDP-4503',
      '`invalid_software_statement` or `unapproved_software_statement`',
      'leave it out: software statements are not read',
    ],
    [
      'IDP-4504',
      '`invalid_token`: the access token, or that of a registration, is not known, has expired, was revoked, or belongs to another client or key',
      'refresh it, or let the person sign in again; ask the operator for another registration token',
    ],
    ['IDP-4505', '`insufficient_scope`: the access token does not cover this', 'ask for the missing scope'],
    [
      'IDP-4506',
      '`unsupported_token_type`: this token is a signed JWT, which is neither introspected nor revoked here',
      'verify it by the keys of the issuer; it ends within minutes',
    ],
    ['IDP-4599', 'an error of OAuth that has no code of its own here', 'see `error` and `error_description`'],
  ],
};
