/**
 * A85. Request smuggling: bytes that the proxy takes for the body of one request, and the server for the next request (or the
 * other way round), so that an attacker puts words before the request of another person. Each form is refused or read as one request,
 * by the server alone and behind nginx and HAProxy, and what the next person sends is answered as it was sent.
 * Guards: `server/listen.ts#listen`, `src/oidc/http/host.ts#checkHost`, `src/http/problems.ts#answerProblems`.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freeNeighbourPorts } from '../support/world/programs.ts';
import { hasProxy, proxyNames, startSite, type Site } from '../faults/support/site.ts';
import { startProxy, type Proxy } from '../faults/support/site/proxies.ts';

const hidden = '/smuggled';
/** Complete, so that an answer of its own shows where it is taken for a request. */
const smuggled = (host: string): string => `GET ${hidden} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

interface Attack {
  readonly title: string;
  /** The bytes on the wire. */
  readonly bytes: (host: string) => string;
  /** The form is allowed (RFC 9112): then it is one request with one answer. */
  readonly isAllowed?: true;
}

const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
const post = (host: string, headers: string, body: string): string =>
  `POST /token HTTP/1.1\r\nHost: ${host}\r\n${form}${headers}\r\n${body}`;

const attacks: readonly Attack[] = [
  {
    title: 'Content-Length and Transfer-Encoding',
    bytes: host => {
      const rest = `0\r\n\r\n${smuggled(host)}`;
      return post(host, `Content-Length: ${rest.length}\r\nTransfer-Encoding: chunked\r\n`, rest);
    },
  },
  {
    title: 'Transfer-Encoding and Content-Length, in the other order',
    bytes: host => post(host, 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', chunk(smuggled(host))),
  },
  {
    title: 'two Transfer-Encodings, of which one is unknown',
    bytes: host =>
      post(
        host,
        'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\nContent-Length: 5\r\n',
        `0\r\n\r\n${smuggled(host)}`,
      ),
  },
  {
    title: 'Transfer-Encoding: chunked, x',
    bytes: host => post(host, 'Transfer-Encoding: chunked, x\r\n', `0\r\n\r\n${smuggled(host)}`),
  },
  {
    title: 'Transfer-Encoding with a space before the colon',
    bytes: host => post(host, 'Transfer-Encoding : chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${smuggled(host)}`),
  },
  {
    title: 'Transfer-Encoding on a folded line (obs-fold)',
    bytes: host => post(host, 'X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n`),
    // A fold is part of the line before: then only the length counts, and these five bytes are the body.
    isAllowed: true,
  },
  {
    title: 'a folded Transfer-Encoding (obs-fold)',
    bytes: host => post(host, 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${smuggled(host)}`),
  },
  {
    title: 'two different lengths',
    bytes: host => post(host, 'Content-Length: 0\r\nContent-Length: 60\r\n', smuggled(host)),
  },
  { title: 'a length with a sign', bytes: host => post(host, 'Content-Length: +5\r\n', `12345${smuggled(host)}`) },
  {
    title: 'lines that end with a bare LF',
    bytes: host =>
      `POST /token HTTP/1.1\nHost: ${host}\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n${smuggled(host)}`,
  },
  {
    title: 'a bare CR in a header',
    bytes: host => post(host, 'X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n`),
    isAllowed: true,
  },
  {
    title: 'an extension of a chunk with a bare LF in it',
    bytes: host => post(host, 'Transfer-Encoding: chunked\r\n', `2;\nxx\r\n4c\r\n0\r\n\r\n${smuggled(host)}`),
  },
  {
    title: 'an extension of a chunk',
    bytes: host => post(host, 'Transfer-Encoding: chunked\r\n', `5;a=b\r\nx=abc\r\n0\r\n\r\n`),
    isAllowed: true,
  },
  {
    title: 'a chunk size with a prefix',
    bytes: host => post(host, 'Transfer-Encoding: chunked\r\n', `0x5\r\nx=abc\r\n0\r\n\r\n${smuggled(host)}`),
  },
  {
    title: 'a GET with a body (0.CL)',
    bytes: host => {
      const body = smuggled(host);
      return `GET /jwks HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    },
    isAllowed: true,
  },
  {
    title: 'HTTP/1.0 with Transfer-Encoding',
    bytes: host =>
      `POST /token HTTP/1.0\r\nHost: ${host}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled(host)}`,
  },
];

let site: Site;
const extra: Proxy[] = [];
const ways: { readonly title: string; readonly port: () => number }[] = [];
const here = proxyNames.filter(hasProxy);

beforeAll(async () => {
  site = await startSite({ nodes: 1, proxy: here[0] ?? 'haproxy' });
  const ports = site.nodes.map(({ port }) => port);
  const free = await freeNeighbourPorts();
  for (const [at, name] of here.entries()) {
    extra.push(await startProxy(name, { folder: site.folder, port: free + at, nodePorts: ports }));
  }
});
afterAll(async () => {
  await Promise.all(extra.map(proxy => proxy.close()));
  await site.close();
});

for (const [at, name] of here.entries()) ways.push({ title: `behind ${name}`, port: () => extra[at]?.port ?? 0 });
ways.push({ title: 'without a proxy', port: () => site.nodes[0]?.port ?? 0 });

/** Sends bytes on a new connection, and gives what comes until it is closed, or silent for a moment. */
const send = (port: number, bytes: string): Promise<string> =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port });
    let said = '';
    const finish = (): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(300, finish);
    socket.setEncoding('latin1').on('data', (part: string) => void (said += part));
    socket.on('error', finish);
    socket.on('close', finish);
    socket.write(bytes, 'latin1');
  });

const statusesIn = (said: string): readonly number[] =>
  [...said.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));

const ask = (): string => `GET /jwks HTTP/1.1\r\nHost: ${site.issuer.host}\r\n\r\n`;

const suite = here.length > 0 ? describe : describe.skip;

for (const { title, port } of ways) {
  suite(`A85 requests are told apart ${title}`, () => {
    test('A85 two requests on one connection get two answers', async () => {
      const said = await send(port(), ask().repeat(2));
      expect(statusesIn(said)).toEqual([200, 200]);
      const body = 'grant_type=x';
      const whole = post(site.issuer.host, `Content-Length: ${body.length}\r\n`, body);
      // The body was read: a form without a client is refused (RFC 6749 §5.2).
      expect(statusesIn(await send(port(), whole))).toEqual([401]);
    });

    test.each(attacks)('A85 $title: refused or one request, and the next is answered as it was sent', async attack => {
      const said = await send(port(), attack.bytes(site.issuer.host));
      const statuses = statusesIn(said);
      expect(statuses.length).toBeLessThanOrEqual(1);
      // A body that never ends waits for its rest.
      const isRefused = statuses.every(status => status >= 400);
      expect(isRefused || attack.isAllowed === true).toBe(true);
      for (let next = 0; next < 3; next += 1) {
        const answer = await send(port(), ask().replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
        expect([statusesIn(answer), answer.includes('"keys"')]).toEqual([[200], true]);
      }
    });
  });
}
