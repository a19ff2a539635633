/**
 * Restarts two servers one after the other behind nginx with the group of docs/production.md: no request may fail. With nginx's own
 * defaults both count as down after that, the first one because it was down ten seconds ago.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasProxy } from './faults/support/site/proxies.ts';
import { portOf } from './support/world/programs.ts';

const suite = hasProxy('nginx') ? describe : describe.skip;
const documented = /^upstream sallyport \{[^]*?\n\}$/m;
let folder: string;
let proxy: ChildProcess | undefined;
const nodes: Server[] = [];

const startNode = async (at = 0): Promise<Server> => {
  const node = createServer((_request, response) => void response.end('answered'));
  node.listen(at, '127.0.0.1');
  await once(node, 'listening');
  return node;
};
const stop = async (node: Server): Promise<void> => {
  node.close();
  node.closeAllConnections();
  if (node.listening) await once(node, 'close');
};

const configuration = (group: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events { worker_connections 64; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join('\n')}
  ${group}
  server {
    listen unix:${folder}/nginx.sock;
    location / {
      proxy_pass http://sallyport;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-group-'));
  nodes.push(await startNode(), await startNode());
});
afterAll(async () => {
  if (proxy !== undefined && proxy.exitCode === null && proxy.kill('SIGTERM')) await once(proxy, 'exit');
  await Promise.all(nodes.map(stop));
  await rm(folder, { recursive: true, force: true });
});

const statusNow = async (): Promise<number> =>
  new Promise((resolve, reject) => {
    get({ socketPath: join(folder, 'nginx.sock'), path: '/', agent: false }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });
const startProxy = async (): Promise<void> => {
  const [group] = documented.exec(await readFile('docs/production.md', 'utf8')) ?? [''];
  const ports = nodes.map(portOf);
  const here = group.replaceAll(/10\.0\.0\.1(\d):3000/g, (_all, at: string) => `127.0.0.1:${ports[Number(at) - 1]}`);
  await writeFile(join(folder, 'nginx.conf'), configuration(here));
  proxy = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  const until = Date.now() + 10_000;
  while ((await statusNow().catch(() => 0)) !== 200) {
    if (Date.now() > until || proxy.exitCode !== null)
      throw new Error(await readFile(join(folder, 'nginx.log'), 'utf8'));
    await new Promise(resolve => void setTimeout(resolve, 20));
  }
};

suite('nginx with the group of docs/production.md', () => {
  test('no request fails while two nodes are restarted one after the other', async () => {
    await startProxy();
    const statuses: number[] = [];
    const ask = async (): Promise<void> => {
      for (let each = 0; each < 6; each += 1) statuses.push(await statusNow());
    };
    for (const [index, node] of nodes.entries()) {
      const at = portOf(node);
      await stop(node);
      await ask();
      nodes[index] = await startNode(at);
      await ask();
    }
    expect(statuses).toEqual(Array.from({ length: 24 }, () => 200));
  });
});
