/** Tests what a request for another host than the issuer's is told: a proxy that drops Host, or a client with 127.0.0.1. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHostRefusal } from '../../server/endpoints/wrong-host.ts';
import { Problem } from '../../src/errors.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
/** Lines of the log before this test. */
let before: number;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.clock.advance(10_000);
  before = world.logged.length;
});

const ask = (host: string) => world.browser().go('/auth', { headers: { host } });
const lines = () =>
  world.logged
    .slice(before)
    .filter(({ event }) => event === 'request.wrong-host')
    .map(({ fields }) => fields);

test('the answer has a code, the log both hosts, and in development the answer too', async () => {
  const { host } = world.issuer;
  expect((await ask(host)).status).toBe(400);
  expect(lines()).toEqual([]);
  const refused = await ask('127.0.0.1:4332');
  const reason = `got Host "127.0.0.1:4332", expected ${host}`;
  expect([refused.status, refused.headers['content-type'], refused.text]).toEqual([
    421,
    'text/plain; charset=utf-8',
    `IDP-1421 This address is not served here. For developers: ${reason}.\n`,
  ]);
  expect(lines()).toEqual([expect.objectContaining({ label: 'IDP-1421', reason })]);
});

test('many such requests are one line in ten seconds, which counts those before it', async () => {
  for (let each = 0; each < 5; each += 1) expect((await ask('evil.example')).status).toBe(421);
  expect(lines()).toHaveLength(1);
  world.clock.advance(10_000);
  await ask('evil.example');
  expect(lines()).toEqual([
    expect.not.objectContaining({ unlogged: expect.anything() }),
    expect.objectContaining({ unlogged: 4 }),
  ]);
});

test('in production the answer names no host', async () => {
  const refuse = createHostRefusal({ clock: world.clock, log: { warn: () => {} }, isDevelopment: false });
  const server = createServer((request, response) => {
    refuse(request, response, new Problem('wrong-host', 'got Host "evil.example", expected login.example.com'));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect([answer.status, await answer.text()]).toEqual([421, 'IDP-1421 This address is not served here.\n']);
  server.close();
  server.closeAllConnections();
});
