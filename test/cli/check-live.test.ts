/**
 * Tests `config check --live`, which checks the carrier's account, its number and our public address before anybody is
 * called. The command runs as a process against the simulator and a whole server; every single finding is a row of a
 * table.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readMails, readWire } from '../../simulator/person.ts';
import { checkLive, lineOf } from '../../cli/check-live.ts';
import type { SmtpSettings } from '../../src/config.ts';
import type { LiveSettings } from '../../cli/check-live/finding.ts';
import { mailFinding } from '../../cli/check-live/mail.ts';
import { redisFindings } from '../../cli/check-live/redis.ts';
import { deadEnd, refuse, reply, startFakeApi, type FakeApi, type Seen } from '../adapters/support/api.ts';
import { startMailServer, trustMailServer, type MailServerOptions } from '../support/mail-server.ts';
import { start } from '../support/world/programs.ts';
import { hasRedisServer, startRedis } from '../support/world/redis-server.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('config check --live', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await startWorld();
    folder = await mkdtemp(join(tmpdir(), 'sallyport-live-'));
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const check = async (more: Readonly<Record<string, string>> = {}) => {
    const { twilio } = world.settings;
    if (twilio === undefined) throw new Error('the world has no carrier');
    const env = {
      SALLYPORT_ISSUER: world.issuer.origin,
      SALLYPORT_DATABASE_URL: 'memory:',
      SALLYPORT_TWILIO_ACCOUNT_SID: twilio.accountSid,
      SALLYPORT_TWILIO_AUTH_TOKENS: twilio.authTokens.join(','),
      SALLYPORT_TWILIO_FROM: twilio.from,
      SALLYPORT_TWILIO_API_BASE: twilio.apiBase.origin,
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${world.settings.smtp?.port ?? 0}`,
      SALLYPORT_MAIL_FROM: 'login@example.com',
      ...more,
    };
    const { said, ended } = start('cli/index.ts', ['config', 'check', '--live'], { cwd: folder, env });
    const code = await ended;
    return { code, ...said, wrong: said.out.split('\n').filter(line => line.startsWith('not ok')) };
  };

  test('passes with a good account and mail server, starts no call and sends no mail', async () => {
    const { code, out, err, wrong } = await check();
    expect({ code, err, wrong }).toEqual({ code: 0, err: '', wrong: [] });
    expect(out.split('\n').map(line => line.split(':')[0])).toEqual([
      'The configuration is good',
      'ok      credentials',
      'ok      account',
      'ok      number +12025550100',
      'ok      clock',
      'ok      callbacks at http',
      'ok      mail server 127.0.0.1',
      'ok      schema',
      '',
    ]);
    const asked = (await readWire(world.simulator)).map(({ method }) => method);
    expect(asked).toEqual(['GET', 'GET']);
    await expect(readMails(world.simulator)).resolves.toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'a wrong token',
      { SALLYPORT_TWILIO_AUTH_TOKENS: 'f'.repeat(32) },
      /^not ok  credentials: got 401 \(20003\), expected 200\. Compare SALLYPORT_TWILIO_ACCOUNT_SID/,
    ],
    [
      'a number that is not ours',
      { SALLYPORT_TWILIO_FROM: '+12025550199' },
      /^not ok  number \+12025550199: got a number of another account, expected a number of this account\. Set SALLYPORT_TWILIO_FROM/,
    ],
  ])('reports %s and exits with 78', async (_name, env, line) => {
    const { code, wrong, out } = await check(env);
    expect(code).toBe(78);
    expect(wrong).toEqual([expect.stringMatching(line)]);
    expect(out).not.toMatch(/c0ffee|ffffffff/);
  });

  test('reports a callback address that does not answer', async () => {
    const { origin } = await deadEnd();
    const { code, wrong } = await check({ SALLYPORT_CALLBACK_BASE: origin });
    expect(code).toBe(78);
    expect(wrong).toEqual([
      `not ok  callbacks at ${origin}: got no answer (ECONNREFUSED) from /.well-known/openid-configuration, expected 200. ` +
        'Start the server, and let the proxy forward all paths of this host to it.',
    ]);
  });
});

const accountSid = `AC${'a'.repeat(32)}`;
const from = '+12025550100';
const [first, next] = ['1'.repeat(32), '2'.repeat(32)];
const now = Date.parse('2026-05-01T12:00:00Z');

/** Answers of the carrier and of our server, with one mistake in each. */
interface Answers {
  readonly account?: object | number;
  readonly refused?: string;
  readonly numbers?: readonly object[];
  readonly date?: string;
  readonly discovery?: number;
  /** Headers that a proxy adds to an answer. */
  readonly added?: Readonly<Record<string, string>>;
  readonly unsigned?: number;
}

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.seen.length = 0;
});

const ours = { phone_number: from, capabilities: { voice: true, sms: true, mms: false } };
const signsIn = ({ authorization = '' }: Seen): string =>
  Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')[1] ?? '';

const answering = (world: Answers) => (asked: Seen, response: ServerResponse) => {
  const { account = { status: 'active', type: 'Full' }, numbers = [ours], discovery = 200, unsigned = 403 } = world;
  const headers = { date: world.date ?? 'Fri, 01 May 2026 12:00:03 GMT' };
  if (asked.url === '/.well-known/openid-configuration') return reply(response, discovery, {}, world.added);
  // As where a management port answers it.
  if (asked.url === '/healthz') return reply(response, 404, {});
  if (asked.url.startsWith('/callbacks/')) return reply(response, unsigned, {}, { location: '/sign-in' });
  if (signsIn(asked) === world.refused) return refuse(response, 401, 20_003);
  if (asked.url.includes('IncomingPhoneNumbers')) return reply(response, 200, { incoming_phone_numbers: numbers });
  return typeof account === 'number' ? refuse(response, account, 20_500) : reply(response, 200, account, headers);
};

const live = (more: Partial<LiveSettings> = {}, tokens: readonly [string, ...string[]] = [first]): LiveSettings => ({
  mode: 'production',
  issuer: new URL(api.base),
  proxyHops: 0,
  factors: ['call', 'sms', 'totp'],
  database: { store: 'memory' },
  twilio: { accountSid, authTokens: tokens, from, apiBase: api.base, callbackBase: api.base },
  ...more,
});

const wrongIn = async (world: Answers, looked = live()): Promise<readonly string[]> => {
  api.answer = answering(world);
  const findings = await checkLive(looked, () => now);
  for (const finding of findings) expect(lineOf(finding)).not.toMatch(/1{32}|2{32}/);
  return findings.filter(({ ok }) => !ok).map(lineOf);
};

describe('checkLive', () => {
  test.each([
    { added: { server: 'nginx' }, sign: 'server: nginx' },
    { added: { via: '1.1 varnish' }, sign: 'via: 1.1 varnish' },
    { added: { 'cf-ray': '8c1' }, sign: 'cf-ray: 8c1' },
  ])('finds a proxy that the settings do not count, by $sign', async ({ added, sign }) => {
    await expect(wrongIn({})).resolves.toEqual([]);
    await expect(wrongIn({ added })).resolves.toEqual([
      `not ok  proxies at ${new URL(api.base).origin}: got none by SALLYPORT_PROXY_HOPS, but an answer with ${sign}, ` +
        'expected the number of proxies that append to X-Forwarded-For. Set SALLYPORT_PROXY_HOPS, usually to 1: ' +
        'otherwise all people share the address and the limits of the proxy.',
    ]);
    await expect(wrongIn({ added }, live({ proxyHops: 1 }))).resolves.toEqual([]);
    await expect(wrongIn({ added }, live({ factors: ['totp'], twilio: undefined }))).resolves.toHaveLength(1);
  });

  test('finds no problem with a good account', async () => {
    await expect(wrongIn({})).resolves.toEqual([]);
  });

  test.each<[string, Answers, RegExp]>([
    ['a suspended account', { account: { status: 'suspended', type: 'Full' } }, /got an account that is suspended/],
    [
      'a trial in production',
      { account: { status: 'active', type: 'Trial' } },
      /got a trial account, expected a full account/,
    ],
    ['an API that is down', { account: 500 }, /^not ok {2}credentials: got 500 \(20500\)/],
    ['no number', { numbers: [] }, /got a number of another account/],
    ['a longer number', { numbers: [{ ...ours, phone_number: `${from}9` }] }, /got a number of another account/],
    [
      'a number that cannot text',
      { numbers: [{ ...ours, capabilities: { voice: true, sms: false } }] },
      /got a number that can call, expected a number that can text\. .*SALLYPORT_TWILIO_MESSAGING_SERVICE_SID/,
    ],
    [
      'a number that cannot call',
      { numbers: [{ ...ours, capabilities: { voice: false, sms: true } }] },
      /got a number that can text, expected a number that can call/,
    ],
    ['a clock that is behind', { date: 'Fri, 01 May 2026 12:00:31 GMT' }, /clock: got 31 s behind the carrier's/],
    ['a clock that is ahead', { date: 'Fri, 01 May 2026 11:58:00 GMT' }, /clock: got 120 s ahead of the carrier's/],
    ['a sign-in page in front', { unsigned: 302 }, /got 302 for an unsigned callback, expected 403/],
    ['a server that takes anything', { unsigned: 204 }, /got 204 for an unsigned callback, expected 403/],
  ])('reports %s', async (_name, world, line) => {
    await expect(wrongIn(world)).resolves.toEqual([expect.stringMatching(line)]);
  });

  test('reports a server that is not there', async () => {
    const line = /got 502 from \/\.well-known\/openid-configuration, expected 200\. Start the server/;
    const lines = await wrongIn({ discovery: 502 });
    expect(lines.map(each => each.split(' ')[3])).toEqual(['callbacks', 'proxies']);
    for (const each of lines) expect(each).toMatch(line);
  });

  test('does not fail because this machine cannot reach the public address', async () => {
    api.answer = answering({});
    const { origin } = await deadEnd();
    const looked = live({ issuer: new URL(origin), factors: ['totp'], twilio: undefined });
    expect((await checkLive(looked, () => now)).map(lineOf)).toContain(
      `ok      proxies at ${origin}: not checked, no answer (ECONNREFUSED) to this machine`,
    );
  });

  test('finds no problem while both tokens are accepted', async () => {
    await expect(wrongIn({}, live({}, [first, next]))).resolves.toEqual([]);
  });

  test('reports a second token that is no longer accepted', async () => {
    await expect(wrongIn({ refused: next }, live({}, [first, next]))).resolves.toEqual([
      expect.stringMatching(/second token: got 401 \(20003\).* Remove it/),
    ]);
  });

  test('reports that only the second token is accepted', async () => {
    const wrong = await wrongIn({ refused: first }, live({}, [first, next]));
    expect(wrong).toEqual([
      expect.stringMatching(/^not ok {2}credentials: got 401/),
      expect.stringMatching(/^not ok {2}second token: .* Put it first in SALLYPORT_TWILIO_AUTH_TOKENS/),
    ]);
  });

  test('ignores a number that cannot text if a messaging service is set or no method texts', async () => {
    const world = { numbers: [{ ...ours, capabilities: { voice: true, sms: false } }] };
    const { twilio } = live();
    if (twilio === undefined) throw new Error('no carrier');
    const messagingServiceSid = `MG${'3'.repeat(32)}`;
    await expect(wrongIn(world, live({ twilio: { ...twilio, messagingServiceSid } }))).resolves.toEqual([]);
    await expect(wrongIn(world, live({ factors: ['call'] }))).resolves.toEqual([]);
  });

  test('reports a loopback callback address if the carrier is elsewhere', async () => {
    api.answer = answering({});
    const { twilio } = live();
    if (twilio === undefined) throw new Error('no carrier');
    const apiBase = new URL('http://0.0.0.0:1');
    const findings = await checkLive(live({ twilio: { ...twilio, apiBase } }), () => now);
    expect(findings.filter(({ ok }) => !ok).map(lineOf)).toEqual([
      expect.stringMatching(/^not ok {2}credentials: got no answer/),
      expect.stringMatching(/got a loopback address, expected a public address/),
    ]);
  });

  test('probes the text callback if only texts are enabled', async () => {
    const path = /^\/callbacks\/twilio\/(call|text)\//;
    const asked = () => api.seen.flatMap(({ url }) => path.exec(url)?.[1] ?? []);
    await wrongIn({}, live({ factors: ['sms'] }));
    await wrongIn({}, live({ factors: ['sms', 'spoken'] }));
    expect(asked()).toEqual(['text', 'call']);
  });

  test('reports a missing account only if an enabled method needs it', async () => {
    const none = live({ twilio: undefined });
    await expect(wrongIn({}, { ...none, factors: ['totp'] })).resolves.toEqual([]);
    await expect(wrongIn({}, { ...none, factors: ['totp', 'sms'] })).resolves.toEqual([
      expect.stringMatching(/^not ok {2}account: got none/),
    ]);
  });

  test('accepts a trial account in development', async () => {
    const world = { account: { status: 'active', type: 'Trial' } };
    await expect(wrongIn(world, live({ mode: 'development' }))).resolves.toEqual([]);
  });
});

const isRedisTested = hasRedisServer() || process.env['CI'] === 'true';
if (!isRedisTested) process.stderr.write('NOT TESTED: what config check --live says of Redis. No redis-server here.\n');
const redisAt = (port: number) => ({
  redis: { form: 'single', hosts: [{ host: '127.0.0.1', port }], database: 0, tls: false } as const,
  issuer: new URL('https://login.example.com'),
});

const redisLine = async (port: number) => (await redisFindings(redisAt(port), Date.now)).map(lineOf);

(isRedisTested ? describe : describe.skip)('Redis', () => {
  test('is asked whether it answers and evicts nothing', async () => {
    const redis = await startRedis();
    try {
      expect(await redisLine(redis.port)).toEqual([
        `ok      Redis 127.0.0.1:${redis.port}: it answers, and evicts nothing`,
      ]);
    } finally {
      await redis.stop();
    }
    expect(await redisLine(redis.port)).toEqual([
      expect.stringMatching(/^not ok {2}Redis 127\.0\.0\.1:\d+: got .*ECONNREFUSED.*Compare REDIS_URL/),
    ]);
  });

  test('is refused where it evicts', async () => {
    const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    try {
      expect(await redisLine(redis.port)).toEqual([expect.stringMatching(/got .*allkeys-lru, expected noeviction/)]);
    } finally {
      await redis.stop();
    }
  });
});

/** The finding about a mail server with these settings. */
const foundOn = async (
  options: MailServerOptions,
  more: Partial<SmtpSettings> = {},
  isTrusted = true,
): Promise<string> => {
  const server = await startMailServer(options);
  const distrust = isTrusted ? trustMailServer() : undefined;
  const line = lineOf(await mailFinding(server.settings(more))).replace(`:${server.port}`, ':PORT');
  distrust?.();
  await server.close();
  expect(server.begun).toEqual([]);
  expect(line).not.toMatch(/horse|wrong password/);
  return line;
};

describe('the mail server', () => {
  const account = { user: 'login', password: 'correct horse' };
  test.each<[string, MailServerOptions, Partial<SmtpSettings>, boolean, string]>([
    [
      'TLS and a password',
      { tls: 'implicit', account },
      {},
      true,
      'ok      mail server 127.0.0.1:PORT: it takes our mails with TLS, as our user',
    ],
    ['STARTTLS', { tls: 'starttls' }, {}, true, 'ok      mail server 127.0.0.1:PORT: it takes our mails with TLS'],
    [
      'plain text on loopback',
      { tls: 'none' },
      {},
      true,
      'ok      mail server 127.0.0.1:PORT: it takes our mails in plain text',
    ],
    [
      'a server without STARTTLS',
      { tls: 'none' },
      { tls: 'starttls' },
      true,
      'not ok  mail server 127.0.0.1:PORT: got 500, expected TLS with a certificate for 127.0.0.1. Let the server offer STARTTLS',
    ],
    [
      'a certificate of a stranger',
      { tls: 'starttls' },
      {},
      false,
      'not ok  mail server 127.0.0.1:PORT: got DEPTH_ZERO_SELF_SIGNED_CERT, expected TLS with a certificate for 127.0.0.1. Let the server offer',
    ],
    [
      'a certificate of a stranger from the first byte',
      { tls: 'implicit' },
      {},
      false,
      'not ok  mail server 127.0.0.1:PORT: got DEPTH_ZERO_SELF_SIGNED_CERT, expected TLS with a certificate for 127.0.0.1. Use smtp://',
    ],
    [
      'a certificate for another name',
      { tls: 'implicit' },
      { host: 'localhost' },
      true,
      'not ok  mail server localhost:PORT: got ERR_TLS_CERT_ALTNAME_INVALID, expected TLS with a certificate for localhost.',
    ],
    [
      'smtps:// at a server for STARTTLS',
      { tls: 'starttls' },
      { tls: 'implicit' },
      true,
      'not ok  mail server 127.0.0.1:PORT: got ERR_SSL_WRONG_VERSION_NUMBER, expected TLS',
    ],
    [
      'a wrong password',
      { tls: 'starttls', account },
      { auth: { user: 'login', password: 'wrong horse' } },
      true,
      'not ok  mail server 127.0.0.1:PORT: got 535 5.7.8, expected 235. Compare user and password',
    ],
    [
      'a server that knows no passwords',
      { tls: 'starttls' },
      { auth: account },
      true,
      'not ok  mail server 127.0.0.1:PORT: got 50',
    ],
  ])('%s', async (_name, options, more, isTrusted, line) => {
    expect((await foundOn(options, more, isTrusted)).slice(0, line.length)).toBe(line);
  });

  test('a port where nothing listens', async () => {
    const { port } = await deadEnd();
    const sender = { name: '', address: 'login@example.com' };
    const smtp = { host: '127.0.0.1', port: Number(port), tls: 'none', from: sender } as const;
    expect(lineOf(await mailFinding(smtp))).toMatch(
      /^not ok {2}mail server 127\.0\.0\.1:\d+: got no answer \(ECONNREFUSED\), expected a mail server\. Compare host and port/,
    );
  });

  test('no mail server is no mistake, and is said', async () => {
    expect(lineOf(await mailFinding(undefined))).toBe('ok      mail: no mail server, so no mail is sent');
  });
});
