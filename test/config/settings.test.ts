/** Tests how the environment becomes settings, and that all mistakes are reported together. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadSettings, type Environment } from '../../src/config.ts';
import { inForce } from '../../src/config/reference.ts';
import { readSettings } from '../../src/config/reading.ts';
import { readText } from '../../src/config/sources.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { defaultPolicy } from '../../src/mfa/passkeys/policy.ts';
import { createAttestationRoot } from '../support/authenticator/attestation.ts';
import { spoken } from '../../src/locales/spoken.ts';

const sealingKey = 'a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const otherKey = 'b:/+79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=';
const authToken = '0123456789abcdef0123456789abcdef';
const memory = { SALLYPORT_DATABASE_URL: 'memory:' };
const production: Environment = {
  NODE_ENV: 'production',
  SALLYPORT_ISSUER: 'https://login.example.com',
  SALLYPORT_PROXY_HOPS: '1',
  SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/sallyport/sallyport.db',
  SALLYPORT_SEALING_KEYS: sealingKey,
  SALLYPORT_TWILIO_ACCOUNT_SID: 'AC00112233445566778899aabbccddeeff',
  SALLYPORT_TWILIO_AUTH_TOKENS: authToken,
  SALLYPORT_TWILIO_FROM: '+12025550100',
};

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};
/** The names that are reported, in order; an empty list for a good configuration. */
const mistakes = (env: Environment, readFile = noFile): ConfigError['mistakes'] => {
  try {
    loadSettings(env, readFile);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

const retentionOf = (set: Environment) => loadSettings({ ...memory, ...set }).auditRetention;

test('audit records stay for 400 days, as long as is set, or forever', () => {
  expect([
    retentionOf({}),
    retentionOf({ SALLYPORT_AUDIT_RETENTION: '30d' }),
    retentionOf({ SALLYPORT_AUDIT_RETENTION: 'forever' }),
  ]).toEqual([400 * 86_400_000, 30 * 86_400_000, Infinity]);
});

test('every language and region that calls speak has a voice by default, and the setting replaces the voices', () => {
  const calls = [
    ...['+12025550143', '+442071838750', '+61412345678', '+919876543210'].map(to => ['en', to] as const),
    ...['+33612345678', '+15145550123'].map(to => ['fr', to] as const),
    ['de', '+4915112345678'] as const,
  ];
  const spokenVoices = calls.map(([language, to]) => spoken(language, to).voice);
  expect(new Set(spokenVoices).size).toBe(7);
  expect(Object.keys(loadSettings(production).twilio?.voices ?? {}).toSorted()).toEqual(spokenVoices.toSorted());
  const { twilio } = loadSettings({ ...production, SALLYPORT_TWILIO_VOICES: 'en-GB=Polly.Emma' });
  expect(twilio?.voices).toEqual({ 'en-GB': 'Polly.Emma' });
});

test('ceilings of sends are off, or counts over everything and by country', () => {
  const { limits } = loadSettings({
    ...memory,
    SALLYPORT_SENDS_PER_HOUR: '500',
    SALLYPORT_SENDS_PER_COUNTRY_AND_HOUR: 'US:500, DE:200,*:50',
  });
  expect([limits.sendsPerHour, [...(limits.sendsPerCountryAndHour ?? [])]]).toEqual([
    500,
    [
      ['US', 500],
      ['DE', 200],
      ['*', 50],
    ],
  ]);
  const name = 'SALLYPORT_SENDS_PER_COUNTRY_AND_HOUR';
  for (const off of [memory, { ...memory, SALLYPORT_SENDS_PER_HOUR: '', [name]: '' }]) {
    expect(Object.keys(loadSettings(off).limits)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^sendsPer(?:Country.*|Hour)$/)]),
    );
  }
  for (const wrong of ['US', 'US:', 'US:0', 'us:5', 'ZZ:5', 'US:5,US:6', '*:5,*:6', 'US:5;DE:6', 'US:-1', 'US:1e3']) {
    expect(mistakes({ ...memory, [name]: wrong }).map(each => each.name)).toEqual([name]);
  }
});

const inProduction = (env: Environment, readFile = noFile) => loadSettings({ ...production, ...env }, readFile);

describe('passkeys', () => {
  const { pem: root } = createAttestationRoot('Acme');
  const aaguid = 'ee882879-721c-4913-9775-3dfcce97072a';

  test('belong to the host of the issuer, or to a domain above it', () => {
    expect(inProduction({}).passkeys).toEqual(defaultPolicy('login.example.com'));
    expect(inProduction({ SALLYPORT_PASSKEY_RP_ID: 'example.com' }).passkeys.rpId).toBe('example.com');
    const foreign = ['com', 'example.org', 'ample.com', 'www.login.example.com', 'EXAMPLE.com', 'https://example.com'];
    for (const value of [...foreign, '192.0.2.1', 'example.com.', ''.padEnd(300, 'a')]) {
      const name = 'SALLYPORT_PASSKEY_RP_ID';
      expect(mistakes({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });

  test.each(['http://127.0.0.1:3000', 'http://[::1]:3000'])('are off at the address %s', issuer => {
    const { passkeys, callAnswer } = loadSettings({ ...memory, SALLYPORT_ISSUER: issuer });
    expect(factorsFor({ passkeys, callAnswer }).map(({ type }) => type)).not.toContain('passkey');
    const { passkeys: named } = loadSettings(memory);
    expect(factorsFor({ passkeys: named, callAnswer }).map(({ type }) => type)).toContain('passkey');
  });

  test('are attested by a maker whose roots are known, in the environment or in a file', () => {
    const direct = { SALLYPORT_PASSKEY_ATTESTATION: 'direct' };
    const other = createAttestationRoot('Other').pem;
    const both = { attestation: 'direct', roots: [root.trim(), other.trim()] };
    expect(inProduction({ ...direct, SALLYPORT_PASSKEY_ROOTS: `# Acme\n${root}\n${other}` }).passkeys).toMatchObject(
      both,
    );
    const file = inProduction({ ...direct, SALLYPORT_PASSKEY_ROOTS_FILE: '/roots.pem' }, () => root + other);
    expect(file.passkeys).toMatchObject(both);
    const name = 'SALLYPORT_PASSKEY_ROOTS';
    expect(mistakes({ ...production, ...direct }).map(each => each.name)).toEqual([name]);
    const broken = root.replace(/\n.{20}/, '\nAAAA');
    const leaf = new X509Certificate(createAttestationRoot('Acme').attest(aaguid).x5c[0] ?? '').toString();
    for (const value of ['/etc/roots.pem', broken, root.repeat(101), `${root}${leaf}`]) {
      expect(mistakes({ ...production, ...direct, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });

  test.each(['SALLYPORT_PASSKEY_ALLOW', 'SALLYPORT_PASSKEY_BLOCK'])('are told apart by model in %s', name => {
    const read = inProduction({ [name]: `${aaguid.toUpperCase()}, cb69481e-8ff7-4039-93ec-0a2729a154a8` }).passkeys;
    const member = name === 'SALLYPORT_PASSKEY_ALLOW' ? read.allow : read.block;
    expect(member).toEqual([aaguid, 'cb69481e-8ff7-4039-93ec-0a2729a154a8']);
    for (const value of ['YubiKey', `${aaguid},${aaguid.toUpperCase()}`, aaguid.replaceAll('-', '')]) {
      expect(mistakes({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });

  test('may be used by other sites over https', () => {
    const name = 'SALLYPORT_PASSKEY_ORIGINS';
    const { passkeyOrigins } = inProduction({ [name]: 'https://www.example.net' });
    expect(passkeyOrigins.map(({ origin }) => origin)).toEqual(['https://www.example.net']);
    for (const value of ['http://www.example.net', 'www.example.net', 'https://www.example.net/app']) {
      expect(mistakes({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });
});

describe('origins of the own network for outbound requests', () => {
  const name = 'SALLYPORT_OUTBOUND_ORIGINS';
  const origins = (value: string, env: Environment = production): readonly string[] =>
    loadSettings({ ...env, [name]: value }, noFile).outboundOrigins.map(({ origin }) => origin);

  test('no origin is allowed unless it is listed', () => {
    expect(origins('')).toEqual([]);
    const listed = 'https://crm.internal.example:8443, https://10.0.0.7';
    expect(origins(listed)).toEqual(['https://crm.internal.example:8443', 'https://10.0.0.7']);
    const local = 'http://127.0.0.1:3002,http://localhost:8080';
    expect(origins(local, memory)).toEqual(['http://127.0.0.1:3002', 'http://localhost:8080']);
  });

  test('http, and loopback beside a public issuer in production, are mistakes', () => {
    const loopback = ['https://localhost', 'https://127.0.0.1:8443', 'https://[::1]', 'http://localhost:8080'];
    const open = ['http://crm.internal.example', 'http://10.0.0.7'];
    const wrong = [
      'crm.internal.example',
      'https://crm.example/path',
      'https://a@b.example',
      'https://a.example,https://a.example/',
      '*',
    ];
    for (const value of [...loopback, ...open, ...wrong]) {
      expect(mistakes({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
    for (const value of [...open, ...wrong]) {
      expect(mistakes({ ...memory, [name]: value }).map(each => each.name)).toEqual([name]);
    }
    const ownMachine = { ...production, SALLYPORT_ISSUER: 'https://localhost:8443' };
    expect(origins('https://127.0.0.1:9443', ownMachine)).toEqual(['https://127.0.0.1:9443']);
  });
});

describe('without settings', () => {
  test('development starts on loopback with a file of its own', () => {
    const { values } = readSettings({});
    expect(values).toMatchObject({
      mode: 'development',
      database: { store: 'sqlite', path: '.sallyport/sallyport.db' },
      factors: ['passkey', 'push', 'call', 'sms', 'spoken', 'totp', 'recovery-code', 'temporary-access-pass'],
      logLevel: 'info',
    });
    expect(loadSettings(memory)).toMatchObject({
      proxyHops: 0,
      listen: { host: 'localhost', port: 3000 },
      password: { memoryKiB: 19_456, passes: 2, lanes: 1, queue: 64 },
      passwordLimits: { account: 20, device: 10, address: 20, network: 100 },
      lifetimes: { session: 86_400_000, idle: 3_600_000, interaction: 600_000, code: 60_000, refreshReuse: 10_000 },
      limits: {
        attemptsPerChallenge: 5,
        failedAttemptsBeforeWait: 3,
        firstWait: 2000,
        longestWait: 3_600_000,
        failedAttemptsBeforeDisabled: 50,
        sendsPerNumberAndHour: 5,
        sendsPerNumberAndDay: 10,
        allSendsPerNumberAndDay: 100,
        sendsPerAccountAndHour: 10,
        pause: 86_400_000,
      },
    });
    expect(loadSettings(memory).twilio).toBeUndefined();
  });

  test('production reports every setting that development fills in', () => {
    expect(mistakes({ NODE_ENV: 'production' }).map(each => each.name)).toEqual([
      'SALLYPORT_ISSUER',
      'SALLYPORT_SEALING_KEYS',
      'SALLYPORT_TWILIO_ACCOUNT_SID',
      'SALLYPORT_TWILIO_AUTH_TOKENS',
      'SALLYPORT_TWILIO_FROM',
    ]);
  });
});

test.each([
  ['0s', 0],
  ['60s', 60_000],
])('a refresh may be repeated for %s', (within, millis) => {
  expect(loadSettings({ ...memory, SALLYPORT_REFRESH_REUSE_WITHIN: within }).lifetimes.refreshReuse).toBe(millis);
});

test('a complete production configuration is accepted', () => {
  const settings = loadSettings({
    ...production,
    SALLYPORT_LISTEN: '[::]:8080',
    SALLYPORT_SEALING_KEYS: `${sealingKey},${otherKey}`,
  });
  expect(settings).toMatchObject({
    mode: 'production',
    listen: { host: '::', port: 8080 },
    twilio: { authTokens: [authToken] },
  });
  expect(settings.sealingKeys.map(each => each.id)).toEqual(['a', 'b']);
  expect(settings.twilio?.callbackBase.href).toBe('https://login.example.com/');
});

describe('a bad value is reported with its setting', () => {
  test.each<{ desc: string; have: Environment; expect: string; base?: Environment }>([
    { desc: 'a mode that does not exist', have: { SALLYPORT_MODE: 'staging' }, expect: 'SALLYPORT_MODE' },
    {
      desc: 'development beside NODE_ENV=production',
      have: { SALLYPORT_MODE: 'development' },
      expect: 'SALLYPORT_MODE',
      base: production,
    },
    {
      desc: 'an http issuer in production',
      have: { SALLYPORT_ISSUER: 'http://login.example.com' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an http issuer on loopback in production',
      have: { SALLYPORT_ISSUER: 'http://localhost:3000' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an http issuer outside loopback in development',
      have: { SALLYPORT_ISSUER: 'http://login.example.com' },
      expect: 'SALLYPORT_ISSUER',
    },
    {
      desc: 'an https issuer outside loopback in development',
      have: { SALLYPORT_ISSUER: 'https://login.example.com' },
      expect: 'SALLYPORT_ISSUER',
    },
    {
      desc: 'a host that only begins like loopback',
      have: { SALLYPORT_ISSUER: 'http://127.0.0.1.example.com' },
      expect: 'SALLYPORT_ISSUER',
    },
    {
      desc: 'a host that only begins like localhost',
      have: { SALLYPORT_ISSUER: 'http://localhost.example.com' },
      expect: 'SALLYPORT_ISSUER',
    },
    {
      desc: 'an issuer with a path',
      have: { SALLYPORT_ISSUER: 'https://login.example.com/idp' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an issuer with a query',
      have: { SALLYPORT_ISSUER: 'https://login.example.com/?a' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an issuer with a fragment',
      have: { SALLYPORT_ISSUER: 'https://login.example.com#a' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an issuer with credentials',
      have: { SALLYPORT_ISSUER: 'https://user:canary@login.example.com' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an issuer in capitals',
      have: { SALLYPORT_ISSUER: 'https://Login.Example.com' },
      expect: 'SALLYPORT_ISSUER',
      base: production,
    },
    {
      desc: 'an issuer that is no address',
      have: { SALLYPORT_ISSUER: 'login.example.com' },
      expect: 'SALLYPORT_ISSUER',
    },
    { desc: 'an issuer of another scheme', have: { SALLYPORT_ISSUER: 'ftp://localhost' }, expect: 'SALLYPORT_ISSUER' },
    {
      desc: 'listening on every address in development',
      have: { SALLYPORT_LISTEN: '0.0.0.0:3000' },
      expect: 'SALLYPORT_LISTEN',
    },
    {
      desc: 'listening on an address of the network in development',
      have: { SALLYPORT_LISTEN: '192.168.1.5:3000' },
      expect: 'SALLYPORT_LISTEN',
    },
    {
      desc: 'metrics for other machines in development',
      have: { SALLYPORT_MANAGEMENT_LISTEN: '0.0.0.0:9000' },
      expect: 'SALLYPORT_MANAGEMENT_LISTEN',
    },
    {
      desc: 'metrics on the public port',
      have: { SALLYPORT_LISTEN: 'localhost:3000', SALLYPORT_MANAGEMENT_LISTEN: '127.0.0.1:3000' },
      expect: 'SALLYPORT_MANAGEMENT_LISTEN',
    },
    {
      desc: 'metrics on the public port, where that is the port of the issuer',
      have: { SALLYPORT_ISSUER: 'http://localhost:4000', SALLYPORT_MANAGEMENT_LISTEN: '127.0.0.1:4000' },
      expect: 'SALLYPORT_MANAGEMENT_LISTEN',
    },
    { desc: 'listening without a port', have: { SALLYPORT_LISTEN: 'localhost' }, expect: 'SALLYPORT_LISTEN' },
    { desc: 'listening on port 0', have: { SALLYPORT_LISTEN: 'localhost:0' }, expect: 'SALLYPORT_LISTEN' },
    { desc: 'listening on port 65536', have: { SALLYPORT_LISTEN: 'localhost:65536' }, expect: 'SALLYPORT_LISTEN' },
    { desc: 'a retention of nothing', have: { SALLYPORT_AUDIT_RETENTION: '0' }, expect: 'SALLYPORT_AUDIT_RETENTION' },
    { desc: 'a retention of an hour', have: { SALLYPORT_AUDIT_RETENTION: '1h' }, expect: 'SALLYPORT_AUDIT_RETENTION' },
    { desc: 'a negative number of proxies', have: { SALLYPORT_PROXY_HOPS: '-1' }, expect: 'SALLYPORT_PROXY_HOPS' },
    { desc: 'half a proxy', have: { SALLYPORT_PROXY_HOPS: '0.5' }, expect: 'SALLYPORT_PROXY_HOPS' },
    { desc: 'eleven proxies', have: { SALLYPORT_PROXY_HOPS: '11' }, expect: 'SALLYPORT_PROXY_HOPS' },
    { desc: 'a number in hexadecimal', have: { SALLYPORT_PROXY_HOPS: '0x1' }, expect: 'SALLYPORT_PROXY_HOPS' },
    { desc: 'an unknown store', have: { SALLYPORT_DATABASE_URL: 'oracle:db' }, expect: 'SALLYPORT_DATABASE_URL' },
    { desc: 'SQLite without a path', have: { SALLYPORT_DATABASE_URL: 'sqlite:' }, expect: 'SALLYPORT_DATABASE_URL' },
    {
      desc: 'SQLite at a folder',
      have: { SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/' },
      expect: 'SALLYPORT_DATABASE_URL',
    },
    {
      desc: 'SQLite with a host',
      have: { SALLYPORT_DATABASE_URL: 'sqlite://host/db' },
      expect: 'SALLYPORT_DATABASE_URL',
    },
    {
      desc: 'a store in memory in production',
      have: { SALLYPORT_DATABASE_URL: 'memory:' },
      expect: 'SALLYPORT_DATABASE_URL',
      base: production,
    },
    { desc: 'Redis by http', have: { REDIS_URL: 'http://localhost:6379' }, expect: 'REDIS_URL' },
    { desc: 'Redis with a word for a number', have: { REDIS_URL: 'redis://localhost/cache' }, expect: 'REDIS_URL' },
    { desc: 'two hosts of one Redis', have: { REDIS_URL: 'redis://a,b' }, expect: 'REDIS_URL' },
    { desc: 'a user of Redis without a password', have: { REDIS_URL: 'redis://canary@a' }, expect: 'REDIS_URL' },
    { desc: 'a password with an open @', have: { REDIS_URL: 'redis://:canary@canary@a' }, expect: 'REDIS_URL' },
    { desc: 'a password with a broken escape', have: { REDIS_URL: 'redis://:canary%zz@a' }, expect: 'REDIS_URL' },
    { desc: 'Redis with options behind a ?', have: { REDIS_URL: 'redis://a?family=6' }, expect: 'REDIS_URL' },
    { desc: 'Redis at port 0', have: { REDIS_URL: 'redis://a:0' }, expect: 'REDIS_URL' },
    { desc: 'Redis at an empty host', have: { REDIS_URL: 'redis-cluster://a,,b' }, expect: 'REDIS_URL' },
    { desc: 'an IPv6 host without brackets', have: { REDIS_URL: 'redis-cluster://::1,b' }, expect: 'REDIS_URL' },
    { desc: 'Sentinels without a name', have: { REDIS_URL: 'redis-sentinel://a:26379' }, expect: 'REDIS_URL' },
    { desc: 'a master by name without Sentinels', have: { REDIS_URL: 'redis://a#main' }, expect: 'REDIS_URL' },
    { desc: 'a second database of a cluster', have: { REDIS_URL: 'redis-cluster://a/1' }, expect: 'REDIS_URL' },
    {
      desc: 'a login of Sentinels without its colon',
      have: { REDIS_URL: 'redis-sentinel://a#main', SALLYPORT_REDIS_SENTINEL_LOGIN: 'canary' },
      expect: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
    },
    {
      desc: 'a login of Sentinels beside one server',
      have: { REDIS_URL: 'redis://a', SALLYPORT_REDIS_SENTINEL_LOGIN: ':canary' },
      expect: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
    },
    {
      desc: 'replicas of no Redis',
      have: { SALLYPORT_REDIS_REPLICAS: '1' },
      expect: 'SALLYPORT_REDIS_REPLICAS',
    },
    {
      desc: 'a sealing key of 16 bytes',
      have: { SALLYPORT_SEALING_KEYS: 'a:AAECAwQFBgcICQoLDA0ODw==' },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'a sealing key of zeroes',
      have: { SALLYPORT_SEALING_KEYS: `a:${Buffer.alloc(32).toString('base64')}` },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'a sealing key of readable text',
      have: { SALLYPORT_SEALING_KEYS: `a:${Buffer.from('changeme'.repeat(4)).toString('base64')}` },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'a sealing key without a name',
      have: { SALLYPORT_SEALING_KEYS: sealingKey.slice(2) },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'a sealing key with a dot in its name',
      have: { SALLYPORT_SEALING_KEYS: `a.${sealingKey}` },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'two sealing keys of one name',
      have: { SALLYPORT_SEALING_KEYS: `${sealingKey},a${otherKey.slice(1)}` },
      expect: 'SALLYPORT_SEALING_KEYS',
    },
    {
      desc: 'no sealing key in production',
      have: { SALLYPORT_SEALING_KEYS: undefined },
      expect: 'SALLYPORT_SEALING_KEYS',
      base: production,
    },
    { desc: 'an unknown factor', have: { SALLYPORT_FACTORS: 'call,pigeon' }, expect: 'SALLYPORT_FACTORS' },
    { desc: 'a factor twice', have: { SALLYPORT_FACTORS: 'call,call' }, expect: 'SALLYPORT_FACTORS' },
    {
      desc: 'an account that is not one',
      have: { SALLYPORT_TWILIO_ACCOUNT_SID: 'SK00112233445566778899aabbccddeeff' },
      expect: 'SALLYPORT_TWILIO_ACCOUNT_SID',
      base: production,
    },
    {
      desc: 'a short carrier token',
      have: { SALLYPORT_TWILIO_AUTH_TOKENS: 'canary' },
      expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
      base: production,
    },
    {
      desc: 'three carrier tokens',
      have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},${authToken}1,${authToken}2` },
      expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
      base: production,
    },
    {
      desc: 'the same carrier token twice',
      have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},${authToken}` },
      expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
      base: production,
    },
    {
      desc: 'an account without its number',
      have: { SALLYPORT_TWILIO_FROM: undefined },
      expect: 'SALLYPORT_TWILIO_FROM',
      base: production,
    },
    {
      desc: 'a number without +',
      have: { SALLYPORT_TWILIO_FROM: '12025550100' },
      expect: 'SALLYPORT_TWILIO_FROM',
      base: production,
    },
    {
      desc: 'a carrier by http in production',
      have: { SALLYPORT_TWILIO_API_BASE: 'http://127.0.0.1:3001' },
      expect: 'SALLYPORT_TWILIO_API_BASE',
      base: production,
    },
    {
      desc: 'a carrier by http on the network in development',
      have: { SALLYPORT_TWILIO_API_BASE: 'http://10.0.0.1:3001' },
      expect: 'SALLYPORT_TWILIO_API_BASE',
    },
    {
      desc: 'callbacks by http in production',
      have: { SALLYPORT_CALLBACK_BASE: 'http://login.example.com' },
      expect: 'SALLYPORT_CALLBACK_BASE',
      base: production,
    },
    {
      desc: 'a cheap password hash in production',
      have: { SALLYPORT_PASSWORD_MEMORY_KIB: '1024' },
      expect: 'SALLYPORT_PASSWORD_MEMORY_KIB',
      base: production,
    },
    {
      desc: 'less memory than the lanes need',
      have: { SALLYPORT_PASSWORD_MEMORY_KIB: '8', SALLYPORT_PASSWORD_LANES: '2' },
      expect: 'SALLYPORT_PASSWORD_MEMORY_KIB',
    },
    { desc: 'no passes', have: { SALLYPORT_PASSWORD_PASSES: '0' }, expect: 'SALLYPORT_PASSWORD_PASSES' },
    {
      desc: 'an unlimited queue',
      have: { SALLYPORT_PASSWORD_QUEUE: 'unlimited' },
      expect: 'SALLYPORT_PASSWORD_QUEUE',
    },
    {
      desc: 'a session without a unit',
      have: { SALLYPORT_SESSION_LIFETIME: '3600' },
      expect: 'SALLYPORT_SESSION_LIFETIME',
    },
    { desc: 'a session of a year', have: { SALLYPORT_SESSION_LIFETIME: '365d' }, expect: 'SALLYPORT_SESSION_LIFETIME' },
    {
      desc: 'an idle time beyond the session',
      have: { SALLYPORT_SESSION_IDLE: '25h' },
      expect: 'SALLYPORT_SESSION_IDLE',
    },
    {
      desc: 'a code that lives an hour',
      have: { SALLYPORT_AUTHORIZATION_CODE_LIFETIME: '1h' },
      expect: 'SALLYPORT_AUTHORIZATION_CODE_LIFETIME',
    },
    {
      desc: 'a refresh that may be repeated for two minutes',
      have: { SALLYPORT_REFRESH_REUSE_WITHIN: '2m' },
      expect: 'SALLYPORT_REFRESH_REUSE_WITHIN',
    },
    {
      desc: 'keys that are replaced before relying parties can know the next ones',
      have: { SALLYPORT_KEY_ROTATION: '1d' },
      expect: 'SALLYPORT_KEY_ROTATION',
    },
    {
      desc: 'more failed attempts than NIST allows',
      have: { SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED: '101' },
      expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED',
    },
    {
      desc: 'a first wait beyond the longest',
      have: { SALLYPORT_FIRST_WAIT: '60s', SALLYPORT_LONGEST_WAIT: '1m', SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT: '11' },
      expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
    },
    {
      desc: 'a first wait after the factor is disabled',
      have: { SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT: '6', SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED: '5' },
      expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
    },
    { desc: 'an unknown log level', have: { SALLYPORT_LOG_LEVEL: 'loud' }, expect: 'SALLYPORT_LOG_LEVEL' },
    {
      desc: 'a name with a typing error',
      have: { SALLYPORT_ISSUSER: 'http://localhost' },
      expect: 'SALLYPORT_ISSUSER',
    },
    {
      desc: 'a file for a setting that is not secret',
      have: { SALLYPORT_ISSUER_FILE: '/run/issuer' },
      expect: 'SALLYPORT_ISSUER_FILE',
    },
    {
      desc: 'a secret and its file at once',
      have: { SALLYPORT_SEALING_KEYS_FILE: '/run/keys' },
      expect: 'SALLYPORT_SEALING_KEYS',
      base: production,
    },
    { desc: 'a file that is not there', have: { REDIS_URL_FILE: '/run/redis' }, expect: 'REDIS_URL' },
  ])('$desc is reported', ({ have, expect: name, base = memory }) => {
    expect(mistakes(base)).toEqual([]);
    const found = mistakes({ ...base, ...have });
    expect(found.map(each => each.name)).toEqual([name]);
    expect(found[0]?.expected).not.toBe('');
    expect(JSON.stringify(found)).not.toContain('canary');
  });
});

test('all mistakes are reported together, each with the value, the expectation and an example', () => {
  const env = {
    SALLYPORT_ISSUER: 'localhost',
    SALLYPORT_PROXY_HOPS: 'many',
    SALLYPORT_LOG_LEVELS: 'info',
    REDIS_URL: 'canary',
  };
  expect(() => loadSettings(env)).toThrow(ConfigError);
  const text = String(new ConfigError(mistakes(env)));
  expect(text).toContain('4 mistakes');
  expect(text).toContain(`  SALLYPORT_PROXY_HOPS
    got       "many"
    expected  a whole number from 0 to 10
    example   SALLYPORT_PROXY_HOPS=1`);
  expect(text).toContain('SALLYPORT_LOG_LEVELS\n    got       an unknown setting');
  expect(text).toContain('a secret of 6 characters');
  expect(text).not.toContain('canary');
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-secret-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fromFile = (bytes: Uint8Array): Environment => {
  const file = join(folder, 'keys');
  writeFileSync(file, bytes);
  return { ...production, SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: file };
};

describe('a secret', () => {
  test('may come from a file of Windows: with a byte order mark, and CR LF at its end', () => {
    const { sealingKeys } = loadSettings(fromFile(Buffer.from(`\uFEFF${sealingKey}\r\n`)));
    expect(sealingKeys.map(({ id }) => id)).toEqual(['a']);
  });

  test('in a file of another encoding than UTF-8 is refused with that reason', () => {
    const env = fromFile(Buffer.from(`\uFEFF${sealingKey}`, 'utf16le'));
    expect(mistakes(env, readText)).toEqual([
      expect.objectContaining({
        name: 'SALLYPORT_SEALING_KEYS',
        got: expect.stringMatching(/keys, which cannot be read \(ERR_ENCODING_INVALID_ENCODED_DATA\)$/),
        expected: 'a readable file in UTF-8',
      }),
    ]);
  });

  test('may come from a file, without its last line feed', () => {
    const env = { ...production, SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/keys' };
    expect(loadSettings(env, path => (path === '/run/keys' ? `${sealingKey}\n` : noFile(path))).sealingKeys[0].id).toBe(
      'a',
    );
  });

  test('is hidden in the list of settings, which names the source of each', () => {
    const env = { ...production, SALLYPORT_SEALING_KEYS: undefined, SALLYPORT_SEALING_KEYS_FILE: '/run/keys' };
    const shown = inForce(readSettings(env, () => sealingKey));
    expect(shown).toMatch(/^SALLYPORT_ISSUER +https:\/\/login\.example\.com +environment$/m);
    expect(shown).toMatch(/^SALLYPORT_SEALING_KEYS +\[hidden\] +file \/run\/keys$/m);
    expect(shown).toMatch(/^SALLYPORT_SESSION_LIFETIME +24h +default$/m);
    expect(shown).toMatch(/^REDIS_URL +\(unset\) +default$/m);
    expect(shown).not.toContain(authToken);
    expect(shown).not.toContain(sealingKey);
  });
});

test('an empty value counts as not set', () => {
  expect(mistakes({ ...memory, SALLYPORT_ISSUER: ' ', REDIS_URL: '' })).toEqual([]);
});

test.each(['http://localhost:3000', 'http://127.0.0.1:8080', 'http://[::1]:3000', 'https://localhost:3000'])(
  'development accepts the loopback issuer %s',
  issuer => {
    expect(mistakes({ ...memory, SALLYPORT_ISSUER: issuer })).toEqual([]);
  },
);
