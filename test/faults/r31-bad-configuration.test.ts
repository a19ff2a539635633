/**
 * R31. A server that starts on a bad configuration fails later, in front of people. Or it works with a secret that
 * everybody knows, a store that forgets, or an address that anyone can listen on. So it does not start. It names all
 * wrong settings together, each with its value (never that of a secret) and the expectation. It leaves no file behind.
 *
 * Sixty more rows are in test/config/settings.test.ts: issuers, addresses, limits one past their end. A Redis that
 * evicts is in test/faults/r04-redis-evicts.test.ts.
 * Guards: `src/config/reading.ts#readSettings` with `src/config/rules.ts#rules` and `src/config/sources.ts#findText`,
 * `server/main.ts#start`.
 */
import { mkdtemp, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadSettings, type Environment } from '../../src/config.ts';
import { start, freeNeighbourPorts } from '../support/world/programs.ts';
import { hasRedisServer, startRedis } from '../support/world/redis-server.ts';

const key = (id: string, fill: number): string =>
  `${id}:${Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 7 + fill) % 256)).toString('base64')}`;
const authToken = '0123456789abcdef0123456789abcdef';
const memory: Environment = { SALLYPORT_DATABASE_URL: 'memory:' };
const production: Environment = {
  NODE_ENV: 'production',
  SALLYPORT_ISSUER: 'https://login.example.com',
  SALLYPORT_PROXY_HOPS: '0',
  SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/sallyport/sallyport.db',
  SALLYPORT_SEALING_KEYS: key('a', 1),
  SALLYPORT_TWILIO_ACCOUNT_SID: 'AC00112233445566778899aabbccddeeff',
  SALLYPORT_TWILIO_AUTH_TOKENS: authToken,
  SALLYPORT_TWILIO_FROM: '+12025550100',
};
const typed = (phrase: string): string => `a:${Buffer.from(phrase).toString('base64')}`;
const gone: Environment = Object.fromEntries(Object.keys(production).map(name => [name, undefined]));

interface Row {
  readonly reason: string;
  readonly have: Environment;
  readonly names: readonly string[];
  /** Text that the message must contain. */
  readonly says?: string;
  readonly base?: Environment;
  readonly files?: Readonly<Record<string, string>>;
}

const rows: readonly Row[] = [
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
    base: production,
  },
  {
    reason: 'an issuer with a space',
    have: { SALLYPORT_ISSUER: 'https://login .example.com' },
    names: ['SALLYPORT_ISSUER'],
    base: production,
  },
  {
    reason: 'two issuers',
    have: { SALLYPORT_ISSUER: 'https://a.example,https://b.example' },
    names: ['SALLYPORT_ISSUER'],
    base: production,
  },
  {
    reason: 'an issuer of 20,000 characters',
    have: { SALLYPORT_ISSUER: `https://${'a'.repeat(20_000)}.example` },
    names: ['SALLYPORT_ISSUER'],
    base: production,
  },
  {
    reason: 'an issuer with a line feed inside',
    have: { SALLYPORT_ISSUER: 'https://login.example.com\nhttps://evil.example' },
    names: ['SALLYPORT_ISSUER'],
    base: production,
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
    base: production,
  },
  { reason: 'proxy hops as a word', have: { SALLYPORT_PROXY_HOPS: 'true' }, names: ['SALLYPORT_PROXY_HOPS'] },
  { reason: 'proxy hops in Arabic digits', have: { SALLYPORT_PROXY_HOPS: '١' }, names: ['SALLYPORT_PROXY_HOPS'] },
  { reason: 'proxy hops with an exponent', have: { SALLYPORT_PROXY_HOPS: '1e0' }, names: ['SALLYPORT_PROXY_HOPS'] },
  // stores
  {
    reason: 'SQLite in memory by its own name',
    have: { SALLYPORT_DATABASE_URL: 'sqlite::memory:?cache=shared' },
    names: ['SALLYPORT_DATABASE_URL'],
    base: production,
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
    base: production,
  },
  {
    reason: 'a path with NUL',
    have: { SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/a\0b' },
    names: ['SALLYPORT_DATABASE_URL'],
    base: production,
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
    base: production,
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
    base: production,
  },
  {
    reason: 'an empty secret file',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/empty' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: '0 characters',
    base: production,
    files: { '/run/empty': '\n' },
  },
  {
    reason: 'a secret file of a megabyte',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/large' },
    names: ['SALLYPORT_SEALING_KEYS'],
    says: '1048576 characters',
    base: production,
    files: { '/run/large': 'canary'.padEnd(1_048_576, 'x') },
  },
  {
    reason: 'a secret file with an invalid value',
    have: { SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/other' },
    names: ['SALLYPORT_SEALING_KEYS'],
    base: production,
    files: { '/run/other': 'canary=1\ncanary=2' },
  },
  {
    reason: 'a file for a setting that is no secret',
    have: { SALLYPORT_ISSUER_FILE: '/run/issuer' },
    names: ['SALLYPORT_ISSUER_FILE'],
    base: production,
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
    base: production,
  },
  {
    reason: 'a name in place of a Twilio number',
    have: { SALLYPORT_TWILIO_FROM: 'Contoso' },
    names: ['SALLYPORT_TWILIO_FROM'],
    base: production,
  },
  {
    reason: 'a Twilio account in the wrong case',
    have: { SALLYPORT_TWILIO_ACCOUNT_SID: `AC${'A'.repeat(32)}` },
    names: ['SALLYPORT_TWILIO_ACCOUNT_SID'],
    base: production,
  },
  {
    reason: 'a whole Twilio token and half of another',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},canary` },
    names: ['SALLYPORT_TWILIO_AUTH_TOKENS'],
    base: production,
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
    base: production,
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

const load = ({ have, base = memory, files = {} }: Pick<Row, 'have' | 'base' | 'files'>) =>
  loadSettings({ ...base, ...have }, path => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('canary'), { code: 'ENOENT' });
    return text;
  });
const mistakesOf = (row: Pick<Row, 'have' | 'base' | 'files'>): ConfigError => {
  try {
    load(row);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return new ConfigError([]);
};

describe('R31 settings', () => {
  test('R31 the base settings of all rows are accepted', () => {
    expect(load({ have: {} }).mode).toBe('development');
    expect(load({ have: {}, base: production }).mode).toBe('production');
    expect(load({ have: { SALLYPORT_COUNTRIES: 'DE,FR' } }).mode).toBe('development');
    expect(load({ have: { SALLYPORT_SEALING_KEYS: `${key('a', 1)},${key('b', 2)}` } }).sealingKeys).toHaveLength(2);
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });

  test.each(rows)('R31 with $reason the settings are refused with the name, the value and the expectation', row => {
    const error = mistakesOf(row);
    expect(error.mistakes.map(({ name }) => name)).toEqual(row.names);
    for (const { got, expected } of error.mistakes) expect([got, expected]).not.toContain('');
    expect(error.message).toContain(row.says ?? 'expected');
    expect(error.message).not.toMatch(/canary|correct horse|0123456789abcdef/);
    // A long value is cut, so that the message fits on a screen.
    expect(error.message.length).toBeLessThan(1000);
  });

  test('R31 all mistakes are reported together, each once', () => {
    // Without the rows of the mode: rules that depend on it cannot be checked while it is wrong.
    const alone = rows.filter(
      ({ base, names, have, files }) =>
        base === undefined &&
        !('SALLYPORT_MODE' in have) &&
        names.length === 1 &&
        !files &&
        Object.keys(have).length === 1,
    );
    const first = [...new Map(alone.map(row => [Object.keys(row.have)[0], row])).values()];
    const error = mistakesOf({ have: Object.assign({}, ...first.map(({ have }) => have)) as Environment });
    const told = error.mistakes.map(({ name }) => name);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toEqual(
      expect.arrayContaining(first.flatMap(({ names }) => names).filter(name => !/SENDS|REFRESH/.test(name))),
    );
    expect(error.message).toContain(`${told.length} mistakes`);
    expect(told.length).toBeGreaterThan(15);
  });
});

describe('R31 the process', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-r31-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const serve = async (env: Readonly<Record<string, string>>) => {
    const { child, ended, said } = start('server/main.ts', [], { cwd: folder, env });
    child.stdin.end();
    return { code: await ended, ...said };
  };

  test('R31 the process exits with 78 on mistakes, names each, prints no secret and creates no file', async () => {
    const { code, out, err } = await serve({
      NODE_ENV: 'production',
      SALLYPORT_ISSUER: 'http://login.example.com',
      SALLYPORT_DATABASE_URL: 'memory:',
      SALLYPORT_SEALING_KEYS: typed('correct horse battery canary 123'),
      SALLYPORT_TWILIO_AUTH_TOKENS: 'canary',
      SALLYPORT_CALLBACK_BASE: 'http://login.example.com',
      REDIS_URL: 'canary',
      SALLYPORT_REDIS_URL: 'redis://:canary@127.0.0.1',
      SALLYPORT_SESSION_IDLE: '25h',
      SALLYPORT_PASSWORD_MEMORY_KIB: '64',
    });
    expect({ code, out }).toEqual({ code: 78, out: '' });
    const named = [...err.matchAll(/^ {2}(\S+)\n {4}got {7}(.+)\n {4}expected {2}(.+)$/gm)].map(
      ([, name = '']) => name,
    );
    expect(named.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'REDIS_URL',
      'SALLYPORT_CALLBACK_BASE',
      'SALLYPORT_DATABASE_URL',
      'SALLYPORT_ISSUER',
      'SALLYPORT_PASSWORD_MEMORY_KIB',
      'SALLYPORT_REDIS_URL',
      'SALLYPORT_SEALING_KEYS',
      'SALLYPORT_SESSION_IDLE',
      'SALLYPORT_TWILIO_ACCOUNT_SID',
      'SALLYPORT_TWILIO_AUTH_TOKENS',
      'SALLYPORT_TWILIO_FROM',
    ]);
    expect(err).not.toMatch(/canary|\n\s+at /);
    expect(await readdir(folder)).toEqual([]);
  });

  test('R31 the process does not start with sealing keys that open no stored value', async () => {
    const port = await freeNeighbourPorts();
    const env = (keys: string) => ({
      SALLYPORT_ISSUER: `http://localhost:${port}`,
      SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'kept.db')}`,
      SALLYPORT_SEALING_KEYS: keys,
    });
    const first = start('server/main.ts', [], { cwd: folder, env: env(key('a', 1)) });
    await first.until(/"event":"server\.listening"/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = await serve(env(key('b', 2)));
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining('(IDP-1501)') });
    expect(second.out).not.toContain('server.listening');
    expect(second.err).not.toContain(key('b', 2).slice(2));
  });

  test('R31 the process does not start with a file that is not a database', async () => {
    const path = join(folder, 'folder.db');
    await mkdir(path);
    await writeFile(join(folder, 'text.db'), 'this is no database, '.repeat(1000));
    for (const file of [path, join(folder, 'text.db')]) {
      const { code, err, out } = await serve({ SALLYPORT_DATABASE_URL: `sqlite:${file}` });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^the database cannot be used: .*\(IDP-1504\)\n$/);
    }
  });

  test('R31 the process does not start with a Redis that evicts or is unreachable', async () => {
    expect(hasRedisServer() || process.env['CI'] !== 'true').toBe(true);
    const server = hasRedisServer() ? await startRedis(['--maxmemory-policy', 'allkeys-lru']) : undefined;
    const url = server?.url ?? 'redis://127.0.0.1:1';
    const evicting = await serve({ SALLYPORT_DATABASE_URL: 'memory:', REDIS_URL: url });
    await server?.stop();
    const nobody = await serve({ SALLYPORT_DATABASE_URL: 'memory:', REDIS_URL: 'redis://:canary@127.0.0.1:1' });
    expect([evicting.code, nobody.code]).toEqual([1, 1]);
    expect(evicting.err).toMatch(server === undefined ? /IDP-1504/ : /allkeys-lru.*expected noeviction.*\(IDP-1504\)/);
    expect(nobody.err).toMatch(/Redis.*\(IDP-1504\)/);
    expect(evicting.out + nobody.out).not.toContain('server.listening');
    expect(nobody.err + nobody.out).not.toContain('canary');
  });
});
