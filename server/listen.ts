/** Listens for HTTP. Ends gracefully: answers close their connections, then no new one is accepted, and running requests may finish. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Problem } from '../src/errors.ts';
import type { Millis } from '../src/ports/time.ts';
import { checkEvery, connectionLimits, limitConnections, requestTimes, type ConnectionLimits } from './connections.ts';

/** An open server on all its addresses. */
export interface Listening {
  /** Goes on accepting, and closes each connection with its next answer, so that clients and proxies go elsewhere. */
  drain(): void;
  /** Stops accepting connections and lets requests finish. Closes the remaining connections after `grace`. */
  close(grace: Millis): Promise<void>;
}

/** The loopback addresses: a browser resolves `localhost` to either of them, and other machines cannot reach them. */
const loopback = ['127.0.0.1', '::1'] as const;

/** How a port differs from the public one. */
export interface PortOptions {
  /** Of connections; absent: those of clients without a proxy. */
  readonly limits?: ConnectionLimits;
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
  { limits = connectionLimits(0), setting = 'SALLYPORT_LISTEN' }: PortOptions = {},
): Promise<Listening> => {
  const open: Listening[] = [];
  for (const address of host === 'localhost' ? loopback : [host]) {
    try {
      open.push(await listenAt(answer, { host: address, port }, limits));
    } catch (error) {
      // A machine without IPv6 has no ::1, so a browser cannot use it.
      if (open.length > 0 && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))) continue;
      await Promise.all(open.map(server => server.close(0)));
      throw cannotListen(`${address} port ${port}`, setting, error);
    }
  }
  return {
    drain() {
      for (const server of open) server.drain();
    },
    async close(grace) {
      await Promise.all(open.map(server => server.close(grace)));
    },
  };
};

const listenAt = (
  answer: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
  limits: ConnectionLimits,
): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const unfinished = new Set<ServerResponse>();
    const state = { isDraining: false };
    const server = createServer(
      {
        ...requestTimes,
        connectionsCheckingInterval: checkEvery,
        keepAliveTimeout: limits.idle,
        maxHeaderSize: 16_384,
      },
      (request, response) => {
        response.shouldKeepAlive &&= !state.isDraining;
        unfinished.add(response);
        response.once('close', () => {
          unfinished.delete(response);
          // This connection may have become idle after `close` closed the idle ones.
          if (!server.listening) server.closeIdleConnections();
        });
        answer(request, response);
      },
    );
    limitConnections(server, limits);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve({
        drain() {
          state.isDraining = true;
          // Responses whose headers are not sent yet can still announce the close.
          for (const response of unfinished) if (!response.headersSent) response.shouldKeepAlive = false;
        },
        close: grace => closeServer(server, grace),
      });
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
    // In the check phase all connections that have arrived are accepted. Connections that are not accepted are reset by the kernel.
    setImmediate(() =>
      server.close(() => {
        clearTimeout(cut);
        resolve();
      }),
    );
  });

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
