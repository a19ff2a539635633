/** Starts a fake REST API of a carrier for tests. It records each request and gives the answer that the test sets. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallMessage } from '../../../src/ports/carriers.ts';

export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

export interface FakeApi {
  readonly base: URL;
  readonly seen: Seen[];
  answer: (request: Seen, response: ServerResponse) => void;
  close(): void;
}

export const accountSid = `AC${'a'.repeat(32)}`;
export const callSid = `CA${'1'.repeat(32)}`;
export const textSid = `SM${'2'.repeat(32)}`;

export const reply = (
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Twilio's shape of an error. */
export const refuse = (response: ServerResponse, status: number, code: number, headers = {}): void =>
  reply(
    response,
    status,
    { code, message: `about +493012345678`, more_info: 'https://www.twilio.com', status },
    headers,
  );

/** A call that the tests order. */
export const callMessage: CallMessage = {
  via: 'call',
  to: '+493012345678',
  token: 'T0kenOfOneOrder_128bit',
  ringTimeout: 40_000,
  connectedFor: 60_000,
  keyWithin: 60_000,
  lifetime: 100_000,
  machineDetection: false,
};

/** Accepts every call and every text. */
export const take = ({ url }: Seen, response: ServerResponse): void =>
  url.includes('/Messages')
    ? reply(response, 201, { sid: textSid, status: 'queued' })
    : reply(response, 201, { sid: callSid, status: 'queued' });

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

export const startFakeApi = async (): Promise<FakeApi> => {
  const seen: Seen[] = [];
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const one = { method, url, authorization: headers.authorization, form: new URLSearchParams(await bodyOf(request)) };
    seen.push(one);
    api.answer(one, response);
  };
  const server = createServer((request, response) => {
    void hear(request, response);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const api: FakeApi = {
    base: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    seen,
    answer: take,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return api;
};

/** The address of a port that refuses connections. */
export const deadEnd = async (): Promise<URL> => {
  const api = await startFakeApi();
  api.close();
  return api.base;
};
