/** Accepts connections, and stops accepting them without cutting anybody off. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { Problem } from '../src/errors.ts';
import type { Millis } from '../src/ports/time.ts';

export interface Listening {
  /** Stops accepting, lets requests finish, and cuts off what is still there after `grace`. */
  close(grace: Millis): Promise<void>;
}

/** A browser resolves `localhost` to either of these; nothing outside this machine reaches them. */
const loopback = ['127.0.0.1', '::1'] as const;

/**
 * Listens on `host:port`; on both loopback addresses where the host is `localhost`.
 * @throws Problem 'unavailable' with the reason; nothing listens then.
 */
export const listen = async (
  answer: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> => {
  const open: Server[] = [];
  for (const address of host === 'localhost' ? loopback : [host]) {
    try {
      open.push(await listenAt(answer, address, port));
    } catch (error) {
      // a machine without IPv6 has no ::1 that a browser could ask for
      if (open.length > 0 && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))) continue;
      await Promise.all(open.map(server => closeServer(server, 0)));
      throw new Problem('unavailable', `cannot listen on ${address} port ${port}: ${codeOf(error)}`, { cause: error });
    }
  }
  return {
    async close(grace) {
      await Promise.all(open.map(server => closeServer(server, grace)));
    },
  };
};

const listenAt = (answer: RequestListener, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    // whole requests in half a minute: who sends slower holds a connection, not a page
    const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, answer);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });

const closeServer = (server: Server, grace: Millis): Promise<void> =>
  new Promise(resolve => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
