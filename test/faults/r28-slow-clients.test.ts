/**
 * R28. Five hundred slow connections: headers and bodies that come byte by byte, connections that say no word, and many requests
 * at once on one connection. They end within the limits of time, one address has a bounded share, and other people are answered.
 * Guards: `server/connections.ts#limitConnections`, `server/connections.ts#requestTimes`, `server/overload.ts#guardOverload`.
 * Takes some seconds: waits until the limits of time end the connections.
 */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { amount, isFull } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { quantile } from './support/site/load.ts';
import { eventually, pause, type SiteNode } from './support/site/nodes.ts';

const slow = 500;
const perAddress = 256;
const attacker = '127.0.0.2';
const seconds = 1_000;

const suite = hasProxy('haproxy') ? describe : describe.skip;

interface Slow {
  readonly socket: Socket;
  readonly opened: number;
  /** What the server said, and when it closed the connection. */
  readonly end: { said: string; at: number | undefined };
}

/** Opens a connection from another address than the people. Sends `first`, and then a byte each second. */
const openSlow = (port: number, first: string): Slow => {
  const socket = connect({ host: '127.0.0.1', port, localAddress: attacker });
  const end: Slow['end'] = { said: '', at: undefined };
  socket.setEncoding('latin1').on('data', (chunk: string) => void (end.said += chunk));
  socket.on('error', () => {});
  if (first !== '') socket.write(first);
  const drip = setInterval(() => socket.write('x'), seconds);
  socket.once('close', () => {
    clearInterval(drip);
    end.at = Date.now();
  });
  return { socket, opened: Date.now(), end };
};

const began = 'GET /auth HTTP/1.1\r\nhost: x\r\nx-slow: ';
const post = (host: string): string =>
  `POST /token HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\n`;

suite('R28 slow clients', () => {
  let site: Site;
  let node: SiteNode;
  beforeAll(async () => {
    // Clients connect directly: a proxy in front would take the slow ones upon itself.
    site = await startSite({ nodes: 1, env: { SALLYPORT_PROXY_HOPS: '0' } });
    [node] = site.nodes as readonly [SiteNode];
  });
  afterAll(() => site.close());

  const signIns = async (count: number): Promise<readonly number[]> => {
    const took: number[] = [];
    for (const person of await site.addPeople(count)) {
      const done = await site.signIn(person);
      expect([done.reason, done.startedOver]).toEqual(['', 0]);
      took.push(...done.steps.map(step => step.took));
    }
    return took;
  };

  test('R28 five hundred slow connections end in time, and people sign in meanwhile', async () => {
    const people = amount({ test: 3, full: 40 });
    const before = quantile(await signIns(people), 0.95);
    // A slow body may take 15 s, headers 10 s.
    const kinds = isFull ? [began, post(site.issuer.host), ''] : [began, ''];
    const all = Array.from({ length: slow }, (_, at) => openSlow(node.port, kinds[at % kinds.length] ?? ''));
    await pause(seconds);
    // One address has no more than its share: the others were closed before a byte was read.
    await eventually(
      'the share of one address',
      () => all.filter(({ end }) => end.at === undefined).length <= perAddress,
    );
    const during = quantile(await signIns(people), 0.95);
    process.stderr.write(`R28: p95 of a request ${before.toFixed(0)} ms before, ${during.toFixed(0)} ms meanwhile\n`);
    await eventually('the ends', () => all.every(({ end }) => end.at !== undefined));
    const lived = all.map(({ opened, end }) => (end.at ?? Infinity) - opened);
    expect(all.filter(({ end }) => end.said.startsWith('HTTP/1.1 408')).length).toBeGreaterThan(100);
    // The server looks once a second.
    expect(Math.max(...lived)).toBeLessThan((isFull ? 15 : 10) * seconds + 5 * seconds);
    expect(isFull ? during : 0).toBeLessThan(2 * Math.max(before, 10));
    expect(await site.violations()).toEqual([]);
  });

  test('R28 of many requests at once on one connection eight are answered, then it is closed', async () => {
    const socket = connect({ host: '127.0.0.1', port: node.port, localAddress: attacker });
    let said = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => void (said += chunk));
    const closed = new Promise(resolve => {
      socket.once('close', resolve);
    });
    socket.write(`GET /jwks HTTP/1.1\r\nhost: ${site.issuer.host}\r\n\r\n`.repeat(2));
    await eventually('both answers', () => said.split('HTTP/1.1 200').length === 3);
    said = '';
    // The sign-in page needs the store, so that the answers come later than the requests.
    socket.write(`GET /auth?x=1 HTTP/1.1\r\nhost: ${site.issuer.host}\r\n\r\n`.repeat(500));
    await closed;
    const statuses = [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses.length).toBeLessThan(100);
    expect(statuses.at(-1)).toBe('503');
  });
});
