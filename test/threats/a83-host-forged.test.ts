/**
 * A83. A sender chooses the Host of a request: a cache, a careless proxy, a crafted link. The answer then names another
 * server. oidc-provider derives every endpoint of discovery, the resume address and the audience of assertions from it.
 * No answer may name another host than that of the issuer.
 * Guard: `src/oidc/http/host.ts#checkHost`.
 */
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { authorize } from '../oidc/support/flows.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type World } from '../oidc/support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.addClient({ client_id: 'contoso' });
});
afterEach(() => world.close());

const discovery = '/.well-known/openid-configuration';
const evil = 'evil.example';

/** Sends the text unchanged over a socket, because HTTP clients would refuse or correct it. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(world.ports[0] ?? 0, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', chunk => (got += String(chunk)));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });

test.each([
  'x-forwarded-host',
  'x-forwarded-server',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-for',
  'x-forwarded-prefix',
  'x-host',
  'x-original-url',
  'x-rewrite-url',
  'x-http-host-override',
  'forwarded',
  'origin',
])('A83 discovery is the same for any value of %s', async name => {
  const honest = await send(world, 'GET', discovery);
  expect(JSON.parse(honest.text)).toMatchObject({ issuer: 'http://idp.test', token_endpoint: 'http://idp.test/token' });

  const forged = await send(world, 'GET', discovery, {
    headers: { [name]: name === 'forwarded' ? `host=${evil}` : evil },
  });

  expect([forged.status, forged.text]).toEqual([200, honest.text]);
});

test('A83 a sign-in continues at the issuer with forged proxy headers', async () => {
  const rp = { id: 'contoso', redirectUri: 'https://contoso.test/cb' };
  const honest = await authorize(new Browser(world), rp);
  expect(honest.at).toBe('interaction');

  const query = `client_id=contoso&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(rp.redirectUri)}&code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;
  const forged = await send(world, 'GET', `/auth?${query}`, {
    headers: { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https', forwarded: `host=${evil};proto=https` },
  });

  expect(forged.status).toBe(303);
  expect(JSON.stringify(forged)).not.toContain(evil);
  const [uid = ''] = /[^/]+$/.exec(String(forged.headers['location'])) ?? [];
  const kept = await world.provider.Interaction.find(uid);
  expect(kept?.returnTo).toBe(`http://idp.test/auth/${uid}`);
  expect(world.logged.find(({ event }) => event === 'sign-in.begun')?.fields).toMatchObject({ address: '127.0.0.1' });
});

test.each<[string, string, number]>([
  ['another host', `GET ${discovery} HTTP/1.1\r\nHost: ${evil}`, 421],
  ['another host that begins with ours', `GET ${discovery} HTTP/1.1\r\nHost: idp.test.${evil}`, 421],
  ['our host at another port', `GET ${discovery} HTTP/1.1\r\nHost: idp.test:8080`, 421],
  ['a host with user info', `GET ${discovery} HTTP/1.1\r\nHost: a@${evil}:x@idp.test`, 421],
  ['a list of hosts', `GET ${discovery} HTTP/1.1\r\nHost: idp.test, ${evil}`, 421],
  ['an empty host', `GET ${discovery} HTTP/1.1\r\nHost: `, 421],
  ['a request without a host', `GET ${discovery} HTTP/1.1\r\nAccept: */*`, 400],
  ['a request without a host over HTTP/1.0', `GET ${discovery} HTTP/1.0`, 400],
  ['a second Host header', `GET ${discovery} HTTP/1.1\r\nHost: idp.test\r\nHost: ${evil}`, 400],
  ['an absolute target at another host', `GET http://${evil}${discovery} HTTP/1.1\r\nHost: idp.test`, 400],
  ['an absolute target at our host', `GET http://idp.test${discovery} HTTP/1.1\r\nHost: ${evil}`, 400],
])('A83 %s is refused before routing', async (_title, request, status) => {
  const honest = await raw(`GET ${discovery} HTTP/1.1\r\nHost: idp.test\r\nConnection: close\r\n\r\n`);
  expect(honest).toMatch(/^HTTP\/1\.1 200 /);

  const refused = await raw(`${request}\r\nConnection: close\r\n\r\n`);

  expect(refused).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(refused).not.toContain(evil);
  expect(world.audited.filter(({ event }) => event.startsWith('sign-in'))).toEqual([]);
});
