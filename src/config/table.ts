/** Every setting once: name, default, check, and the line that `docs/configuration.md` says about it. */
import type * as z from 'zod';
import { logLevels } from '../log.ts';
import * as check from './checks.ts';

/** One setting as operators see it. `fallback` is what counts where nothing is set; without one the setting is optional. */
export interface Entry<T = unknown> {
  readonly name: string;
  readonly check: z.ZodType<T, string>;
  /** Ends the sentence "expected …". */
  readonly expected: string;
  readonly example: string;
  readonly doc: string;
  readonly fallback?: string;
  /** Never shown, never echoed; may come from the file named by `NAME_FILE`. */
  readonly secret?: true;
}

const given = <T>(entry: Entry<T> & { readonly fallback: string }): typeof entry => entry;
const optional = <T>(entry: Entry<T> & { readonly fallback?: never }): typeof entry => entry;

const lasting = (name: string, fallback: string, least: string, most: string, doc: string) =>
  given({
    name,
    check: check.duration(least, most),
    expected: `a duration from ${least} to ${most}: a whole number and s, m, h or d`,
    example: fallback,
    doc,
    fallback,
  });
const counting = (name: string, fallback: number, least: number, most: number, doc: string) =>
  given({
    name,
    check: check.whole(least, most),
    expected: `a whole number from ${least} to ${most}`,
    example: `${fallback}`,
    doc,
    fallback: `${fallback}`,
  });

export const table = {
  mode: given({
    name: 'SALLYPORT_MODE',
    check: check.oneOf('development', 'production'),
    expected: 'development or production; production wherever NODE_ENV is production',
    example: 'production',
    doc: 'In production every gap that development fills by itself is a mistake. `NODE_ENV=production` sets it too.',
    fallback: 'development',
  }),
  issuer: given({
    name: 'SALLYPORT_ISSUER',
    check: check.origin(),
    expected: 'the public origin: https://host[:port] and no path; in development http://localhost:port',
    example: 'https://login.example.com',
    doc: 'The address by which browsers and clients know this identity provider. Requests for another host are refused.',
    fallback: 'http://localhost:3000',
  }),
  listen: optional({
    name: 'SALLYPORT_LISTEN',
    check: check.hostAndPort(),
    expected: 'host:port; in development localhost, 127.0.0.1 or [::1]',
    example: '0.0.0.0:3000',
    doc: "Where the server accepts connections. Unset: `localhost` (IPv4 and IPv6 loopback) at the issuer's port, 3000 where it names none.",
  }),
  proxyHops: counting(
    'SALLYPORT_PROXY_HOPS',
    0,
    0,
    10,
    'Trusted reverse proxies in front: so many entries are read from the right of `X-Forwarded-For`. 0: the header is ignored.',
  ),
  database: given({
    name: 'SALLYPORT_DATABASE_URL',
    check: check.databaseUrl(),
    expected: 'sqlite:PATH, or memory: in development',
    example: 'sqlite:/var/lib/sallyport/sallyport.db',
    doc: 'What must last: people, authenticators, clients, keys, audit. `memory:` forgets everything when the process ends.',
    fallback: 'sqlite:.sallyport/sallyport.db',
  }),
  redisUrl: optional({
    name: 'REDIS_URL',
    check: check.redisUrl(),
    expected: 'redis://[user:password@]host[:port][/number] or rediss://…',
    example: 'redis://127.0.0.1:6379',
    doc: 'Keeps what is short-lived (sessions, pending challenges). Its eviction policy must be `noeviction`. Unset: the database keeps that too.',
    secret: true,
  }),
  sealingKeys: optional({
    name: 'SALLYPORT_SEALING_KEYS',
    check: check.sealingKeys(),
    expected: 'id:base64 of 32 random bytes, several parted by commas, each id once',
    example: '2026-11:"$(openssl rand -base64 32)"',
    doc: 'Seal seeds, numbers and signing keys in the store. The first seals, all of them open. Development makes one in a file beside the database.',
    secret: true,
  }),
  factors: given({
    name: 'SALLYPORT_FACTORS',
    check: check.someOf('call', 'sms', 'spoken', 'totp'),
    expected: 'one or more of call, sms, spoken, totp, parted by commas',
    example: 'call,sms,totp',
    doc: 'The second steps people may use: a call answered with #, a texted code, a code that a call dictates, a code from an app.',
    fallback: 'call,sms,spoken,totp',
  }),
  callAnswer: given({
    name: 'SALLYPORT_CALL_ANSWER',
    check: check.oneOf('key', 'number'),
    expected: 'key or number',
    example: 'number',
    doc: 'What answers a call: `key`, the # alone; `number`, six digits that the page shows, and #, so that nobody approves from habit.',
    fallback: 'key',
  }),
  unknownAnswerer: given({
    name: 'SALLYPORT_UNKNOWN_ANSWERER',
    check: check.oneOf('accept', 'refuse'),
    expected: 'accept or refuse',
    example: 'refuse',
    doc: 'Where the carrier cannot tell whether a person or a machine picked up: `accept` goes on with the call, `refuse` ends it. A machine always ends it.',
    fallback: 'accept',
  }),
  countries: optional({
    name: 'SALLYPORT_COUNTRIES',
    check: check.countries(),
    expected: 'two-letter codes of countries (ISO 3166-1) in capitals, parted by commas',
    example: 'US,CA,DE',
    doc: 'The only countries whose numbers are called and texted. Unset: every country. Premium, shared-cost, toll-free, pager, personal, UAN and voicemail numbers never are.',
  }),
  twilioAccountSid: optional({
    name: 'SALLYPORT_TWILIO_ACCOUNT_SID',
    check: check.matching(/^AC[0-9a-f]{32}$/),
    expected: 'AC and 32 hexadecimal digits',
    example: 'AC00112233445566778899aabbccddeeff',
    doc: "The carrier's account that places the calls and sends the texts.",
  }),
  twilioAuthTokens: optional({
    name: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    check: check.secrets(/^[0-9a-zA-Z]{32,64}$/),
    expected: 'one token of 32 to 64 letters and digits, or two parted by a comma',
    example: '"$(cat auth-token)"',
    doc: 'The first signs our requests; a callback signed with any of them is accepted, so that tokens can be exchanged.',
    secret: true,
  }),
  twilioFrom: optional({
    name: 'SALLYPORT_TWILIO_FROM',
    check: check.telephoneNumber(),
    expected: 'a number in E.164: + and 7 to 15 digits',
    example: '+12025550100',
    doc: 'The number that calls and texts people.',
  }),
  twilioMessagingServiceSid: optional({
    name: 'SALLYPORT_TWILIO_MESSAGING_SERVICE_SID',
    check: check.matching(/^MG[0-9a-f]{32}$/),
    expected: 'MG and 32 hexadecimal digits',
    example: 'MG00112233445566778899aabbccddeeff',
    doc: 'Picks who sends a text (a registered sender, a number of the country). Unset: the number that calls.',
  }),
  twilioApiBase: given({
    name: 'SALLYPORT_TWILIO_API_BASE',
    check: check.origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://api.twilio.com',
    doc: "The carrier's API. Development points it at the telephone simulator.",
    fallback: 'https://api.twilio.com',
  }),
  callbackBase: optional({
    name: 'SALLYPORT_CALLBACK_BASE',
    check: check.origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://login.example.com',
    doc: 'The public origin at which carriers reach us; their signatures are checked against it. Unset: the issuer.',
  }),
  passwordMemory: counting(
    'SALLYPORT_PASSWORD_MEMORY_KIB',
    19_456,
    8,
    1_048_576,
    'Argon2id memory for one password, in KiB; in production 7168 or more. A higher cost applies to each password at its next use.',
  ),
  passwordPasses: counting('SALLYPORT_PASSWORD_PASSES', 2, 1, 16, 'Argon2id passes.'),
  passwordLanes: counting('SALLYPORT_PASSWORD_LANES', 1, 1, 8, 'Argon2id lanes (threads) for one password.'),
  passwordQueue: counting(
    'SALLYPORT_PASSWORD_QUEUE',
    64,
    1,
    4096,
    'Passwords that may wait to be checked. One more is answered by 503 with Retry-After.',
  ),
  wrongPasswordsPerAccount: counting(
    'SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR',
    20,
    1,
    1000,
    'Wrong passwords for one name in an hour, from all browsers in which its owner has not signed in before.',
  ),
  wrongPasswordsPerDevice: counting(
    'SALLYPORT_WRONG_PASSWORDS_PER_KNOWN_DEVICE',
    10,
    1,
    1000,
    'Wrong passwords for one account in 15 minutes from one browser in which its owner has signed in before. No other limit counts them, so that nobody elsewhere locks the owner out of it.',
  ),
  wrongPasswordsPerAddress: counting(
    'SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE',
    20,
    1,
    100_000,
    'Wrong passwords from one address (IPv6: one /64) in a minute, whatever the name. Behind a proxy `SALLYPORT_PROXY_HOPS` tells whose address that is.',
  ),
  wrongPasswordsPerNetwork: counting(
    'SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE',
    100,
    1,
    100_000,
    'Wrong passwords from one network (IPv4: /24, IPv6: /48) in a minute.',
  ),
  sessionLifetime: lasting(
    'SALLYPORT_SESSION_LIFETIME',
    '24h',
    '5m',
    '30d',
    'A browser stays signed in for so long at most.',
  ),
  sessionIdle: lasting('SALLYPORT_SESSION_IDLE', '1h', '1m', '30d', 'A session that is not used for so long ends.'),
  interactionLifetime: lasting(
    'SALLYPORT_INTERACTION_LIFETIME',
    '10m',
    '2m',
    '1h',
    'A sign-in that has begun must be finished within.',
  ),
  authorizationCodeLifetime: lasting(
    'SALLYPORT_AUTHORIZATION_CODE_LIFETIME',
    '60s',
    '10s',
    '10m',
    'An authorization code must be redeemed within.',
  ),
  accessTokenLifetime: lasting(
    'SALLYPORT_ACCESS_TOKEN_LIFETIME',
    '1h',
    '1m',
    '24h',
    'Access tokens and ID tokens are valid for.',
  ),
  refreshTokenLifetime: lasting(
    'SALLYPORT_REFRESH_TOKEN_LIFETIME',
    '14d',
    '5m',
    '365d',
    'A refresh token that is not used for so long ends.',
  ),
  grantLifetime: lasting(
    'SALLYPORT_GRANT_LIFETIME',
    '90d',
    '1h',
    '365d',
    'What a person granted to a client, and every token from it, ends after.',
  ),
  attemptsPerChallenge: counting('SALLYPORT_ATTEMPTS_PER_CHALLENGE', 5, 1, 10, 'Answers one challenge may be given.'),
  failedAttemptsBeforeWait: counting(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
    3,
    1,
    10,
    'Wrong answers in a row, for one account and factor, from which on each next one must wait.',
  ),
  firstWait: lasting(
    'SALLYPORT_FIRST_WAIT',
    '2s',
    '1s',
    '60s',
    'The first of these waits; each next one is twice as long.',
  ),
  longestWait: lasting('SALLYPORT_LONGEST_WAIT', '1h', '1m', '24h', 'The longest of these waits.'),
  failedAttemptsBeforeDisabled: counting(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED',
    50,
    5,
    100,
    'Wrong answers in a row after which the factor is disabled until it is bound again (NIST SP 800-63B-4 allows 100).',
  ),
  sendsPerNumberAndHour: counting(
    'SALLYPORT_SENDS_PER_NUMBER_AND_HOUR',
    5,
    1,
    100,
    'Unanswered calls and texts to one number (with its extension) in an hour. Those that bind a number are counted on their own, here and below.',
  ),
  sendsPerNumberAndDay: counting(
    'SALLYPORT_SENDS_PER_NUMBER_AND_DAY',
    10,
    1,
    1000,
    'Unanswered calls and texts to one number (with its extension) in a day.',
  ),
  allSendsPerNumberAndDay: counting(
    'SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY',
    100,
    1,
    10_000,
    'All calls and texts to one number (with its extension) in a day, answered ones too: whoever owns a number may earn by each of them.',
  ),
  sendsPerAccountAndHour: counting(
    'SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR',
    10,
    1,
    100,
    'Unanswered calls and texts for one account in an hour.',
  ),
  sendsPerPrefixAndHour: counting(
    'SALLYPORT_SENDS_PER_PREFIX_AND_HOUR',
    10,
    1,
    10_000,
    'Unanswered calls and texts in an hour to all numbers that differ in their last four digits alone: who pumps messages owns whole blocks. Raise it where many of your people share one block.',
  ),
  sendsPerSwitchboardAndHour: counting(
    'SALLYPORT_SENDS_PER_SWITCHBOARD_AND_HOUR',
    60,
    1,
    10_000,
    'Unanswered calls in an hour to one number with extensions behind it, whichever they are; instead of the limit for its block.',
  ),
  resends: counting('SALLYPORT_RESENDS', 3, 0, 10, 'Times that a text can be sent once more in one sign-in.'),
  resendGap: lasting(
    'SALLYPORT_RESEND_GAP',
    '30s',
    '1s',
    '10m',
    'A text is sent once more no sooner than this after the first one; each next time twice as late.',
  ),
  pause: lasting(
    'SALLYPORT_PAUSE',
    '24h',
    '1h',
    '7d',
    'Calls rest for so long after somebody said "this was not me". Texts and codes do not.',
  ),
  send: lasting(
    'SALLYPORT_SEND_WITHIN',
    '5s',
    '1s',
    '5s',
    'A carrier must accept a message within, a second try included where the first was certainly not taken.',
  ),
  logLevel: given({
    name: 'SALLYPORT_LOG_LEVEL',
    check: check.oneOf(...logLevels),
    expected: logLevels.join(', '),
    example: 'info',
    doc: 'The least of what is logged.',
    fallback: 'info',
  }),
};

export type Table = typeof table;
/** Values by their key in the table; undefined where an optional setting is unset. */
export type Values = {
  readonly [K in keyof Table]: Table[K] extends { readonly fallback: string }
    ? z.output<Table[K]['check']>
    : z.output<Table[K]['check']> | undefined;
};

export type Key = keyof Table;
const isKey = (name: string): name is Key => name in table;
export const keys: readonly Key[] = Object.keys(table).filter(isKey);
export const entryOf = (key: Key): Entry => table[key];
