/** Sends requests to a listener of this process over a pair of streams: real requests and answers, without opening a port. */
import {
  createServer,
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { duplexPair } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request to ourselves. */
export interface InProcessRequest {
  readonly method?: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Address of the client for whom it is sent, which limits and audit see. */
  readonly address?: string;
}

/** The whole answer. */
export interface InProcessAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one request to `listener`, with the headers that `trustHost` would have written for the host of the issuer. */
export const askInProcess = async (
  listener: RequestListener,
  issuer: URL,
  { method = 'GET', path, headers = {}, body, address }: InProcessRequest,
): Promise<InProcessAnswer> => {
  const [client, server] = duplexPair();
  // Documented for http.Server 'connection': users may emit it with any Duplex.
  createServer(listener).emit('connection', server);
  const sent = {
    ...headers,
    host: issuer.host,
    'x-forwarded-proto': issuer.protocol.slice(0, -1),
    ...(address !== undefined && { 'x-forwarded-for': address }),
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    connection: 'close',
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    ask({ method, path, headers: sent, createConnection: () => client }, resolve)
      .on('error', reject)
      .end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
};
