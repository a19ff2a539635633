/** Tests `npm run serve`, the server's own process: its start, its refusal to start and its shutdown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servicesOver } from '../../cli/services.ts';
import { openResources } from '../../server/resources.ts';
import { startSimulator } from '../../simulator/start.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { Browser, heading } from '../support/browser/plain.ts';
import { writeClient } from '../support/world/clients.ts';
import { enterPassword } from '../support/world/relying-party.ts';
import { hold, portOf, release, start, freeNeighbourPorts } from '../support/world/programs.ts';
import { hasRedisServer, startRedis } from '../support/world/redis-server.ts';
import { hashOf } from '../support/hash-of.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-serve-'));
});
afterAll(() => rm(folder, { recursive: true }));

const serve = (env: Readonly<Record<string, string>>, args: readonly string[] = []) =>
  start('server/main.ts', args, { cwd: folder, env });

test.each(['--help', '-h'])('%s prints help, starts nothing and exits with 0', async argument => {
  const server = serve({ NODE_ENV: 'production' }, [argument]);
  expect(await server.ended).toBe(0);
  expect(server.said.out).toContain('Usage: npm run serve');
  expect(server.said.err).toBe('');
});

test('an argument that is not known starts nothing', async () => {
  const server = serve({ SALLYPORT_DATABASE_URL: 'memory:' }, ['--port=3000']);
  expect(await server.ended).toBe(64);
  expect(server.said).toEqual({ out: '', err: 'got the argument "--port=3000", expected none (see --help)\n' });
});

const onRedis = hasRedisServer() || process.env['CI'] === 'true' ? describe : describe.skip;
onRedis('on Redis', () => {
  test('a start that fails after its stores were opened ends the process', async () => {
    const redis = await startRedis();
    const port = await freeNeighbourPorts();
    const startWith = (key: Buffer) =>
      serve({
        SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'sealed.db')}`,
        REDIS_URL: redis.url,
        SALLYPORT_ISSUER: `http://localhost:${port}`,
        SALLYPORT_SEALING_KEYS: `a:${key.toString('base64')}`,
      });
    const first = startWith(randomBytes(32));
    await first.until(/"event":"server\.listening"/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = startWith(randomBytes(32));
    expect(await second.ended).toBe(1);
    expect(second.said.err).toContain('IDP-1501');
    await redis.stop();
  });
});

test('a server that gets SIGTERM finishes open requests, accepts no new ones and exits with 0', async () => {
  const port = await freeNeighbourPorts();
  const server = serve({ SALLYPORT_DATABASE_URL: 'memory:', SALLYPORT_ISSUER: `http://localhost:${port}` });
  await server.until(/"event":"server\.listening"/);
  const underWay = connect(port, '127.0.0.1');
  await once(underWay, 'connect');
  underWay.write(
    `POST /token HTTP/1.1\r\nhost: localhost:${port}\r\nconnection: close\r\n` +
      'content-type: application/x-www-form-urlencoded\r\ncontent-length: 10\r\n\r\n',
  );
  // Answered on another connection, so everything sent before it has been read as well.
  expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);

  server.child.kill('SIGTERM');
  await server.until(/"event":"server\.draining"/);
  await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow('fetch failed');
  underWay.write('grant_type');
  expect(await text(underWay)).toMatch(/^HTTP\/1\.1 401 [^]*"error":"invalid_client"/);
  expect(await server.ended).toBe(0);
  expect(server.said.out).toContain('"event":"server.stopped"');
  expect(server.said.err).toBe('');
});

test('a server that drains still answers for the delay, is not ready, and closes connections; another signal ends it', async () => {
  const port = await freeNeighbourPorts();
  const server = serve({
    SALLYPORT_DATABASE_URL: 'memory:',
    SALLYPORT_ISSUER: `http://localhost:${port}`,
    SALLYPORT_DRAIN_DELAY: '60s',
  });
  await server.until(/"event":"server\.listening"/);
  server.child.kill('SIGTERM');
  // npm and systemd both pass one signal on.
  server.child.kill('SIGTERM');
  await server.until(/"event":"server\.draining"/);
  const answers = await Promise.all(
    ['/healthz', '/readyz'].map(path =>
      fetch(`http://localhost:${port}${path}`, { headers: { connection: 'keep-alive' } }),
    ),
  );
  expect(answers.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([
    [200, 'close'],
    [503, 'close'],
  ]);
  await new Promise(resolve => {
    setTimeout(resolve, 1_100);
  });
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(143);
  expect(server.said.out).toContain('"event":"server.cut"');
});

test('an exception that was not caught is logged, and the server drains and exits with 1', async () => {
  const port = await freeNeighbourPorts();
  const failing =
    "if (process.argv[1]?.endsWith('main.ts')) process.once('SIGUSR2', () => void Promise.reject(new Error('a mistake')))";
  const server = serve({
    SALLYPORT_DATABASE_URL: 'memory:',
    SALLYPORT_ISSUER: `http://localhost:${port}`,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(failing)}`,
  });
  await server.until(/"event":"server\.listening"/);
  server.child.kill('SIGUSR2');
  expect(await server.ended).toBe(1);
  expect(server.said.out).toMatch(/"message":"a mistake"[^]*"origin":"unhandledRejection","event":"process\.failed"/);
  expect(server.said.out).toContain('"event":"server.stopped"');
});

// Starts a server with a database, and a simulated telephone network that it calls: about two seconds.
test('npm run serve announces a new database and passkeys that are off, and SIGTERM to npm stops the server', async () => {
  const port = await freeNeighbourPorts();
  const path = join(folder, 'npm.db');
  const npm = spawn('npm', ['run', '--silent', 'serve'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      ...process.env,
      SALLYPORT_DATABASE_URL: `sqlite:${path}`,
      SALLYPORT_ISSUER: `http://127.0.0.1:${port}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of npm.stdout.setEncoding('utf8')) {
    said += String(chunk);
    if (String(chunk).includes('"event":"server.listening"')) npm.kill('SIGTERM');
  }
  expect(said).toContain(`"path":"${path}","event":"database.created"`);
  expect(said).toContain('"because":"ip-address","host":"127.0.0.1","event":"passkeys.off"');
  expect(said).toContain('"event":"server.stopped"');
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
});

test('a server that gets SIGTERM ends the stream of a waiting page at once, and closes its stores', async () => {
  const port = await freeNeighbourPorts();
  const number = '+12025550143';
  const carrier = { accountSid: `AC${'5'.repeat(32)}`, authToken: 'c0ffee'.repeat(6) };
  const person = { name: 'ada', password: 'copper-beacon-desert', number };
  const simulator = await startSimulator({
    port: 0,
    relyingPartyPort: 0,
    ...carrier,
    people: [person],
    pace: 'instant',
  });
  const file = join(folder, 'waiting', 'store.db');
  const env = {
    SALLYPORT_MODE: 'development',
    SALLYPORT_DATABASE_URL: `sqlite:${file}`,
    SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SALLYPORT_ISSUER: `http://localhost:${port}`,
    SALLYPORT_TWILIO_ACCOUNT_SID: carrier.accountSid,
    SALLYPORT_TWILIO_AUTH_TOKENS: carrier.authToken,
    SALLYPORT_TWILIO_FROM: '+12025550100',
    SALLYPORT_TWILIO_API_BASE: simulator.url,
    SALLYPORT_PASSWORD_MEMORY_KIB: '64',
    SALLYPORT_PASSWORD_PASSES: '1',
  };
  await addPersonAndClient(env, person);
  const server = serve(env);
  await server.until(/"event":"server\.listening"/);
  const browser = new Browser({ issuer: new URL(env.SALLYPORT_ISSUER), ports: [port], clock: Date.now });
  const calling = await enterPassword(browser, await browser.visit(`${env.SALLYPORT_ISSUER}/auth?${request}`), person);
  expect(heading(calling)).toMatch(/calling/);
  const path = `${calling.path}/events`;
  const headers = { accept: 'text/event-stream', cookie: browser.jar.for(path) };
  const events = await fetch(`${env.SALLYPORT_ISSUER}${path}`, { headers });
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(await reader?.read()).toMatchObject({ value: expect.stringMatching(/^retry: [2-4]\d{3}\n/) });
  expect(existsSync(`${file}-wal`)).toBe(true);

  server.child.kill('SIGTERM');
  // A stream that was cut after the grace of 30 s would throw here.
  for (let part = await reader?.read(); part?.done === false;) part = await reader?.read();
  expect(await server.ended).toBe(0);
  expect(server.said.err).toBe('');
  // SQLite removes its side files when the last connection is closed.
  expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([true, false]);
  await simulator.close();
});

/** An authorization request of the client below. */
const request = new URLSearchParams({
  client_id: 'contoso',
  redirect_uri: 'https://contoso.test/callback',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
}).toString();

const addPersonAndClient = async (
  env: Readonly<Record<string, string>>,
  { name, password, number }: { readonly name: string; readonly password: string; readonly number: string },
): Promise<void> => {
  const resources = await openResources(loadSettings(env), { log: silentLog });
  const services = await servicesOver(resources);
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'cli');
  if (!added.ok) throw new Error(added.reason);
  const phone = await services.authenticators.bind(added.user.id, { type: 'phone', label: 'mobile', data: { number } });
  await services.authenticators.prefer(added.user.id, phone.id, 'call');
  const urls = { redirectUris: ['https://contoso.test/callback'], postLogoutRedirectUris: [] };
  await writeClient(services, { id: 'contoso', name: 'Contoso', ...urls });
  await resources.close();
};

test('a wrong configuration lists all its mistakes and exits with 78', async () => {
  const server = serve({ NODE_ENV: 'production', SALLYPORT_PROXY_HOPS: 'many' });
  expect(await server.ended).toBe(78);
  expect(server.said.out).toBe('');
  for (const name of ['SALLYPORT_ISSUER', 'SALLYPORT_SEALING_KEYS', 'SALLYPORT_TWILIO_FROM', 'SALLYPORT_PROXY_HOPS']) {
    expect(server.said.err).toContain(`  ${name}\n    got `);
  }
});

test('a port in use is reported in one line and ends the process', async () => {
  const other = await hold(0);
  const port = portOf(other);
  const server = serve({ SALLYPORT_DATABASE_URL: 'memory:', SALLYPORT_ISSUER: `http://localhost:${port}` });
  expect(await server.ended).toBe(1);
  expect(server.said.err).toBe(
    `127.0.0.1 port ${port} is in use: stop the program that has it, or choose another port (SALLYPORT_LISTEN) (IDP-1505)\n`,
  );
  await release(other);
});
