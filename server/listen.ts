/** Listens for HTTP, and closes gracefully: running requests may finish. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { Problem } from '../src/errors.ts';
import type { Millis } from '../src/ports/time.ts';

/** An open server on all its addresses. */
export interface Listening {
  /** Stops accepting connections and lets requests finish. Closes the remaining connections after `grace`. */
  close(grace: Millis): Promise<void>;
}

/** The loopback addresses: a browser resolves `localhost` to either of them, and other machines cannot reach them. */
const loopback = ['127.0.0.1', '::1'] as const;

/** How a port differs from the public one. */
export interface PortOptions {
  /** Connections at a time. Absent: any number. */
  readonly maxSockets?: number;
  /** The setting that names the address, for errors. */
  readonly setting?: string;
}

/**
 * Listens on `host:port`. The host `localhost` means both loopback addresses.
 * @throws Problem 'in-use' for a port that another program has, otherwise 'unavailable' with the error code. All sockets are
 *   closed before.
 */
export const listen = async (
  answer: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
  { maxSockets, setting = 'SALLYPORT_LISTEN' }: PortOptions = {},
): Promise<Listening> => {
  const open: Server[] = [];
  for (const address of host === 'localhost' ? loopback : [host]) {
    try {
      const server = await listenAt(answer, address, port);
      if (maxSockets !== undefined) server.maxConnections = maxSockets;
      open.push(server);
    } catch (error) {
      // A machine without IPv6 has no ::1, so a browser cannot use it.
      if (open.length > 0 && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))) continue;
      await Promise.all(open.map(server => closeServer(server, 0)));
      throw cannotListen(`${address} port ${port}`, setting, error);
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
    // Limits slow requests (Slowloris): 30 seconds for a whole request, 10 seconds for its headers.
    const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, answer);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });

const cannotListen = (where: string, setting: string, cause: unknown): Problem =>
  codeOf(cause) === 'EADDRINUSE'
    ? new Problem('in-use', `${where} is in use: stop the program that has it, or choose another port (${setting})`, {
        cause,
      })
    : new Problem('unavailable', `cannot listen on ${where}: ${codeOf(cause)}`, { cause });

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
