/** Lists every setting once, with its name, default, check and documentation. `docs/configuration.md` is generated from it. */
import type * as z from 'zod';
import { factorTypes } from '../factor-types.ts';
import { logLevels } from '../log.ts';
import * as check from './checks.ts';

/** One setting as operators see it. Without a `fallback` (its default) the setting is optional. */
export interface Setting<T = unknown> {
  readonly name: string;
  readonly check: z.ZodType<T>;
  /** Completes the sentence "expected …" in error messages and on the reference page. */
  readonly expected: string;
  readonly example: string;
  readonly doc: string;
  readonly fallback?: string;
  /** Never shown or logged. May come from the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** Its value is shown by its length only. May come from the file that `NAME_FILE` names. */
  readonly isLong?: true;
  /** Its value is shown as this makes it. May come from the file that `NAME_FILE` names. */
  readonly mask?: (text: string) => string;
}

const withDefault = <T>(entry: Setting<T> & { readonly fallback: string }): typeof entry => entry;
const optional = <T>(entry: Setting<T> & { readonly fallback?: never }): typeof entry => entry;

const duration = (name: string, fallback: string, min: string, max: string, doc: string) =>
  withDefault({
    name,
    check: check.duration(min, max),
    expected: `a duration from ${min} to ${max}: a whole number and s, m, h or d`,
    example: fallback,
    doc,
    fallback,
  });
const count = (name: string, fallback: number, min: number, max: number, doc: string) =>
  withDefault({
    name,
    check: check.whole(min, max),
    expected: `a whole number from ${min} to ${max}`,
    example: `${fallback}`,
    doc,
    fallback: `${fallback}`,
  });

/** All settings, in the order of the reference page. */
export const table = {
  mode: withDefault({
    name: 'SALLYPORT_MODE',
    check: check.oneOf('development', 'production'),
    expected: 'development or production; production where NODE_ENV is production',
    example: 'production',
    doc: 'Development fills every gap with a default of its own; production reports each gap as an error. `NODE_ENV=production` implies production.',
    fallback: 'development',
  }),
  issuer: withDefault({
    name: 'SALLYPORT_ISSUER',
    check: check.origin(),
    expected: 'the public origin: https://host[:port] and no path; in development http://localhost:port',
    example: 'https://login.example.com',
    doc: 'The public address of this identity provider, as browsers and clients use it. Requests for another host are refused.',
    fallback: 'http://localhost:3000',
  }),
  listen: optional({
    name: 'SALLYPORT_LISTEN',
    check: check.hostAndPort(),
    expected: 'host:port; in development localhost, 127.0.0.1 or [::1]',
    example: '0.0.0.0:3000',
    doc: "Where the server accepts connections. Unset: `localhost` (IPv4 and IPv6 loopback) at the issuer's port, or 3000 where the issuer has none.",
  }),
  managementListen: optional({
    name: 'SALLYPORT_MANAGEMENT_LISTEN',
    check: check.hostAndPort(),
    expected: 'host:port, another one than SALLYPORT_LISTEN; in development localhost, 127.0.0.1 or [::1]',
    example: '0.0.0.0:9000',
    doc: 'Where the server answers probes and gives metrics: `/healthz`, `/readyz`, `/startupz` and `/metrics`. Only the machines that ask for them should reach it. Unset: `/healthz` and `/readyz` are answered on the public port, and there are no metrics.',
  }),
  proxyHops: optional({
    name: 'SALLYPORT_PROXY_HOPS',
    check: check.whole(0, 10),
    expected: 'a whole number from 0 to 10',
    example: '1',
    doc: 'Number of trusted reverse proxies in front that append to `X-Forwarded-For`: the client address is that many entries from the right. 0: the header is ignored, because clients connect directly. Must be set in production with an https issuer. Unset: 0. `Forwarded` (RFC 7239) is not read.',
  }),
  drainDelay: duration(
    'SALLYPORT_DRAIN_DELAY',
    '0s',
    '0s',
    '60s',
    'Time after SIGTERM in which the process still accepts connections. `/readyz` answers 503 from the first moment, and each answer closes its connection. Set it where several nodes stand behind a load balancer, a little longer than that takes to notice: 2s for HAProxy with checks each second, 5s in Kubernetes.',
  ),
  database: withDefault({
    name: 'SALLYPORT_DATABASE_URL',
    check: check.databaseUrl(),
    expected:
      'sqlite:PATH, mongodb://[user:password@]host[:port][,host…][/database][?options] or mongodb+srv://… (without w, journal, retryWrites and what is read), or memory: in development',
    example: 'sqlite:/var/lib/sallyport/sallyport.db',
    doc: 'Durable data: people, authenticators, clients, keys, audit. SQLite is for one node. Several nodes share a replica set of MongoDB 6.0 or newer, together with `REDIS_URL`; the database is `sallyport` unless the address names one. How many servers must have a write, and which of them is read, is not an option of the address: the server decides it. [MongoDB](mongodb.md) has the rest. `memory:` loses everything when the process ends.',
    fallback: 'sqlite:.sallyport/sallyport.db',
    mask: check.withoutCredentials,
  }),
  migrations: withDefault({
    name: 'SALLYPORT_MIGRATIONS',
    check: check.oneOf('run', 'check'),
    expected: 'run or check',
    example: 'check',
    doc: 'What a start does with stored documents of an earlier release. `run`: brings them to the form of this release; of several nodes one does it, the others wait. `check`: waits five minutes at most until `npm run cli -- migrate` has done it, then ends.',
    fallback: 'run',
  }),
  redisUrl: optional({
    name: 'REDIS_URL',
    check: check.redisUrl(),
    expected:
      'redis://[user:password@]host[:port][/number], redis-sentinel://[user:password@]host[:port],…[/number]#name or redis-cluster://[user:password@]host[:port],…; rediss, rediss-sentinel or rediss-cluster for TLS',
    example: 'redis-sentinel://:password@10.0.0.1:26379,10.0.0.2:26379/0#main',
    doc: 'Store for short-lived data (sessions, pending challenges): one server, Sentinels with the name of the master, or some nodes of a cluster. User and password are percent-encoded; several nodes are separated by commas. The eviction policy of each master must be `noeviction`. Unset: the SQLite file holds that data too; MongoDB does not, so it needs this setting. See [Redis](redis.md).',
    secret: true,
  }),
  redisSentinelLogin: optional({
    name: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
    check: check.login(),
    expected: 'user:password or :password, percent-encoded as in an address',
    example: ':password',
    doc: 'What the Sentinels themselves ask for. The login in `REDIS_URL` is the one of the servers. Unset: they ask for none.',
    secret: true,
  }),
  redisReplicas: optional({
    name: 'SALLYPORT_REDIS_REPLICAS',
    check: check.whole(0, 5),
    expected: 'a whole number from 0 to 5',
    example: '1',
    doc: 'Replicas of Redis that must have a step which counts once (a used code, an ended challenge) before it is answered; with fewer the step is refused. Unset: one, as long as the master has any. 0: none, so that a failover may revive what was used a moment before.',
  }),
  sealingKeys: optional({
    name: 'SALLYPORT_SEALING_KEYS',
    check: check.sealingKeys(),
    expected: 'id:base64 of 32 random bytes, several separated by commas, each id once',
    example: '2026-11:"$(openssl rand -base64 32)"',
    doc: 'Keys that encrypt seeds, phone numbers and signing keys in the store. The first encrypts, all of them decrypt. Development creates one in a file beside an SQLite database.',
    secret: true,
  }),
  factors: withDefault({
    name: 'SALLYPORT_FACTORS',
    check: check.someOf(...factorTypes),
    expected: `one or more of ${factorTypes.join(', ')}, separated by commas`,
    example: 'passkey,call,sms,totp',
    doc: 'Second factors that people may use: `passkey`, a passkey of a phone, computer or security key; `push`, a request that is approved in the authenticator on a phone; `call`, a call answered with #; `sms`, a texted code; `spoken`, a code read out in a call; `totp`, a code from an authenticator app; `recovery-code`, a code that the person saved for the day the phone is lost; `temporary-access-pass`, a pass that the help desk makes for a person who has no method at hand; `email`, a mailed code, off by default: a mailbox often needs no more than a password itself. Without `passkey` no sign-in is phishing-resistant: NIST SP 800-63B-4 wants that to be offered at AAL2.',
    fallback: 'passkey,push,call,sms,spoken,totp,recovery-code,temporary-access-pass',
  }),
  minAcr: withDefault({
    name: 'SALLYPORT_MIN_ACR',
    check: check.oneOf('sfa', 'mfa', 'aal2', 'phr'),
    expected: 'sfa, mfa, aal2 or phr',
    example: 'mfa',
    doc: 'Lowest level that every sign-in must reach, whatever its client asks for: `sfa`, a password; `mfa`, any second step; `aal2`, one that NIST SP 800-63B accepts; `phr`, a passkey. People who have no method that reaches it set one up when they sign in.',
    fallback: 'sfa',
  }),
  policy: optional({
    name: 'SALLYPORT_POLICY',
    check: check.policyFile(),
    expected: 'a policy in YAML, as docs/policy.md describes it',
    example: '"$(cat policy.yaml)"',
    doc: 'Rules that say what sign-ins must prove, by client, group, network and time: [policy](policy.md). Mostly `SALLYPORT_POLICY_FILE` names the file. A change needs a restart. Unset: no rules.',
    isLong: true,
  }),
  requiredMethods: withDefault({
    name: 'SALLYPORT_REQUIRED_METHODS',
    check: check.oneOf('0', '1', '2'),
    expected: '0, 1 or 2',
    example: '2',
    doc: 'Independent second steps that each person is to have. Those who have fewer are led to set up what is missing when they sign in; they may put it off while `SALLYPORT_ENROLL_GRACE` lasts. Methods that are lost together with one phone count once. 0: nobody is led, unless a sign-in requires a level that the person cannot reach.',
    fallback: '0',
  }),
  enrollGrace: duration(
    'SALLYPORT_ENROLL_GRACE',
    '14d',
    '0s',
    '365d',
    'How long a person may put off what `SALLYPORT_REQUIRED_METHODS` demands, from the first time they are asked. 0s: not at all.',
  ),
  invitations: withDefault({
    name: 'SALLYPORT_INVITATIONS',
    check: check.oneOf('on', 'off'),
    expected: 'on or off',
    example: 'off',
    doc: 'Whether people with one method are invited at the end of a sign-in to add a backup, and people without recovery codes to make some: at most once in 14 days, and not again after three refusals. Nobody is invited to what `SALLYPORT_REQUIRED_METHODS` demands anyway.',
    fallback: 'on',
  }),
  passkeyRpId: optional({
    name: 'SALLYPORT_PASSKEY_RP_ID',
    check: check.hostName(),
    expected: 'the host of the issuer, or a domain above it',
    example: 'example.com',
    doc: 'RP ID of passkeys (WebAuthn): the domain that they are bound to. Set it before the first passkey is made: passkeys of another RP ID do not work any more. Unset: the host of the issuer. An IP address has no passkeys.',
  }),
  passkeyAttestation: withDefault({
    name: 'SALLYPORT_PASSKEY_ATTESTATION',
    check: check.oneOf('none', 'direct'),
    expected: 'none or direct',
    example: 'direct',
    doc: 'Whether a new passkey must prove its maker. `none`: every authenticator is accepted, and what it says of its model is not proven. `direct`: only one whose certificate leads to a root of `SALLYPORT_PASSKEY_ROOTS`, mostly security keys and Windows Hello; synced passkeys have no such certificate.',
    fallback: 'none',
  }),
  passkeyRoots: optional({
    name: 'SALLYPORT_PASSKEY_ROOTS',
    check: check.certificates(),
    expected: 'one to a hundred certificates in PEM, one after the other',
    example: '"$(cat yubico-root.pem)"',
    doc: 'Roots of the makers that `SALLYPORT_PASSKEY_ATTESTATION=direct` trusts. Revocation lists are not read: leave out what you do not trust any more.',
    isLong: true,
  }),
  passkeyAllow: optional({
    name: 'SALLYPORT_PASSKEY_ALLOW',
    check: check.aaguids(),
    expected: 'AAGUIDs, separated by commas, each once',
    example: 'ee882879-721c-4913-9775-3dfcce97072a',
    doc: 'The only models that are accepted, by their AAGUID. Others cannot be set up, and those that were set up before stop working. Without `SALLYPORT_PASSKEY_ATTESTATION=direct` an authenticator can lie about its model. Unset: all.',
  }),
  passkeyBlock: optional({
    name: 'SALLYPORT_PASSKEY_BLOCK',
    check: check.aaguids(),
    expected: 'AAGUIDs, separated by commas, each once',
    example: 'ee882879-721c-4913-9775-3dfcce97072a',
    doc: 'Models that are refused in the same way, for example after a recall.',
  }),
  passkeyResidentKey: withDefault({
    name: 'SALLYPORT_PASSKEY_RESIDENT_KEY',
    check: check.oneOf('preferred', 'required', 'discouraged'),
    expected: 'preferred, required or discouraged',
    example: 'required',
    doc: 'Whether the authenticator keeps a new passkey itself, so that people can sign in without their name. `discouraged` saves the room of old security keys.',
    fallback: 'preferred',
  }),
  passkeyUserVerification: withDefault({
    name: 'SALLYPORT_PASSKEY_USER_VERIFICATION',
    check: check.oneOf('preferred', 'required'),
    expected: 'preferred or required',
    example: 'required',
    doc: 'Whether a passkey must always check PIN, finger or face. `preferred`: a security key without them is accepted beside a password, for the level `mfa`.',
    fallback: 'preferred',
  }),
  passkeyOrigins: optional({
    name: 'SALLYPORT_PASSKEY_ORIGINS',
    check: check.origins(),
    expected: 'one or more origins, separated by commas',
    example: 'https://www.example.net',
    doc: 'Other sites of yours that may use passkeys of this RP ID; browsers read them at `/.well-known/webauthn`. Sign-ins here accept only passkeys that our own pages asked for.',
  }),
  pushDigits: withDefault({
    name: 'SALLYPORT_PUSH_DIGITS',
    check: check.oneOf('2', '6'),
    expected: '2 or 6',
    example: '6',
    doc: 'Digits of the number that a person reads on the sign-in page and types in the authenticator on their phone. `2` reaches the level `mfa`, `6` the level `aal2`.',
    fallback: '2',
  }),
  pushUnlock: withDefault({
    name: 'SALLYPORT_PUSH_UNLOCK',
    check: check.oneOf('none', 'pin', 'biometric'),
    expected: 'none, pin or biometric',
    example: 'pin',
    doc: 'What the authenticator on a phone asks for before it answers. `pin`: a PIN of six digits or more, which is checked here; five wrong ones in a row, and the phone must be paired again. `biometric`: finger, face or the code of the phone (WebAuthn). Phones that were paired under a weaker setting must be paired again.',
    fallback: 'none',
  }),
  pushServices: optional({
    name: 'SALLYPORT_PUSH_SERVICES',
    check: check.origins(),
    expected: 'origins such as https://push.example.com, separated by commas; http on loopback only',
    example: 'https://push.example.com',
    doc: 'Push services that may wake the phones of people, beside those of Google, Mozilla, Apple and Microsoft. A phone names its own push service, so that only known ones are asked. Unset: no others.',
  }),
  pushContact: optional({
    name: 'SALLYPORT_PUSH_CONTACT',
    check: check.contact(),
    expected: 'mailto: and an e-mail address, or an https address',
    example: 'mailto:login@example.com',
    doc: 'Where operators of push services can reach you about our pushes (RFC 8292 §2.1). Unset: the issuer.',
  }),
  callAnswer: withDefault({
    name: 'SALLYPORT_CALL_ANSWER',
    check: check.oneOf('key', 'number'),
    expected: 'key or number',
    example: 'number',
    doc: 'How a call is answered. `key`: press #. `number`: type the six digits that the page shows, then #; this prevents approval from habit.',
    fallback: 'key',
  }),
  unknownAnswerer: withDefault({
    name: 'SALLYPORT_UNKNOWN_ANSWERER',
    check: check.oneOf('accept', 'refuse'),
    expected: 'accept or refuse',
    example: 'refuse',
    doc: 'When the carrier cannot tell whether a person or a machine answered: `accept` continues the call, `refuse` ends it. A detected machine always ends it.',
    fallback: 'accept',
  }),
  machineDetection: withDefault({
    name: 'SALLYPORT_MACHINE_DETECTION',
    check: check.oneOf('before', 'during'),
    expected: 'before or during',
    example: 'during',
    doc: 'When the carrier tells a person from an answering machine, on calls without an extension. `before`: before our first words, so that a person hears nothing for 2 to 10 seconds. `during`: we speak at once (AsyncAmd at Twilio). A # pressed before the verdict is held until it comes, at most 15 seconds from the pick-up; without a verdict by then `SALLYPORT_UNKNOWN_ANSWERER` decides. Keep `before` until you have tried `during` with a real account: it has been tested with the simulator only.',
    fallback: 'before',
  }),
  twilioVoices: withDefault({
    name: 'SALLYPORT_TWILIO_VOICES',
    check: check.voices(),
    expected: 'pairs of a language with its region and a voice, such as en-GB=Polly.Amy, separated by commas',
    example: 'en-US=Polly.Joanna,de-DE=Polly.Vicki',
    doc: 'The voice that speaks each language on calls. Calls speak `en-US` and `fr-CA` to numbers of North America, elsewhere `en-AU` (+61), `en-IN` (+91), `en-GB` and `fr-FR`; German is `de-DE`. A language that is not named here gets the default voice of the account.',
    fallback:
      'en-US=Polly.Joanna,en-GB=Polly.Amy,en-AU=Polly.Nicole,en-IN=Polly.Raveena,de-DE=Polly.Vicki,fr-FR=Polly.Lea,fr-CA=Polly.Chantal',
  }),
  countries: optional({
    name: 'SALLYPORT_COUNTRIES',
    check: check.countries(),
    expected: 'two-letter codes of countries (ISO 3166-1) in capitals, separated by commas',
    example: 'US,CA,DE',
    doc: 'Countries to which calls and texts may go. Unset: all countries. The code of a country does not include its territories: Guernsey (GG), Puerto Rico (PR), Svalbard (SJ) and Réunion (RE) have their own. Premium, shared-cost, toll-free, pager, personal and voicemail numbers, hotlines, and numbers of satellites and other networks of no country are refused, unless `SALLYPORT_ALLOWED_PREFIXES` names them.',
  }),
  blockedCountries: optional({
    name: 'SALLYPORT_BLOCKED_COUNTRIES',
    check: check.countries(),
    expected: 'two-letter codes of countries (ISO 3166-1) in capitals, separated by commas',
    example: 'CU,SO',
    doc: 'Countries to which no calls and texts go, also where `SALLYPORT_COUNTRIES` names them. People cannot add numbers of these countries. Unset: none.',
  }),
  allowedPrefixes: optional({
    name: 'SALLYPORT_ALLOWED_PREFIXES',
    check: check.numberPrefixes(),
    expected: '+ and the first 3 to 14 digits of numbers, several separated by commas',
    example: '+8816,+870',
    doc: 'First digits, with the country code, of numbers that are called and texted whatever their type or country: a satellite network, or the range of your own offices. A call to a satellite costs several euros a minute.',
  }),
  twilioAccountSid: optional({
    name: 'SALLYPORT_TWILIO_ACCOUNT_SID',
    check: check.matching(/^AC[0-9a-f]{32}$/),
    expected: 'AC and 32 hexadecimal digits',
    example: 'AC00112233445566778899aabbccddeeff',
    doc: 'The Twilio account that places the calls and sends the texts.',
  }),
  twilioAuthTokens: optional({
    name: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    check: check.secrets(/^[0-9a-zA-Z]{32,64}$/),
    expected: 'one token of 32 to 64 letters and digits, or two separated by a comma',
    example: '"$(cat auth-token)"',
    doc: 'The first authenticates our requests. A callback signed with either is accepted, so that tokens can be rotated.',
    secret: true,
  }),
  twilioFrom: optional({
    name: 'SALLYPORT_TWILIO_FROM',
    check: check.telephoneNumber(),
    expected: 'a number in E.164: + and 7 to 15 digits',
    example: '+12025550100',
    doc: 'The number from which people are called and texted.',
  }),
  twilioMessagingServiceSid: optional({
    name: 'SALLYPORT_TWILIO_MESSAGING_SERVICE_SID',
    check: check.matching(/^MG[0-9a-f]{32}$/),
    expected: 'MG and 32 hexadecimal digits',
    example: 'MG00112233445566778899aabbccddeeff',
    doc: 'Messaging service that selects the sender of a text, such as a registered sender or a local number. Unset: the number that calls.',
  }),
  twilioApiBase: withDefault({
    name: 'SALLYPORT_TWILIO_API_BASE',
    check: check.origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://api.twilio.com',
    doc: "Base address of the carrier's API. Development points it at the telephone simulator.",
    fallback: 'https://api.twilio.com',
  }),
  callbackBase: optional({
    name: 'SALLYPORT_CALLBACK_BASE',
    check: check.origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://login.example.com',
    doc: 'Public origin to which carriers send callbacks. Their signatures are checked against it. Unset: the issuer.',
  }),
  smtpUrl: optional({
    name: 'SALLYPORT_SMTP_URL',
    check: check.smtpUrl(),
    expected:
      'smtp://[user:password@]host[:port] or smtps://…, with ?tls=required or ?tls=off where the default is wrong; no password without TLS except on loopback',
    example: 'smtp://login%40example.com:password@smtp.example.com:587',
    doc: 'The mail server that takes our mails. `smtps://`: TLS from the first byte, port 465. `smtp://`: STARTTLS before anything else is sent, port 587; where the server refuses it, nothing is sent. On loopback `smtp://` is plain text. `?tls=off` sends mails in plain text to another machine, which can read and change codes and links in them. User and password are percent-encoded. A private certificate authority: `NODE_EXTRA_CA_CERTS`. Unset: no mail is sent, and what needs mail says so.',
    secret: true,
  }),
  mailFrom: optional({
    name: 'SALLYPORT_MAIL_FROM',
    check: check.mailbox(),
    expected: 'an e-mail address, or a name and an address in angle brackets',
    example: 'Contoso sign-in <login@example.com>',
    doc: 'The sender of our mails. Its domain should permit the mail server (SPF, DKIM, DMARC), or mails end up as spam.',
  }),
  adminMail: optional({
    name: 'SALLYPORT_ADMIN_MAIL',
    check: check.emailAddresses(),
    expected: 'one to ten e-mail addresses, separated by commas',
    example: 'security@example.com',
    doc: 'Who is told by mail what administrators must know, such as "this was not me" of a person. Unset: a line of the log at level error is the only alarm.',
  }),
  breakGlass: optional({
    name: 'SALLYPORT_BREAK_GLASS',
    check: check.names(),
    expected: 'one to ten names of accounts, separated by commas',
    example: 'emergency-1,emergency-2',
    doc: 'Accounts for an emergency. They are exempt from `SALLYPORT_REQUIRED_METHODS`, `SALLYPORT_MIN_ACR`, stopped changes and paused calls, never from their password, their own second step and the limits of wrong answers. Each sign-in with one is told to administrators and is a line of the log at level error. `config check` warns where one does not exist.',
  }),
  registration: withDefault({
    name: 'SALLYPORT_REGISTRATION',
    check: check.oneOf('off', 'tokens'),
    expected: 'off or tokens',
    example: 'tokens',
    doc: 'Whether clients may register themselves (RFC 7591, RFC 7592) at `/reg`: `tokens`, with a token that an operator makes by `npm run cli -- registration-tokens add`. See [connect a client](connect-a-client.md#clients-that-register-themselves).',
    fallback: 'off',
  }),
  outboundOrigins: optional({
    name: 'SALLYPORT_OUTBOUND_ORIGINS',
    check: check.origins(),
    expected: 'origins such as https://crm.internal.example:8443, separated by commas; http on loopback only',
    example: 'https://crm.internal.example',
    doc: 'Origins of your own network that clients may register for requests from this server, such as `backchannel_logout_uri`. Any other address must be public, with https, at port 443 or from 1024 on. The address is checked when the connection is opened, so a name cannot lead to a private one. Unset: only public addresses. Certificates must be valid in any case (for a private authority set `NODE_EXTRA_CA_CERTS`). No proxy is used.',
  }),
  passwordMemory: count(
    'SALLYPORT_PASSWORD_MEMORY_KIB',
    19_456,
    8,
    1_048_576,
    'Argon2id memory for one password, in KiB; at least 7168 in production. After an increase each password is hashed again at its next use.',
  ),
  passwordPasses: count('SALLYPORT_PASSWORD_PASSES', 2, 1, 16, 'Argon2id passes (iterations).'),
  passwordLanes: count('SALLYPORT_PASSWORD_LANES', 1, 1, 8, 'Argon2id lanes (threads) for one password.'),
  passwordQueue: count(
    'SALLYPORT_PASSWORD_QUEUE',
    64,
    1,
    4096,
    'Passwords that may wait to be checked. A request beyond that gets 503 with Retry-After.',
  ),
  breachedPasswordsUrl: optional({
    name: 'SALLYPORT_BREACHED_PASSWORDS_URL',
    check: check.baseAddress(),
    expected: 'an https address without query; in development also http on loopback',
    example: 'https://api.pwnedpasswords.com/range',
    doc: 'A list of leaked passwords that every new password is looked up in, by the range query of “Have I Been Pwned”: the list learns the first 5 of the 40 hexadecimal digits of its SHA-1. It may be a mirror in your own network. Without an answer within 1.5 s the password is accepted, and the log has a line (`breached-passwords.unchecked`). Unset: new passwords are compared with the built-in list of common ones alone.',
  }),
  wrongPasswordsPerAccount: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR',
    20,
    1,
    1000,
    'Wrong passwords for one account in an hour, by its name and e-mail address together, from all browsers in which its owner has not signed in before.',
  ),
  wrongPasswordsPerDevice: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_KNOWN_DEVICE',
    10,
    1,
    1000,
    'Wrong passwords for one account in 15 minutes from one browser in which its owner has signed in before. No other limit applies there, so that an attacker elsewhere cannot lock the owner out.',
  ),
  wrongPasswordsPerAddress: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE',
    20,
    1,
    100_000,
    'Names whose passwords were wrong from one address (IPv6: one /64) in a minute. Further attempts with the same name in that minute are limited by its account alone, so that they stop nobody else behind the address. Behind a proxy, `SALLYPORT_PROXY_HOPS` must be right for this.',
  ),
  wrongPasswordsPerNetwork: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE',
    100,
    1,
    100_000,
    'The same for one network (IPv4: /24, IPv6: /48): names in a minute, each counted once for each address.',
  ),
  sprayedNames: count(
    'SALLYPORT_WRONG_PASSWORDS_ALARM_PER_MINUTE',
    50,
    5,
    100_000,
    'From so many wrong passwords in a minute there is an alarm (`passwords.sprayed` in the log, a metric, and a mail to administrators at most once an hour), where more passwords were wrong than right. Counted on each node, over all addresses; a name counts once in ten seconds. Nobody is refused by it.',
  ),
  begunPerAddress: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE',
    60,
    1,
    100_000,
    'Sign-ins that may begin in a minute from one address (IPv6: one /64), in browsers where nobody has signed in before. Requests with `prompt=none` count too. Counted apart are requests that a page loads as an image or frame, pushed requests of public clients and, for each client, devices that ask for a code. Behind a proxy, `SALLYPORT_PROXY_HOPS` must be right for this.',
  ),
  begunPerNetwork: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE',
    600,
    1,
    1_000_000,
    'The same from one network (IPv4: /24, IPv6: /48).',
  ),
  begunPerDevice: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE',
    60,
    1,
    100_000,
    'Sign-ins that may begin in a minute in one browser in which somebody has signed in before. No other limit applies there, so that strangers at the same address cannot stop it.',
  ),
  storedSignIns: count(
    'SALLYPORT_STORED_SIGN_INS_WITHOUT_PASSWORD',
    5000,
    0,
    1_000_000,
    'Sign-ins without a proven password that the short-lived store takes within `SALLYPORT_INTERACTION_LIFETIME`, from browsers where nobody has signed in before; at most 16 KiB each. A begun sign-in is usually kept in a cookie of its browser and does not count: only a request that is too long for a cookie (parameters above about 1 KiB) does, and the fourth that is open in one browser. Devices that wait for a person (RFC 8628) have a limit of the same size.',
  ),
  sessionLifetime: duration(
    'SALLYPORT_SESSION_LIFETIME',
    '24h',
    '5m',
    '30d',
    'Longest time that a browser stays signed in.',
  ),
  rememberBrowser: duration(
    'SALLYPORT_REMEMBER_BROWSER',
    '0s',
    '0s',
    '365d',
    'How long a person may have a browser remembered after a second step in it: there the password alone signs them in, at level `sfa`. It never counts where more than `sfa` is required or asked for, or a recent sign-in (`max_age`, `prompt=login`). 0s: no browser is remembered; others are asked again at once where this is lowered. Usual: 14d.',
  ),
  sessionIdle: duration(
    'SALLYPORT_SESSION_IDLE',
    '1h',
    '1m',
    '30d',
    'A session ends when it was not used for this long.',
  ),
  interactionLifetime: duration(
    'SALLYPORT_INTERACTION_LIFETIME',
    '10m',
    '2m',
    '1h',
    'Time to finish a sign-in once it has begun.',
  ),
  authorizationCodeLifetime: duration(
    'SALLYPORT_AUTHORIZATION_CODE_LIFETIME',
    '60s',
    '10s',
    '10m',
    'Lifetime of an authorization code.',
  ),
  accessTokenLifetime: duration(
    'SALLYPORT_ACCESS_TOKEN_LIFETIME',
    '1h',
    '1m',
    '24h',
    'Lifetime of access tokens and ID tokens.',
  ),
  refreshTokenLifetime: duration(
    'SALLYPORT_REFRESH_TOKEN_LIFETIME',
    '14d',
    '5m',
    '365d',
    'A refresh token expires when it was not used for this long.',
  ),
  refreshReuseWithin: duration(
    'SALLYPORT_REFRESH_REUSE_WITHIN',
    '10s',
    '0s',
    '60s',
    'A client that repeats a refresh within this time, from two tabs or because an answer was lost, gets the same new refresh token until that was used. Any other second use ends all tokens of the grant. 0s: every second use does.',
  ),
  grantLifetime: duration(
    'SALLYPORT_GRANT_LIFETIME',
    '90d',
    '1h',
    '365d',
    'Lifetime of a grant to a client, and of every token issued under it.',
  ),
  attemptsPerChallenge: count(
    'SALLYPORT_ATTEMPTS_PER_CHALLENGE',
    5,
    1,
    10,
    'Answers that one challenge accepts before it ends.',
  ),
  failedAttemptsBeforeWait: count(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
    3,
    1,
    10,
    'Wrong answers in a row, for one account and authenticator, from which on each further attempt must wait. Texted and spoken codes to one phone count together.',
  ),
  firstWait: duration(
    'SALLYPORT_FIRST_WAIT',
    '2s',
    '1s',
    '60s',
    'The first of these waits. Each further wait is twice as long.',
  ),
  longestWait: duration('SALLYPORT_LONGEST_WAIT', '1h', '1m', '24h', 'The longest of these waits.'),
  failedAttemptsBeforeDisabled: count(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED',
    50,
    5,
    100,
    'Wrong answers in a row after which codes of this authenticator are disabled until it is bound again (NIST SP 800-63B-4 allows at most 100). A disabled phone can still be called and answered with `#`, which is no guess.',
  ),
  sendsPerNumberAndHour: count(
    'SALLYPORT_SENDS_PER_NUMBER_AND_HOUR',
    5,
    1,
    100,
    'Unanswered calls and texts to one number (with its extension) in an hour. One of them is kept for browsers in which the owner has signed in before. Here and below, messages that bind a new number are counted separately.',
  ),
  sendsPerNumberAndDay: count(
    'SALLYPORT_SENDS_PER_NUMBER_AND_DAY',
    10,
    1,
    1000,
    'Unanswered calls and texts to one number (with its extension) in a day. One of them is kept for browsers in which the owner has signed in before.',
  ),
  allSendsPerNumberAndDay: count(
    'SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY',
    100,
    1,
    10_000,
    'All calls and texts to one number (with its extension) in a day, answered or not, because the owner of a number may earn money from each of them.',
  ),
  sendsPerAccountAndHour: count(
    'SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR',
    10,
    1,
    100,
    'Unanswered calls and texts for one account in an hour. One of them is kept for browsers in which the owner has signed in before.',
  ),
  sendsPerPrefixAndHour: count(
    'SALLYPORT_SENDS_PER_PREFIX_AND_HOUR',
    10,
    1,
    10_000,
    'Unanswered calls and texts in an hour to all numbers that differ only in their last four digits. Message pumping uses whole blocks of numbers. Raise it where many of your people share one block.',
  ),
  sendsPerSwitchboardAndHour: count(
    'SALLYPORT_SENDS_PER_SWITCHBOARD_AND_HOUR',
    60,
    1,
    10_000,
    'Unanswered calls in an hour to one number with extensions, all extensions together. It replaces the limit for the block.',
  ),
  sendsPerHour: optional({
    name: 'SALLYPORT_SENDS_PER_HOUR',
    check: check.whole(1, 1_000_000),
    expected: 'a whole number from 1 to 1000000',
    example: '500',
    doc: 'Ceiling on the unanswered calls and texts of everybody in an hour. Past it none is sent; codes from apps go on. At half of it there is an alarm in log and audit. Unset: no ceiling.',
  }),
  sendsPerCountryAndHour: optional({
    name: 'SALLYPORT_SENDS_PER_COUNTRY_AND_HOUR',
    check: check.countsByCountry(1, 1_000_000),
    expected:
      'COUNTRY:COUNT, separated by commas: two-letter codes (ISO 3166-1) in capitals, each once, or * for every other country',
    example: 'US:500,DE:200,*:50',
    doc: 'The same ceiling per country of the called number. `*` gives each country that is not named a ceiling of its own. Unset: no ceiling per country.',
  }),
  resends: count('SALLYPORT_RESENDS', 3, 0, 10, 'Times that a text can be sent again in one sign-in.'),
  resendGap: duration(
    'SALLYPORT_RESEND_GAP',
    '30s',
    '1s',
    '10m',
    'Shortest time after the first text before it can be sent again. It doubles with each resend.',
  ),
  pause: duration(
    'SALLYPORT_PAUSE',
    '24h',
    '1h',
    '7d',
    'Time without calls to an account after its owner reported "this was not me". Texts and codes still work. Pages and calls say how long it is.',
  ),
  send: duration(
    'SALLYPORT_SEND_WITHIN',
    '5s',
    '1s',
    '5s',
    'Time in which a carrier must accept a message. It includes a second attempt where the first was certainly not accepted.',
  ),
  keyRotation: duration(
    'SALLYPORT_KEY_ROTATION',
    '90d',
    '0s',
    '730d',
    'Age at which the keys that sign tokens and cookies are replaced. The new one is published `SALLYPORT_JWKS_CACHE` earlier. Running servers do it by themselves. 0s: only `npm run cli -- keys rotate` does.',
  ),
  jwksCache: duration(
    'SALLYPORT_JWKS_CACHE',
    '24h',
    '1m',
    '30d',
    'How long relying parties may keep the JWKS before they fetch it again. A new key is published that long before it signs, and a replaced one stays that long after its last token has expired.',
  ),
  auditRetention: withDefault({
    name: 'SALLYPORT_AUDIT_RETENTION',
    check: check.durationOrForever('1d', '3650d'),
    expected: 'a duration from 1d to 3650d: a whole number and s, m, h or d; or forever',
    example: '400d',
    doc: 'How long audit records stay. Older ones are deleted in the background, a few at a time. `forever`: none is deleted. Limits, consents and everything else have lifetimes of their own.',
    fallback: '400d',
  }),
  otlpEndpoint: optional({
    name: 'SALLYPORT_OTLP_ENDPOINT',
    check: check.baseAddress(),
    expected: 'an http or https address without query',
    example: 'http://127.0.0.1:4318',
    doc: 'Collector that gets traces by OTLP over HTTP, at `/v1/traces` below this address: spans of requests, store operations, sends and password hashes, without names, numbers and addresses. `OTEL_EXPORTER_OTLP_HEADERS` adds headers. A `traceparent` header is followed where `SALLYPORT_PROXY_HOPS` is above 0, so the proxy must not pass on that of strangers. Unset: there are no traces.',
  }),
  tracedPercent: count(
    'SALLYPORT_TRACED_PERCENT',
    10,
    1,
    100,
    'Share of the requests that are traced, in percent, with `SALLYPORT_OTLP_ENDPOINT`.',
  ),
  logLevel: withDefault({
    name: 'SALLYPORT_LOG_LEVEL',
    check: check.oneOf(...logLevels),
    expected: logLevels.join(', '),
    example: 'info',
    doc: 'Lowest level that is logged.',
    fallback: 'info',
  }),
};

export type Table = typeof table;
/** Checked values by their key in the table; undefined where an optional setting is unset. */
export type Values = {
  readonly [K in keyof Table]: Table[K] extends { readonly fallback: string }
    ? z.output<Table[K]['check']>
    : z.output<Table[K]['check']> | undefined;
};

export type SettingKey = keyof Table;
const isKey = (name: string): name is SettingKey => name in table;
/** Keys of the table, in its order. */
export const keys: readonly SettingKey[] = Object.keys(table).filter(isKey);
/** Entry of one key, with the type of its value erased. */
export const entryOf = (key: SettingKey): Setting => table[key];
