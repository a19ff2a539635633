/**
 * Limits the duration and the number of connections, so that slow and idle clients leave room for others. Behind a proxy all
 * connections have its address, so the proxy must limit its clients.
 */
import type { Server, Socket } from 'node:net';
import type { Millis } from '../src/ports/time.ts';

/** How long a client may take for the headers of a request, and for the whole request with its body (Slowloris). */
export const requestTimes = { headersTimeout: 10_000, requestTimeout: 15_000 } as const;
/** How often Node looks for connections past these times. Its default is 30 s, so that a slow client would have 45 s. */
export const checkEvery: Millis = 1_000;
/** Most open connections of a process. Each takes some 10 KiB; a waiting page holds one. */
const maxInAll = 12_000;
/** Most connections of one client without a proxy: an office behind one address, some six for each browser. */
const maxPerAddress = 256;

export interface ConnectionLimits {
  /** How long a connection may wait for its next request. */
  readonly idle: Millis;
  /** Most connections of one address; Infinity: all come from a proxy. */
  readonly perAddress: number;
  readonly inAll: number;
}

/**
 * Behind a proxy, idle connections are kept longer than the proxy keeps them (nginx and most load balancers: 60 s). If this side
 * closed first, a request that the proxy sends at that moment would fail.
 */
export const connectionLimits = (proxyHops: number): ConnectionLimits =>
  proxyHops === 0
    ? { idle: 5_000, perAddress: maxPerAddress, inAll: maxInAll }
    : { idle: 75_000, perAddress: Infinity, inAll: maxInAll };

/** Refuses connections above the limits: they are closed before a byte is read. */
export const limitConnections = (server: Server, { perAddress, inAll }: ConnectionLimits): void => {
  server.maxConnections = inAll;
  if (perAddress === Infinity) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const count = (open.get(remoteAddress) ?? 0) + 1;
    if (count > perAddress) {
      socket.destroy();
      return;
    }
    open.set(remoteAddress, count);
    socket.once('close', () => {
      const left = (open.get(remoteAddress) ?? 1) - 1;
      if (left > 0) open.set(remoteAddress, left);
      else open.delete(remoteAddress);
    });
  });
};
