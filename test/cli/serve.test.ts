/** Tests `npm run serve`, the server's own process: its start, its refusal to start and its shutdown. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hold, portOf, release, start, threeFreePorts } from '../support/world/programs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-serve-'));
});
afterAll(() => rm(folder, { recursive: true }));

const serve = (env: Readonly<Record<string, string>>) => start('server/main.ts', [], { cwd: folder, env });

test('a server that gets SIGTERM finishes open requests, accepts no new ones and exits with 0', async () => {
  const port = await threeFreePorts();
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
  expect(await text(underWay)).toMatch(/^HTTP\/1\.1 400 [^]*"error":"invalid_request"/);
  expect(await server.ended).toBe(0);
  expect(server.said.out).toContain('"event":"server.stopped"');
  expect(server.said.err).toBe('');
});

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
  expect(server.said.err).toBe(`cannot listen on 127.0.0.1 port ${port}: EADDRINUSE (IDP-1504)\n`);
  await release(other);
});
