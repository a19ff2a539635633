/** Checks compose.yaml without a container engine: its settings, what it opens, and its proxy in front of two servers. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { freeNeighbourPorts } from '../support/world/programs.ts';
import { configCheck } from './support/config-check.ts';

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly privileged?: boolean;
  readonly [field: string]: unknown;
}
const root = join(import.meta.dirname, '../..');
const { services, secrets, configs } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  secrets: Readonly<Record<string, { readonly file: string }>>;
  configs: { readonly proxy: { readonly content: string } };
};

describe('compose.yaml', () => {
  test('has two equal nodes, which wait for the migration', () => {
    expect(services['node-b']).toEqual(services['node-a']);
    expect(services['node-a']).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      depends_on: { migration: { condition: 'service_completed_successfully' } },
    });
    expect(services['migration']).toMatchObject({ command: ['cli/index.ts', 'migrate'] });
  });

  test('images have a tag, and only loopback is opened', () => {
    const foreign = Object.values(services)
      .map(({ image }) => image)
      .filter(image => image !== 'sallyport');
    expect(foreign.filter(image => !/:\d+\.\d+\.\d+$/.test(image))).toEqual([]);
    expect(Object.values(services).flatMap(({ ports = [] }) => ports)).toEqual(['127.0.0.1:8443:8443']);
    expect(Object.values(services).filter(({ privileged }) => privileged)).toEqual([]);
  });

  test('the server takes its settings', async () => {
    expect(await configCheck(services['node-a']?.environment ?? {})).toBe(
      'The configuration is good: production, https://localhost:8443.\n',
    );
  });
});

const isPossible = ['nginx', 'openssl'].every(program => spawnSync(program, ['-v']).error === undefined);
if (!isPossible && process.env['CI'] === 'true') throw new Error('CI needs nginx and openssl');
if (!isPossible) console.warn('The proxy of compose.yaml is not tried: install nginx-light and openssl');

(isPossible ? describe : describe.skip)('the proxy of compose.yaml', () => {
  let folder: string;
  let port: number;
  let proxy: ChildProcess;
  const nodes: Server[] = [];
  const seen: { readonly node: number; readonly headers: IncomingHttpHeaders }[] = [];

  /** The status of an answer through the proxy, which tells the node to give the address of the browser. */
  const ask = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const options = {
        port,
        host: 'localhost',
        rejectUnauthorized: false,
        headers: { 'x-forwarded-for': '192.0.2.1' },
      };
      request(options, answer => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-compose-'));
    port = await freeNeighbourPorts();
    for (const node of [1, 2]) {
      const server = createServer((incoming, response) => {
        seen.push({ node, headers: incoming.headers });
        response.end();
      });
      nodes.push(server.listen(port + node, '127.0.0.1'));
      await once(server, 'listening');
    }
    const subject = ['-subj', '/CN=localhost', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const files = ['-keyout', join(folder, 'certificate-key'), '-out', join(folder, 'certificate')];
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...subject, ...files], { stdio: 'pipe' });
    const site = configs.proxy.content
      .replaceAll('$$', '$')
      .replaceAll('/run/secrets', folder)
      .replace('node-a:3000', `127.0.0.1:${port + 1}`)
      .replace('node-b:3000', `127.0.0.1:${port + 2}`)
      .replace('listen 8443', `listen 127.0.0.1:${port}`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      name => `${name}_temp_path ${folder}/${name};`,
    );
    await writeFile(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/pid; error_log stderr crit; events {} http { access_log off; ${temporary.join(' ')} ${site} }`,
    );
    proxy = spawn('nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' });
    for (let turn = 0; turn < 600 && (await ask().catch(() => undefined)) === undefined; turn += 1) await sleep(50);
    seen.length = 0;
  }, 30_000);
  afterAll(async () => {
    const ended = once(proxy, 'exit');
    proxy.kill('SIGTERM');
    await ended;
    for (const node of nodes) node.close();
    await rm(folder, { recursive: true });
  });

  test('hands requests to both nodes, with the host and one more address', async () => {
    for (let turn = 0; turn < 4; turn += 1) expect(await ask()).toBe(200);
    expect(new Set(seen.map(({ node }) => node))).toEqual(new Set([1, 2]));
    expect(seen[0]?.headers).toMatchObject({ host: `localhost:${port}`, 'x-forwarded-for': '192.0.2.1, 127.0.0.1' });
  });

  test('goes on with one node', async () => {
    nodes[0]?.close();
    nodes[0]?.closeAllConnections();
    for (let turn = 0; turn < 4; turn += 1) expect(await ask()).toBe(200);
  });
});

test('files that compose.yaml asks for are made as documented, and never committed', () => {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  expect(Object.values(secrets).map(({ file }) => file.split('/')[0])).toEqual(['.compose', '.compose', '.compose']);
  expect(ignored).toContain('.compose/');
});
