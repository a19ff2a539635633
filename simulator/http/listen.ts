/** Starts an HTTP server on a loopback address. */
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that accepts requests. */
export interface ListeningServer {
  /** The base address, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a loopback address; port 0 takes a free one. @throws Error of the system, such as EADDRINUSE. */
export const listen = async (respond: RequestListener, port: number, host: string): Promise<ListeningServer> => {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 32 * 1024 }, respond);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
