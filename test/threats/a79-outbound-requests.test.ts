/**
 * A79. A client registers an address that leads into our own network, and the server requests it (SSRF): by an address in any
 * notation, by a name, by a name whose second answer differs (DNS rebinding), by a redirect or through a proxy. Or the answer is
 * slow, endless, or grows when it is decompressed.
 * Guards: `src/http/outbound.ts#createOutbound`, `src/http/special-use.ts#isSpecialUse`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import http, { type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { LookupAddress } from 'node:dns';
import { connect, type AddressInfo, type Socket, type TcpNetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createOutbound, type Outbound } from '../../src/http/outbound.ts';
import { isSpecialUse } from '../../src/http/special-use.ts';
import type { Schedule } from '../../src/ports/time.ts';

const publicAddress = '93.184.215.14';
const certificate = readFileSync(join(import.meta.dirname, '../data/rp.test.pem'));
const trusted = getCACertificates('default');

/** Deadlines that are over when the test says so. */
const deadlines = new Set<() => Promise<void>>();
const schedule: Schedule = (_wait, run) => {
  deadlines.add(run);
  return () => deadlines.delete(run);
};
const passDeadlines = (): Promise<void[]> => Promise.all([...deadlines].map(run => run()));

/** What the canary of our own network was asked, and how it answers. */
const asked: string[] = [];
let answer: RequestListener;
let plain: Server;
let secure: Server;
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = (server: Server): Promise<Server> =>
  new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

/** Addresses that were connected to. All lead to the canary. */
const connected: string[] = [];
const connectToCanary = (options: TcpNetConnectOpts): Socket => {
  const { host = '', port, lookup } = options;
  if (lookup === undefined) throw new Error(`got ${host} to resolve, expected checked addresses`);
  lookup(host, { all: true }, (_error, addresses) => {
    connected.push(...(addresses as LookupAddress[]).map(({ address }) => address));
  });
  return connect({ host: '127.0.0.1', port });
};

/** Answers of DNS, by name and in order. The last one is repeated. */
let dns: Record<string, string[][]>;
const resolve = async (hostname: string): Promise<readonly string[]> => {
  const answers = dns[hostname] ?? [[]];
  return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
};
const outbound = (...allowed: readonly string[]): Outbound =>
  createOutbound({ allowed: allowed.map(each => new URL(each)), schedule, resolve, connect: connectToCanary });

const refused = expect.objectContaining({ code: 'unreached', retryable: false });
const failed = expect.objectContaining({ code: 'unreached', retryable: true });
const outcomeOf = (sent: Promise<Response>): Promise<unknown> =>
  sent.then(
    ({ status }) => status,
    (error: unknown) => error,
  );

const listener: RequestListener = (request, response) => {
  asked.push(`${request.method} ${request.url}`);
  answer(request, response);
};
const relyingParty = (): string => `https://rp.test:${portOf(secure)}/`;

beforeAll(async () => {
  plain = await listening(http.createServer(listener));
  secure = await listening(createTlsServer({ cert: certificate, key: certificate }, listener));
  setDefaultCACertificates([...trusted, certificate.toString()]);
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const server of [plain, secure]) server.close().closeAllConnections();
});
beforeEach(() => {
  asked.length = 0;
  connected.length = 0;
  deadlines.clear();
  answer = (_request, response) => void response.end('{"ok":true}');
  dns = { 'rp.test': [[publicAddress]] };
});

describe('A79 addresses that others chose', () => {
  test('A79 a public name with a valid certificate is requested, with method, headers and body', async () => {
    answer = (request, response) => {
      let body = '';
      request.on('data', chunk => (body += String(chunk)));
      request.on('end', () => response.writeHead(201, { 'x-seen': `${request.headers['content-type']}` }).end(body));
    };
    const response = await outbound()(`https://rp.test:${portOf(secure)}/logout?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: 'a b' }),
    });
    expect([response.status, response.headers.get('x-seen'), await response.text()]).toEqual([
      201,
      'application/x-www-form-urlencoded',
      'logout_token=a+b',
    ]);
    expect([asked, connected]).toEqual([['POST /logout?x=1'], [publicAddress]]);
  });

  test('A79 a certificate of another name or authority is refused before anything is sent', async () => {
    dns = { 'other.test': [[publicAddress]], 'rp.test': [[publicAddress]] };
    expect(await outcomeOf(outbound()(`https://other.test:${portOf(secure)}/`))).toEqual(failed);
    setDefaultCACertificates(trusted);
    expect(await outcomeOf(outbound()(`https://rp.test:${portOf(secure)}/`))).toEqual(failed);
    setDefaultCACertificates([...trusted, certificate.toString()]);
    expect(asked).toEqual([]);
  });

  test.each([
    ['https://127.0.0.1', 'loopback'],
    ['https://127.1', 'loopback, short'],
    ['https://2130706433', 'loopback, decimal'],
    ['https://0x7f000001', 'loopback, hexadecimal'],
    ['https://0177.0.0.1', 'loopback, octal'],
    ['https://0.0.0.0', 'this host'],
    ['https://10.0.0.1', 'private'],
    ['https://172.31.255.255', 'private'],
    ['https://192.168.1.1', 'private'],
    ['https://100.100.100.200', 'shared space; metadata of a cloud'],
    ['https://169.254.169.254', 'metadata of a cloud'],
    ['https://168.63.129.16', 'platform of a cloud'],
    ['https://192.0.0.192', 'protocol assignments; metadata of a cloud'],
    ['https://198.18.0.1', 'benchmarks'],
    ['https://224.0.0.1', 'multicast'],
    ['https://255.255.255.255', 'broadcast'],
    ['https://[::1]', 'loopback'],
    ['https://[::]', 'this host'],
    ['https://[::ffff:127.0.0.1]', 'mapped'],
    ['https://[::ffff:5db8:d70e]', 'mapped, of a public address'],
    ['https://[::127.0.0.1]', 'compatible'],
    ['https://[64:ff9b::7f00:1]', 'NAT64 to loopback'],
    ['https://[64:ff9b::a9fe:a9fe]', 'NAT64 to metadata'],
    ['https://[64:ff9b:1::a00:1]', 'local NAT64'],
    ['https://[2002:7f00:1::]', '6to4 of loopback'],
    ['https://[2001:0:5ef5:79fb:0:0:80ff:fffe]', 'Teredo'],
    ['https://[fe80::1]', 'link-local'],
    ['https://[fec0::1]', 'site-local'],
    ['https://[fd00:ec2::254]', 'unique local; metadata of a cloud'],
    ['https://[ff02::1]', 'multicast'],
    ['https://[100::1]', 'discard'],
    ['https://[2001:db8::1]', 'documentation'],
    ['https://[5f00::1]', 'segment routing'],
    ['http://93.184.215.14', 'no TLS'],
    ['ftp://93.184.215.14', 'no https'],
    ['file:///etc/passwd', 'no https'],
    ['https://user:secret@93.184.215.14', 'credentials'],
    ['https://93.184.215.14:22', 'port of another protocol'],
    ['https://93.184.215.14:6667', 'port of another protocol'],
  ])('A79 %s is not connected to (%s)', async address => {
    expect(await outcomeOf(outbound()(address))).toEqual(refused);
    expect([connected, asked]).toEqual([[], []]);
  });

  test('A79 a name that leads to a special address is refused, also beside public ones, and one without address', async () => {
    dns = { 'one.test': [['10.0.0.1']], 'two.test': [[publicAddress, '::1']], 'zone.test': [['fe80::1%lo']] };
    for (const name of ['one.test', 'two.test', 'zone.test', 'none.test']) {
      expect(await outcomeOf(outbound()(`https://${name}:${portOf(secure)}/`))).toEqual(refused);
    }
    expect(connected).toEqual([]);
  });

  test('A79 the address that was checked is the one connected to, whatever DNS answers next', async () => {
    dns = { 'rp.test': [[publicAddress], ['127.0.0.1']] };
    const send = outbound();
    expect(await outcomeOf(send(`https://rp.test:${portOf(secure)}/`))).toBe(200);
    expect(connected).toEqual([publicAddress]);
    expect(await outcomeOf(send(`https://rp.test:${portOf(secure)}/`))).toEqual(refused);
    expect(connected).toEqual([publicAddress]);
  });

  test('A79 a redirect is an answer, and is not followed', async () => {
    const canary = `http://127.0.0.1:${portOf(plain)}/inside`;
    answer = (_request, response) => void response.writeHead(302, { location: canary }).end();
    expect(await outcomeOf(outbound()(`https://rp.test:${portOf(secure)}/out`))).toBe(302);
    expect(asked).toEqual(['GET /out']);
  });

  test('A79 no proxy of the environment gets the request', async () => {
    const usual = http.globalAgent;
    const proxy = `http://127.0.0.1:${portOf(plain)}`;
    const origin = `http://127.0.0.1:${portOf(plain)}`;
    http.globalAgent = new http.Agent({ proxyEnv: { HTTP_PROXY: proxy } });
    try {
      expect(await outcomeOf(outbound(origin)(`${origin}/direct`))).toBe(200);
    } finally {
      http.globalAgent = usual;
    }
    // A proxy is asked for the whole address.
    expect(asked).toEqual(['GET /direct']);
  });
});

describe('A79 origins that the operator listed', () => {
  test('A79 are requested at special addresses, the neighbours of a listed origin are not', async () => {
    dns = { 'crm.internal': [['127.0.0.1']], 'rp.test': [['10.0.0.7']] };
    const origin = `http://127.0.0.1:${portOf(plain)}`;
    const send = outbound(origin, `https://rp.test:${portOf(secure)}`);
    expect(await outcomeOf(send(`${origin}/own`))).toBe(200);
    expect(await outcomeOf(send(`https://rp.test:${portOf(secure)}/own`))).toBe(200);
    const others = [
      `https://127.0.0.1:${portOf(plain)}`,
      `http://127.0.0.1:${portOf(secure)}`,
      `http://localhost:${portOf(plain)}`,
      `https://crm.internal:${portOf(secure)}`,
    ];
    for (const other of others) expect(await outcomeOf(send(other))).toEqual(refused);
    expect(asked).toEqual(['GET /own', 'GET /own']);
  });

  test('A79 with http are requested on this machine only, whatever their name leads to', async () => {
    const origin = `http://localhost:${portOf(plain)}`;
    dns = { localhost: [['127.0.0.1'], ['10.0.0.1']] };
    expect(await outcomeOf(outbound(origin)(origin))).toBe(200);
    expect(await outcomeOf(outbound(origin)(origin))).toEqual(refused);
    expect(asked).toEqual(['GET /']);
  });
});

describe('A79 answers that cost more than they should', () => {
  test('A79 256 KiB are read, and one byte more is not', async () => {
    answer = (request, response) => void response.end(Buffer.alloc(262_144 + (request.method === 'POST' ? 1 : 0)));
    const whole = await outbound()(relyingParty());
    expect((await whole.arrayBuffer()).byteLength).toBe(262_144);
    expect(await outcomeOf(outbound()(relyingParty(), { method: 'POST' }))).toEqual(failed);
  });

  test('A79 an endless body is broken off', async () => {
    const closed = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.on('close', closed.resolve);
      const fill = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', fill);
      fill();
    };
    expect(await outcomeOf(outbound()(relyingParty()))).toEqual(failed);
    await closed.promise;
  });

  test('A79 a compressed body is not decompressed, but refused, and none is asked for', async () => {
    const offered: unknown[] = [];
    answer = (request, response) => {
      offered.push(request.headers['accept-encoding']);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
    };
    expect(await outcomeOf(outbound()(relyingParty(), { headers: { 'accept-encoding': 'gzip' } }))).toEqual(failed);
    expect(offered).toEqual(['identity']);
  });

  test.each([
    ['no head', () => {}],
    ['a body that stops', (response: http.ServerResponse) => void response.writeHead(200).write('begin')],
  ])('A79 a server that sends %s is given up at the deadline', async (_what, begin) => {
    const arrived = Promise.withResolvers<void>();
    answer = (_request, response) => {
      begin(response);
      arrived.resolve();
    };
    const sent = outcomeOf(outbound()(relyingParty()));
    await arrived.promise;
    await passDeadlines();
    expect(await sent).toMatchObject({ code: 'unreached', retryable: true, message: expect.stringMatching('2500 ms') });
  });

  test('A79 a DNS that never answers is given up at the deadline', async () => {
    const never = createOutbound({ allowed: [], schedule, resolve: () => new Promise(() => {}) });
    const sent = outcomeOf(never(relyingParty()));
    await passDeadlines();
    expect(await sent).toEqual(failed);
  });

  test('A79 the deadline is 2.5 s from the beginning, and ends with the request', async () => {
    const timed = jest.fn(schedule);
    const send = createOutbound({ allowed: [], schedule: timed, resolve, connect: connectToCanary });
    expect(await outcomeOf(send(relyingParty()))).toBe(200);
    expect(timed.mock.calls.map(([wait]) => wait)).toEqual([2500]);
    expect(deadlines.size).toBe(0);
  });
});

test('A79 addresses of public hosts are public, those at the edges of special ranges too', () => {
  const edges = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '223.255.255.255',
  ];
  const ipv6 = ['2606:4700::1111', '2a00:1450:4001::1', '2001:200::1', '2003::1', '64:ff9b::5db8:d70e'];
  expect([...edges, ...ipv6].filter(isSpecialUse)).toEqual([]);
  expect(['', 'localhost', '1.2.3', '0127.0.0.1', '2606:4700::1%lo'].filter(isSpecialUse)).toHaveLength(5);
});
