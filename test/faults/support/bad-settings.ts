/** Lists environments on which no server may start, with the settings that it must name. */
import type { Environment } from '../../../src/config.ts';
import { authToken, memory, production } from '../../support/environments.ts';

/** A sealing key with this id; two fillings give two keys. */
export const key = (id: string, fill: number): string =>
  `${id}:${Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 7 + fill) % 256)).toString('base64')}`;
/** Production, reached without a proxy. */
export const direct: Environment = { ...production, SALLYPORT_PROXY_HOPS: '0', SALLYPORT_SEALING_KEYS: key('a', 1) };
/** A sealing key that somebody typed. */
export const typed = (phrase: string): string => `a:${Buffer.from(phrase).toString('base64')}`;
/** Takes production's settings away. */
const gone: Environment = Object.fromEntries(Object.keys(production).map(name => [name, undefined]));

/** An environment that is refused. */
export interface BadSettings {
  readonly reason: string;
  readonly have: Environment;
  /** The settings that are named. */
  readonly names: readonly string[];
  /** Text that the message must contain. */
  readonly says?: string;
  /** The rest of the environment; `memory` where it is absent. */
  readonly base?: Environment;
  readonly files?: Readonly<Record<string, string>>;
}

export const badSettings: readonly BadSettings[] = [
  // issuer and proxy
  {
    reason: 'a mode in capitals',
    have: { SALLYPORT_MODE: 'Production' },
    names: ['SALLYPORT_MODE'],
    says: '"Production"',
  },
  {
    reason: 'a public issuer without a mode',
    have: { SALLYPORT_ISSUER: 'https://login.example.com' },
    names: ['SALLYPORT_ISSUER'],
    says: 'SALLYPORT_MODE=production',
  },
  {
    reason: 'the default issuer in production',
    have: { SALLYPORT_ISSUER: undefined },
    names: ['SALLYPORT_ISSUER'],
    says: 'https in production',
    base: direct,
  },
  {
    reason: 'an issuer with a space',
    have: { SALLYPORT_ISSUER: 'https://login .example.com' },
    names: ['SALLYPORT_ISSUER'],
    base: direct,
  },
  {
    reason: 'two issuers',
    have: { SALLYPORT_ISSUER: 'https://a.example,https://b.example' },
    names: ['SALLYPORT_ISSUER'],
    base: direct,
  },
  {
    reason: 'an issuer of 20,000 characters',
    have: { SALLYPORT_ISSUER: `https://${'a'.repeat(20_000)}.example` },
    names: ['SALLYPORT_ISSUER'],
    base: direct,
  },
  {
    reason: 'an issuer with a line feed inside',
    have: { SALLYPORT_ISSUER: 'https://login.example.com\nhttps://evil.example' },
    names: ['SALLYPORT_ISSUER'],
    base: direct,
  },
  {
    reason: 'every IPv6 address to listen on in development',
    have: { SALLYPORT_LISTEN: '[::]:3000' },
    names: ['SALLYPORT_LISTEN'],
    says: 'a loopback address',
  },
  {
    reason: 'a listening host that begins like a loopback address',
    have: { SALLYPORT_LISTEN: '127.0.0.1.example.com:3000' },
    names: ['SALLYPORT_LISTEN'],
  },
  { reason: 'a listening port without a host', have: { SALLYPORT_LISTEN: '3000' }, names: ['SALLYPORT_LISTEN'] },
  {
    reason: 'a listening address with a scheme',
    have: { SALLYPORT_LISTEN: 'http://127.0.0.1:3000' },
    names: ['SALLYPORT_LISTEN'],
  },
  {
    reason: 'an https issuer in production without a number of proxies',
    have: { SALLYPORT_PROXY_HOPS: undefined },
    names: ['SALLYPORT_PROXY_HOPS'],
    says: 'the number of proxies in front, 0 for none',
    base: direct,
  },
  { reason: 'proxy hops as a word', have: { SALLYPORT_PROXY_HOPS: 'true' }, names: ['SALLYPORT_PROXY_HOPS'] },
  { reason: 'proxy hops in Arabic digits', have: { SALLYPORT_PROXY_HOPS: '١' }, names: ['SALLYPORT_PROXY_HOPS'] },
  { reason: 'proxy hops with an exponent', have: { SALLYPORT_PROXY_HOPS: '1e0' }, names: ['SALLYPORT_PROXY_HOPS'] },
  // stores
  {
    reason: 'SQLite in memory by its own name',
    have: { SALLYPORT_DATABASE_URL: 'sqlite::memory:?cache=shared' },
    names: ['SALLYPORT_DATABASE_URL'],
    base: direct,
  },
  {
    reason: 'the memory store with a path',
    have: { SALLYPORT_DATABASE_URL: 'memory:/x' },
    names: ['SALLYPORT_DATABASE_URL'],
  },
  {
    reason: 'PostgreSQL',
    have: { SALLYPORT_DATABASE_URL: 'postgres://user:canary@db/sallyport' },
    names: ['SALLYPORT_DATABASE_URL'],
    says: 'postgres://[hidden]@db',
    base: direct,
  },
  {
    reason: 'a path with NUL',
    have: { SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/a\0b' },
    names: ['SALLYPORT_DATABASE_URL'],
    base: direct,
  },
  {
    reason: 'Redis without a host',
    have: { REDIS_URL: 'redis://' },
    names: ['REDIS_URL'],
    says: 'a secret of 8 characters',
  },
  { reason: 'Redis as host and port', have: { REDIS_URL: 'canary.example:6379' }, names: ['REDIS_URL'] },
  { reason: 'Redis with database 1000', have: { REDIS_URL: 'redis://127.0.0.1/1000' }, names: ['REDIS_URL'] },
  {
    reason: 'Redis in a setting with our prefix',
    have: { SALLYPORT_REDIS_URL: 'redis://127.0.0.1' },
    names: ['SALLYPORT_REDIS_URL'],
    says: 'an unknown setting',
  },
  // secrets
  {
    reason: 'a sealing key that is a phrase',
    have: { SALLYPORT_SEALING_KEYS: typed('correct horse battery canary 123') },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: 'a secret of',
  },
  {
    reason: 'a sealing key of hexadecimal digits',
    have: { SALLYPORT_SEALING_KEYS: typed('00f1e2d3c4b5a6978897a6b5c4d3e2f1') },
    names: ['SALLYPORT_SEALING_KEYS'],
  },
  {
    reason: 'a sealing key of one repeated letter',
    have: { SALLYPORT_SEALING_KEYS: typed('a'.repeat(32)) },
    names: ['SALLYPORT_SEALING_KEYS'],
  },
  {
    reason: 'a sealing key as the unexpanded example of the documentation',
    have: { SALLYPORT_SEALING_KEYS: '2026-11:"$(openssl rand -base64 32)"' },
    names: ['SALLYPORT_SEALING_KEYS'],
  },
  {
    reason: 'a sealing key that is one word',
    have: { SALLYPORT_SEALING_KEYS: 'canary' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: 'a secret of 6 characters',
  },
  {
    reason: 'a good sealing key beside a bad one',
    have: { SALLYPORT_SEALING_KEYS: `${key('a', 1)},b:canary` },
    names: ['SALLYPORT_SEALING_KEYS'],
  },
  {
    reason: 'sealing keys with a trailing comma',
    have: { SALLYPORT_SEALING_KEYS: `${key('a', 1)},` },
    names: ['SALLYPORT_SEALING_KEYS'],
  },
  {
    reason: 'a sealing key and its file',
    have: { SALLYPORT_SEALING_KEYS_FILE: '/run/keys' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: 'both',
    base: direct,
  },
  {
    reason: 'Redis and its file',
    have: { REDIS_URL: 'redis://127.0.0.1', REDIS_URL_FILE: '/run/redis' },
    names: ['REDIS_URL'],
    says: 'one of the two',
  },
  {
    reason: 'carrier tokens and their file',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS_FILE: '/run/tokens' },
    names: ['SALLYPORT_TWILIO_AUTH_TOKENS'],
    says: 'both',
    base: direct,
  },
  {
    reason: 'an empty secret file',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/empty' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: '0 characters',
    base: direct,
    files: { '/run/empty': '\n' },
  },
  {
    reason: 'a secret file of a megabyte',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/large' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: '1048576 characters',
    base: direct,
    files: { '/run/large': 'canary'.padEnd(1_048_576, 'x') },
  },
  {
    reason: 'a secret file with an invalid value',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/other' },
    names: ['SALLYPORT_SEALING_KEYS'],
    base: direct,
    files: { '/run/other': 'canary=1\ncanary=2' },
  },
  {
    reason: 'a file for a setting that is no secret',
    have: { SALLYPORT_ISSUER_FILE: '/run/issuer' },
    names: ['SALLYPORT_ISSUER_FILE'],
    base: direct,
  },
  // the telephone
  {
    reason: 'a Twilio account without tokens and number',
    have: { ...gone, ...memory, SALLYPORT_TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` },
    names: ['SALLYPORT_TWILIO_AUTH_TOKENS', 'SALLYPORT_TWILIO_FROM'],
    says: 'account, tokens and number together',
  },
  {
    reason: 'Twilio tokens without account and number',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: authToken },
    names: ['SALLYPORT_TWILIO_ACCOUNT_SID', 'SALLYPORT_TWILIO_FROM'],
  },
  {
    reason: 'a Twilio number without account and tokens',
    have: { SALLYPORT_TWILIO_FROM: '+12025550100' },
    names: ['SALLYPORT_TWILIO_ACCOUNT_SID', 'SALLYPORT_TWILIO_AUTH_TOKENS'],
  },
  {
    reason: 'a Twilio number with spaces',
    have: { SALLYPORT_TWILIO_FROM: '+1 202 555 0100' },
    names: ['SALLYPORT_TWILIO_FROM'],
    base: direct,
  },
  {
    reason: 'a name in place of a Twilio number',
    have: { SALLYPORT_TWILIO_FROM: 'Contoso' },
    names: ['SALLYPORT_TWILIO_FROM'],
    base: direct,
  },
  {
    reason: 'a Twilio account in the wrong case',
    have: { SALLYPORT_TWILIO_ACCOUNT_SID: `AC${'A'.repeat(32)}` },
    names: ['SALLYPORT_TWILIO_ACCOUNT_SID'],
    base: direct,
  },
  {
    reason: 'a whole Twilio token and half of another',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},canary` },
    names: ['SALLYPORT_TWILIO_AUTH_TOKENS'],
    base: direct,
  },
  {
    reason: 'the singular of a setting name',
    have: { SALLYPORT_TWILIO_AUTH_TOKEN: authToken },
    names: ['SALLYPORT_TWILIO_AUTH_TOKEN'],
    says: 'an unknown setting',
  },
  {
    reason: 'a callback base with a path',
    have: { SALLYPORT_CALLBACK_BASE: 'https://login.example.com/callbacks' },
    names: ['SALLYPORT_CALLBACK_BASE'],
    base: direct,
  },
  {
    reason: 'a callback base by http on the network in development',
    have: { SALLYPORT_CALLBACK_BASE: 'http://10.0.0.1:3000' },
    names: ['SALLYPORT_CALLBACK_BASE'],
  },
  {
    reason: 'a country name in place of a code',
    have: { SALLYPORT_COUNTRIES: 'Germany' },
    names: ['SALLYPORT_COUNTRIES'],
  },
  { reason: 'a repeated country', have: { SALLYPORT_COUNTRIES: 'DE,FR,DE' }, names: ['SALLYPORT_COUNTRIES'] },
  // numbers, alone and in relation to each other
  {
    reason: 'a lifetime of zero',
    have: { SALLYPORT_AUTHORIZATION_CODE_LIFETIME: '0s' },
    names: ['SALLYPORT_AUTHORIZATION_CODE_LIFETIME'],
  },
  {
    reason: 'a negative lifetime',
    have: { SALLYPORT_AUTHORIZATION_CODE_LIFETIME: '-60s' },
    names: ['SALLYPORT_AUTHORIZATION_CODE_LIFETIME'],
  },
  {
    reason: 'a lifetime in fractions',
    have: { SALLYPORT_ACCESS_TOKEN_LIFETIME: '1.5h' },
    names: ['SALLYPORT_ACCESS_TOKEN_LIFETIME'],
  },
  {
    reason: 'a lifetime with a space',
    have: { SALLYPORT_ACCESS_TOKEN_LIFETIME: '1 h' },
    names: ['SALLYPORT_ACCESS_TOKEN_LIFETIME'],
  },
  {
    reason: 'a lifetime in weeks',
    have: { SALLYPORT_REFRESH_TOKEN_LIFETIME: '2w' },
    names: ['SALLYPORT_REFRESH_TOKEN_LIFETIME'],
  },
  { reason: 'an endless lifetime', have: { SALLYPORT_GRANT_LIFETIME: 'never' }, names: ['SALLYPORT_GRANT_LIFETIME'] },
  {
    reason: 'a refresh token that outlives its grant',
    have: { SALLYPORT_REFRESH_TOKEN_LIFETIME: '100d' },
    names: ['SALLYPORT_REFRESH_TOKEN_LIFETIME'],
    says: 'more than SALLYPORT_GRANT_LIFETIME',
  },
  {
    reason: 'an access token that outlives its grant',
    have: {
      SALLYPORT_ACCESS_TOKEN_LIFETIME: '24h',
      SALLYPORT_REFRESH_TOKEN_LIFETIME: '1h',
      SALLYPORT_GRANT_LIFETIME: '2h',
    },
    names: ['SALLYPORT_ACCESS_TOKEN_LIFETIME'],
  },
  {
    reason: 'more calls in an hour than in a day',
    have: { SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '11' },
    names: ['SALLYPORT_SENDS_PER_NUMBER_AND_HOUR'],
    says: 'more than SALLYPORT_SENDS_PER_NUMBER_AND_DAY',
  },
  {
    reason: 'more unanswered calls than calls',
    have: { SALLYPORT_SENDS_PER_NUMBER_AND_DAY: '101' },
    names: ['SALLYPORT_SENDS_PER_NUMBER_AND_DAY'],
  },
  {
    reason: 'zero attempts',
    have: { SALLYPORT_ATTEMPTS_PER_CHALLENGE: '0' },
    names: ['SALLYPORT_ATTEMPTS_PER_CHALLENGE'],
  },
  {
    reason: 'nearly unlimited attempts',
    have: { SALLYPORT_ATTEMPTS_PER_CHALLENGE: '999999999999' },
    names: ['SALLYPORT_ATTEMPTS_PER_CHALLENGE'],
  },
  { reason: 'an empty list of factors', have: { SALLYPORT_FACTORS: ',' }, names: ['SALLYPORT_FACTORS'] },
  { reason: 'a factor in capitals', have: { SALLYPORT_FACTORS: 'CALL' }, names: ['SALLYPORT_FACTORS'] },
  {
    reason: 'Argon2 with more than a gigabyte',
    have: { SALLYPORT_PASSWORD_MEMORY_KIB: '2000000' },
    names: ['SALLYPORT_PASSWORD_MEMORY_KIB'],
  },
  // names
  {
    reason: 'a setting name in lower case',
    have: { sallyport_issuer: 'https://login.example.com' },
    names: ['sallyport_issuer'],
    says: 'an unknown setting',
  },
  {
    reason: 'a setting name with a missing letter',
    have: { SALLYPORT_ISSUR: 'x' },
    names: ['SALLYPORT_ISSUR'],
    says: 'an unknown setting',
  },
  {
    reason: 'a setting name unlike any known one',
    have: { SALLYPORT_ENABLE_UNSAFE_DEBUGGING: 'true' },
    names: ['SALLYPORT_ENABLE_UNSAFE_DEBUGGING'],
    says: 'docs/configuration.md',
  },
  { reason: 'a setting name that is only the prefix', have: { SALLYPORT_: 'x' }, names: ['SALLYPORT_'] },
];
