/**
 * Runs nginx or HAProxy from Debian in front of the nodes, as operators do: round robin, and no second try for a request with
 * effects that may have reached a node. HAProxy asks /readyz every `checkInterval`. nginx learns from failed connections alone, and
 * remembers none of them (docs/production.md).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFull } from '../amounts.ts';
import { eventually, statusAt } from './nodes.ts';

export const proxyNames = ['haproxy', 'nginx'] as const;
export type ProxyName = (typeof proxyNames)[number];

export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

/** False where this machine has no such program; says so. @throws Error in CI */
export const hasProxy = (name: ProxyName): boolean => {
  const isHere = spawnSync(name, ['-v']).error === undefined;
  if (!isHere && process.env['CI'] === 'true') throw new Error(`CI needs ${name}`);
  if (!isHere) process.stderr.write(`NOT TESTED BEHIND ${name}: Debian has it as ${debianPackages[name]}\n`);
  return isHere;
};
const debianPackages = { nginx: 'nginx-light', haproxy: 'haproxy' };

/** Milliseconds between two questions of HAProxy, one second as in docs/production.md; in `npm test` half of it. */
export const checkInterval = isFull ? 1_000 : 500;

interface Wish {
  readonly folder: string;
  readonly port: number;
  readonly nodePorts: readonly number[];
  /** Which node gets the callbacks of carriers while it runs, as long as HAProxy is the proxy. */
  readonly callbacksAt?: number | undefined;
}

/** The header by which a test leads a browser to one node behind HAProxy, while that runs: its address. */
export const wantedNode = 'x-wanted-node';

const nginxConfig = ({ folder, port, nodePorts }: Wish): string => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/nginx-${name};`,
  );
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  upstream nodes {
    ${nodePorts.map(each => `server 127.0.0.1:${each} max_fails=0;`).join('\n    ')}
    keepalive 8;
  }
  server {
    listen 127.0.0.1:${port};
    gzip off;
    client_body_buffer_size 128k;
    client_max_body_size 128k;
    location / {
      proxy_pass http://nodes;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_buffering off;
      proxy_connect_timeout 1s;
      proxy_read_timeout 60s;
      # A POST goes to another node only where none of it was sent.
      proxy_next_upstream error timeout;
      add_header x-node $upstream_addr always;
    }
  }
}
`;
};

/** A single node has no other that could take its requests: on a busy machine it would be given up for one slow answer. */
const givenUpAfter = ({ length }: readonly number[]): string => (length === 1 ? 'fall 5' : 'fall 1');

const haproxyConfig = ({ port, nodePorts, callbacksAt }: Wish): string => `
global
  maxconn 4096
  nbthread 1
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout http-request 20s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
frontend public
  bind 127.0.0.1:${port}
  default_backend nodes
backend nodes
  balance roundrobin
  option forwardfor
  option httpchk GET /readyz
  # Only a GET is sent a second time.
  http-request disable-l7-retry unless METH_GET
  http-response set-header x-node %s
  default-server check inter ${checkInterval}ms ${givenUpAfter(nodePorts)} rise 1
  ${callbacksAt === undefined ? '' : `use-server 127.0.0.1:${nodePorts[callbacksAt]} if { path_beg /callbacks/ }`}
  ${nodePorts.map(each => `use-server 127.0.0.1:${each} if { req.hdr(${wantedNode}) 127.0.0.1:${each} }`).join('\n  ')}
  ${nodePorts.map(each => `server 127.0.0.1:${each} 127.0.0.1:${each}`).join('\n  ')}
`;

const commands = {
  nginx: (file: string): readonly [string, readonly string[]] => ['nginx', ['-e', 'stderr', '-c', file]],
  haproxy: (file: string): readonly [string, readonly string[]] => ['haproxy', ['-db', '-f', file]],
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

/** Starts the proxy, and waits until it accepts connections. @throws Error with its output */
export const startProxy = async (name: ProxyName, wish: Wish): Promise<Proxy> => {
  const file = join(wish.folder, `${name}.conf`);
  await writeFile(file, name === 'nginx' ? nginxConfig(wish) : haproxyConfig(wish));
  const [program, args] = commands[name](file);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (said += chunk));
  const killed = (): void => void child.kill('SIGTERM');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  await eventually(`${name} accepts connections`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${said}`);
    return (await statusAt(wish.port, '/')) !== undefined;
  });
  return { port: wish.port, close: () => end(child) };
};
