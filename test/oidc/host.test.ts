/** Tests the check of the Host header and the address of the client. */
import { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isProblem } from '../../src/errors.ts';
import { checkHost, clientAddress, createProxyWarning, trustHost } from '../../src/oidc/http/host.ts';
import { authorize, signIn } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type World } from './support/world.ts';

const https = new URL('https://idp.example');
const local = new URL('http://localhost:3000');
const verdict = (target: string, rawHeaders: readonly string[], issuer: URL): string => {
  try {
    checkHost({ url: target, rawHeaders }, issuer);
    return 'passes';
  } catch (error) {
    return isProblem(error) ? error.code : String(error);
  }
};

test.each<[string, readonly string[], URL, string, string]>([
  ['the issuer', ['Host', 'idp.example'], https, '/', 'passes'],
  ['the issuer in capitals', ['HOST', 'IDP.example'], https, '/', 'passes'],
  ['the issuer with its default port', ['Host', 'idp.example:443'], https, '/', 'passes'],
  ['the issuer with a port', ['Host', 'localhost:3000'], local, '/auth?x=http://evil', 'passes'],
  ['another port', ['Host', 'idp.example:80'], https, '/', 'wrong-host'],
  ['no port where there is one', ['Host', 'localhost'], local, '/', 'wrong-host'],
  ['another host', ['Host', 'evil.example'], https, '/', 'wrong-host'],
  ['a host that ends like it', ['Host', 'evil-idp.example'], https, '/', 'wrong-host'],
  ['a host that begins like it', ['Host', 'idp.example.evil'], https, '/', 'wrong-host'],
  ['a trailing dot', ['Host', 'idp.example.'], https, '/', 'wrong-host'],
  ['user info', ['Host', 'a@evil:x@idp.example'], https, '/', 'wrong-host'],
  ['a list', ['Host', 'idp.example, evil.example'], https, '/', 'wrong-host'],
  ['an empty host', ['Host', ''], https, '/', 'wrong-host'],
  ['no host', ['Accept', '*/*'], https, '/', 'bad-request'],
  ['two hosts', ['Host', 'idp.example', 'Host', 'evil.example'], https, '/', 'bad-request'],
  ['two equal hosts', ['Host', 'idp.example', 'host', 'idp.example'], https, '/', 'bad-request'],
  ['an absolute target', ['Host', 'idp.example'], https, 'https://evil.example/', 'bad-request'],
  ['an absolute target of ours', ['Host', 'idp.example'], https, 'https://idp.example/', 'bad-request'],
  ['an asterisk', ['Host', 'idp.example'], https, '*', 'bad-request'],
])('the Host check: %s', (_title, rawHeaders, issuer, target, expected) => {
  expect(verdict(target, rawHeaders, issuer)).toBe(expected);
});

test.each<[string, number, readonly string[], string]>([
  ['without proxies, the caller and not the header', 0, ['X-Forwarded-For', '1.1.1.1'], '9.9.9.9'],
  ['behind one proxy, the address that it appended', 1, ['X-Forwarded-For', '6.6.6.6, 1.1.1.1'], '1.1.1.1'],
  ['behind two proxies what the outer one appended', 2, ['X-Forwarded-For', '6.6.6.6, 1.1.1.1, 10.0.0.2'], '1.1.1.1'],
  ['over several headers', 2, ['X-Forwarded-For', '6.6.6.6, 1.1.1.1', 'x-forwarded-for', '10.0.0.2'], '1.1.1.1'],
  ['a list that is too short', 2, ['X-Forwarded-For', '6.6.6.6'], '9.9.9.9'],
  ['no list', 1, [], '9.9.9.9'],
  ['no address', 1, ['X-Forwarded-For', 'unknown'], '9.9.9.9'],
  ['IPv6', 1, ['X-Forwarded-For', '2001:db8::1'], '2001:db8::1'],
  ['IPv4 in IPv6', 1, ['X-Forwarded-For', '::ffff:1.1.1.1'], '1.1.1.1'],
])('the client address: %s', (_title, hops, rawHeaders, expected) => {
  expect(clientAddress(rawHeaders, hops, '::ffff:9.9.9.9')).toBe(expected);
});

/** Entries as proxies write them, with the addresses that they mean. */
test.each<[entry: string, address: string]>([
  ['198.51.100.7', '198.51.100.7'],
  ['198.51.100.7:50000', '198.51.100.7'],
  ['"198.51.100.7:50000"', '198.51.100.7'],
  ['  198.51.100.7\t', '198.51.100.7'],
  ['2001:DB8::0:7', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['[2001:db8::7]:50000', '2001:db8::7'],
  ['"[2001:db8::7]:50000"', '2001:db8::7'],
  ['"[2001:db8::7]"', '2001:db8::7'],
  ['fe80::7%eth0', 'fe80::7'],
  ['[fe80::7%25eth0]:443', 'fe80::7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['[::FFFF:198.51.100.7]:50000', '198.51.100.7'],
  ['::ffff:c633:6407', '198.51.100.7'],
])('the client address in the entry %j is %s', (entry, address) => {
  expect(clientAddress(['X-Forwarded-For', `6.6.6.6, ${entry}`], 1, '9.9.9.9')).toBe(address);
});

// The address of the caller is used: a limit that is shared is better than one that the client chooses.
test.each<string>([
  'unknown',
  '_hidden',
  '',
  ' ',
  '198.51.100',
  '198.51.100.007',
  '0xc6.51.100.7',
  '198.51.100.7:',
  '198.51.100.7:port',
  '198.51.100.7 198.51.100.8',
  '198.51.100.7;by=10.0.0.1',
  'for=198.51.100.7',
  '[198.51.100.7',
  '2001:db8::7]:443',
  'https://198.51.100.7/',
  'login.example.com',
])('an entry without an address, %j, gives the address of the proxy', entry => {
  expect(clientAddress(['X-Forwarded-For', `6.6.6.6,${entry}`], 1, '9.9.9.9')).toBe('9.9.9.9');
});

test('an empty entry keeps its place, so that no entry of the client moves into the place of a proxy', () => {
  const header = ['X-Forwarded-For', '6.6.6.6, 1.1.1.1, '];
  expect([clientAddress(header, 2, '9.9.9.9'), clientAddress(header, 1, '9.9.9.9')]).toEqual(['1.1.1.1', '9.9.9.9']);
});

test('an entry of 60,000 characters is read in linear time', () => {
  for (const part of ['1', '"', '[', ' ', ':1', '1.']) {
    expect(clientAddress(['X-Forwarded-For', part.repeat(60_000)], 1, '9.9.9.9')).toBe('9.9.9.9');
  }
});

/** The lines that these requests leave in the log. */
const warnings = (hops: number, ...requests: readonly (readonly string[])[]) => {
  const lines: (readonly [string, object | undefined])[] = [];
  const warn = createProxyWarning(hops, { warn: (event, fields) => void lines.push([event, fields]) });
  for (const rawHeaders of requests) warn({ rawHeaders: [...rawHeaders] });
  return lines;
};

describe('a number of proxies that requests contradict', () => {
  const forwarded = ['X-Forwarded-For', '198.51.100.7'];

  test('is no warning while they agree with it', () => {
    expect([warnings(0, [], ['Host', 'idp.example']), warnings(1, forwarded, forwarded)]).toEqual([[], []]);
  });

  test.each([
    { desc: 'X-Forwarded-For without a proxy', hops: 0, headers: forwarded },
    { desc: 'one proxy less than stated', hops: 2, headers: forwarded },
    { desc: 'no X-Forwarded-For behind a proxy', hops: 1, headers: [] },
    { desc: 'no address from the proxy', hops: 1, headers: ['X-Forwarded-For', '6.6.6.6, unknown'] },
  ])('is one warning in the log for $desc, however often it comes', ({ hops, headers }) => {
    expect(warnings(hops, headers, headers, headers)).toEqual([
      ['proxy.miscounted', expect.objectContaining({ setting: 'SALLYPORT_PROXY_HOPS', hops })],
    ]);
  });
});

test('pinHost replaces the host and proxy headers of a request', () => {
  const request = new IncomingMessage(new Socket());
  request.url = '/auth';
  request.rawHeaders = ['Host', 'IDP.example:443', 'X-Forwarded-For', '6.6.6.6, 1.1.1.1', 'X-Forwarded-Host', 'evil'];
  Object.assign(request.headers, {
    host: 'IDP.example:443',
    'x-forwarded-host': 'evil',
    forwarded: 'host=evil',
    accept: '*/*',
  });
  trustHost(request, { issuer: https, proxyHops: 1 });
  expect(request.headers).toEqual({
    host: 'idp.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '1.1.1.1',
    accept: '*/*',
  });
});

describe('discovery', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ proxyHops: 1 });
  });
  afterEach(() => world.close());
  const path = '/.well-known/openid-configuration';

  test('describes the endpoints', async () => {
    const { text, headers } = await send(world, 'GET', path);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
    });
    expect(JSON.parse(text)).toMatchObject({
      issuer: 'http://idp.test',
      authorization_endpoint: 'http://idp.test/auth',
      token_endpoint: 'http://idp.test/token',
      jwks_uri: 'http://idp.test/jwks',
      userinfo_endpoint: 'http://idp.test/me',
      end_session_endpoint: 'http://idp.test/session/end',
      introspection_endpoint: 'http://idp.test/token/introspection',
      revocation_endpoint: 'http://idp.test/token/revocation',
      response_types_supported: ['code'],
      grant_types_supported: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      pushed_authorization_request_endpoint: 'http://idp.test/request',
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      response_modes_supported: ['form_post', 'fragment', 'query', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'],
      authorization_signing_alg_values_supported: ['ES256', 'RS256'],
      introspection_signing_alg_values_supported: ['ES256', 'RS256'],
      subject_types_supported: ['public', 'pairwise'],
      authorization_response_iss_parameter_supported: true,
      acr_values_supported: expect.arrayContaining(['sfa', 'mfa', 'aal2', 'phr']),
      claims_supported: expect.arrayContaining(['sub', 'acr', 'amr', 'auth_time', 'name', 'email']),
    });
  });

  test('answers HEAD without a body, and other methods as the provider does', async () => {
    const [get, head] = [await send(world, 'GET', path), await send(world, 'HEAD', path)];
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.text)));
    expect((await send(world, 'POST', path, { form: {} })).status).toBe(404);
  });
});

describe('cookies', () => {
  test('are all Secure, bound to their host and HttpOnly over https', async () => {
    const world = await openWorld({ issuer: 'https://idp.test' });
    const rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    const lines = [(await send(world, 'GET', asked.url.pathname)).headers['set-cookie'] ?? []].flat();
    await signIn(browser, rp, 'ada', 'sfa', { prompt: 'login' });
    expect(browser.cookies.map(({ name, path }) => [name, path === '/'])).toEqual(
      expect.arrayContaining([
        ['__Host-session', true],
        ['__Host-session.sig', true],
        ['__Secure-interaction', false],
      ]),
    );
    const first = await send(
      world,
      'GET',
      `/auth?client_id=contoso&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(rp.redirectUri)}&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`,
    );
    const set = [...lines, ...[first.headers['set-cookie'] ?? []].flat()];
    expect(set.length).toBeGreaterThan(3);
    for (const line of set)
      expect(line).toMatch(
        /^__(Host|Secure)-.*; secure; httponly; samesite=lax|^__(Host|Secure)-.*samesite=lax; secure; httponly/i,
      );
    await world.close();
  });
});

/** Sends these bytes without a client library, which would correct them. */
const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', chunk => (got += String(chunk)));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });

test('a doubled Host header and an absolute request target are seen unchanged', async () => {
  const world = await openWorld();
  const [port = 0] = world.ports;
  const status = async (text: string) => (await raw(port, `${text}\r\nConnection: close\r\n\r\n`)).split(' ', 2)[1];
  expect(await status('GET /jwks HTTP/1.1\r\nHost: idp.test')).toBe('200');
  expect(await status('GET /jwks HTTP/1.1\r\nHost: idp.test\r\nHost: evil.test')).toBe('400');
  expect(await status('GET http://evil.test/jwks HTTP/1.1\r\nHost: idp.test')).toBe('400');
  expect(await status('GET /jwks HTTP/1.1')).toBe('400');
  await world.close();
});
