/** A client's server that receives logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.5), on a free port of loopback. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that arrived. */
export interface ReceivedLogout {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** The `logout_token` in the body; empty: it has none. */
  readonly token: string;
}

/** Starts it. Close it after the server that sends. `answer`: 200 unless a test says otherwise. */
export const openLogoutReceiver = async (
  answer: (response: ServerResponse) => void = response => void response.writeHead(200).end(),
) => {
  const received: ReceivedLogout[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () => {
      const token = new URLSearchParams(body).get('logout_token') ?? '';
      received.push({
        path: request.url ?? '',
        contentType: request.headers['content-type'] ?? '',
        body,
        token,
      });
      answer(response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What has arrived, in its order. A test may empty it. */
    received,
    close(): void {
      server.close().closeAllConnections();
    },
  };
};

export type LogoutReceiver = Awaited<ReturnType<typeof openLogoutReceiver>>;
