/** Tests how the environment becomes settings, and that all mistakes are reported together. `bad-values.test.ts` tests single ones. */
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
import { authToken, memory, mistakesIn, noFile, otherKey, production, sealingKey } from '../support/environments.ts';
import { spoken } from '../../src/locales/spoken.ts';

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
    expect(mistakesIn({ ...memory, [name]: wrong }).map(each => each.name)).toEqual([name]);
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
      expect(mistakesIn({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
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
    expect(mistakesIn({ ...production, ...direct }).map(each => each.name)).toEqual([name]);
    const broken = root.replace(/\n.{20}/, '\nAAAA');
    const leaf = new X509Certificate(createAttestationRoot('Acme').attest(aaguid).x5c[0] ?? '').toString();
    for (const value of ['/etc/roots.pem', broken, root.repeat(101), `${root}${leaf}`]) {
      expect(mistakesIn({ ...production, ...direct, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });

  test.each(['SALLYPORT_PASSKEY_ALLOW', 'SALLYPORT_PASSKEY_BLOCK'])('are told apart by model in %s', name => {
    const read = inProduction({ [name]: `${aaguid.toUpperCase()}, cb69481e-8ff7-4039-93ec-0a2729a154a8` }).passkeys;
    const member = name === 'SALLYPORT_PASSKEY_ALLOW' ? read.allow : read.block;
    expect(member).toEqual([aaguid, 'cb69481e-8ff7-4039-93ec-0a2729a154a8']);
    for (const value of ['YubiKey', `${aaguid},${aaguid.toUpperCase()}`, aaguid.replaceAll('-', '')]) {
      expect(mistakesIn({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
  });

  test('may be used by other sites over https', () => {
    const name = 'SALLYPORT_PASSKEY_ORIGINS';
    const { passkeyOrigins } = inProduction({ [name]: 'https://www.example.net' });
    expect(passkeyOrigins.map(({ origin }) => origin)).toEqual(['https://www.example.net']);
    for (const value of ['http://www.example.net', 'www.example.net', 'https://www.example.net/app']) {
      expect(mistakesIn({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
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
      expect(mistakesIn({ ...production, [name]: value }).map(each => each.name)).toEqual([name]);
    }
    for (const value of [...open, ...wrong]) {
      expect(mistakesIn({ ...memory, [name]: value }).map(each => each.name)).toEqual([name]);
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
    expect(mistakesIn({ NODE_ENV: 'production' }).map(each => each.name)).toEqual([
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

test('all mistakes are reported together, each with the value, the expectation and an example', () => {
  const env = {
    SALLYPORT_ISSUER: 'localhost',
    SALLYPORT_PROXY_HOPS: 'many',
    SALLYPORT_LOG_LEVELS: 'info',
    REDIS_URL: 'canary',
  };
  expect(() => loadSettings(env)).toThrow(ConfigError);
  const text = String(new ConfigError(mistakesIn(env)));
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
    expect(mistakesIn(env, readText)).toEqual([
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
  expect(mistakesIn({ ...memory, SALLYPORT_ISSUER: ' ', REDIS_URL: '' })).toEqual([]);
});

test.each(['http://localhost:3000', 'http://127.0.0.1:8080', 'http://[::1]:3000', 'https://localhost:3000'])(
  'development accepts the loopback issuer %s',
  issuer => {
    expect(mistakesIn({ ...memory, SALLYPORT_ISSUER: issuer })).toEqual([]);
  },
);
