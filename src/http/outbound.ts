/**
 * Sends our requests to addresses that others chose, such as a client's. Such an address may lead into our own network (SSRF),
 * or to a server that answers slowly, endlessly or somewhere else. So each request
 *
 * - goes to public addresses only, and to exactly those that were checked: a name is resolved once, so that a second answer of
 *   DNS cannot replace the first (rebinding);
 * - uses https and a usual port, and no credentials in the address;
 * - has one connection of its own, through no proxy;
 * - ends after 2.5 s, and takes 256 KiB of answer, which is never decompressed; a redirect is an answer and is not followed.
 *
 * Origins that the operator listed may have any address and port, and on loopback also http.
 */
import { lookup } from 'node:dns/promises';
import { request as requestByHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { connect as connectTo, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import { Problem } from '../errors.ts';
import type { Millis, Schedule } from '../ports/time.ts';
import { isLoopbackAddress, isSpecialUse } from './special-use.ts';

/** A request, in the form that `fetch` takes. `body` is a text, bytes or `URLSearchParams`. Other members have no effect. */
export type OutboundRequest = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'>;

/**
 * Sends one request. Gives the answer, whatever its status, with its whole body.
 * @throws Problem 'unreached' without an answer. `retryable` is false where the address itself is refused.
 */
export type Outbound = (address: string | URL | Request, request?: OutboundRequest) => Promise<Response>;

export interface OutboundDeps {
  /** Origins that may have any address and port; on loopback also http. */
  readonly allowed: readonly URL[];
  readonly schedule: Schedule;
  /** All IP addresses of a host name. Default: those that the operating system finds. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Opens a TCP connection. Default: that of node:net. */
  readonly connect?: (options: TcpNetConnectOpts) => Socket;
}

/** Time for everything: resolving, connecting, sending and reading. */
const within: Millis = 2500;
/** Bytes of the longest body of an answer. */
const maxAnswer = 262_144;

/** Ports above 1023 of protocols that would take a request for one of theirs ("bad port" of the Fetch standard). */
const badPorts: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);
const isUsualPort = (port: number): boolean => port === 443 || (port >= 1024 && !badPorts.has(port));

const resolveBySystem = async (hostname: string): Promise<readonly string[]> =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Gives the function that sends requests. */
export const createOutbound = (deps: OutboundDeps): Outbound => {
  const { resolve = resolveBySystem, connect = connectTo, schedule } = deps;
  const allowed = new Set(deps.allowed.map(({ origin }) => origin));

  const send = async (url: URL, request: OutboundRequest, signal: AbortSignal): Promise<Response> => {
    const isAllowed = allowed.has(url.origin);
    const hostname = url.hostname.replaceAll(/[[\]]/g, '');
    assertAddress(url, isAllowed);
    const addresses = isIP(hostname) === 0 ? await unlessAborted(resolve(hostname), signal) : [hostname];
    assertPublic(url, addresses, isAllowed);
    const open = (): Socket => connect({ host: hostname, port: portOf(url), lookup: always(addresses) });
    return toResponse(await exchange({ url, request, signal, open: secured(url, hostname, open) }));
  };

  return async (address, request = {}) => {
    const url = new URL(address instanceof Request ? address.url : address);
    const timeout = new AbortController();
    const cancel = schedule(within, async () => timeout.abort(new Error(`no whole answer within ${within} ms`)));
    try {
      return await send(url, request, AbortSignal.any([timeout.signal, ...(request.signal ? [request.signal] : [])]));
    } catch (error) {
      if (error instanceof Problem) throw error;
      const reason: unknown = timeout.signal.aborted ? timeout.signal.reason : error;
      throw new Problem('unreached', `${url.origin}: ${messageOf(reason)}`, { cause: error });
    } finally {
      cancel();
    }
  };
};

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message || error.name : String(error));

/** @throws Problem 'unreached': another try would only repeat it. */
const refuse = ({ origin }: URL, got: string, expected: string): never => {
  throw new Problem(
    'unreached',
    `${origin}: got ${got}, expected ${expected}; SALLYPORT_OUTBOUND_ORIGINS or SALLYPORT_PUSH_SERVICES allows an origin of your own`,
    { retryable: false },
  );
};

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'http:' ? 80 : 443));

const assertAddress = (url: URL, isAllowed: boolean): void => {
  if (url.username !== '' || url.password !== '') refuse(url, 'credentials in the address', 'none');
  const isHttps = url.protocol === 'https:';
  if (!isHttps && !(isAllowed && url.protocol === 'http:')) refuse(url, url.protocol, 'https:');
  if (!isAllowed && !isUsualPort(portOf(url))) refuse(url, `port ${url.port}`, '443, or one from 1024 on');
};

/** One special address refuses all: a name that leads to a public and to an internal host is a trick, or a mistake. */
const assertPublic = (url: URL, addresses: readonly string[], isAllowed: boolean): void => {
  if (addresses.length === 0) refuse(url, 'no address', 'one');
  if (!isAllowed && addresses.some(isSpecialUse)) refuse(url, 'a special address', 'public addresses only');
  if (url.protocol === 'http:' && !addresses.every(isLoopbackAddress)) {
    refuse(url, 'http to another machine', 'https');
  }
};

/** A `lookup` for node:net that gives the checked addresses, so that nothing is resolved again. */
const always =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, options, done) => {
    const all = addresses.map(address => ({ address, family: isIP(address) }));
    const [first] = all;
    if (options.all === true) done(null, all);
    else done(null, first?.address ?? '', first?.family);
  };

/** With https: TLS over the connection, for a certificate of `hostname`. */
const secured = (url: URL, hostname: string, open: () => Socket) => (): Socket => {
  if (url.protocol === 'http:') return open();
  // An IP address is no server name (RFC 6066 §3).
  const serverName = isIP(hostname) === 0 ? { servername: hostname } : {};
  return connectByTls({ socket: open(), host: hostname, ...serverName });
};

interface Exchange {
  readonly url: URL;
  readonly request: OutboundRequest;
  readonly signal: AbortSignal;
  readonly open: () => Socket;
}

/** Sends the request on a connection of its own. Without an agent no connection is shared, and no proxy is used. */
const exchange = async ({ url, request, signal, open }: Exchange): Promise<Answer> => {
  const { method = 'GET', body } = request;
  if (body && typeof body !== 'string' && !(body instanceof URLSearchParams) && !(body instanceof Uint8Array)) {
    throw new Problem('internal', `got a ${typeof body} as the body for ${url.origin}, expected a text or bytes`);
  }
  const headers = new Headers(request.headers);
  headers.set('accept-encoding', 'identity');
  const answered = Promise.withResolvers<IncomingMessage>();
  const options: RequestOptions = { method, headers: Object.fromEntries(headers), signal, createConnection: open };
  const outgoing = (url.protocol === 'http:' ? requestByHttp : requestByHttps)(url, options, answered.resolve);
  outgoing.on('error', answered.reject);
  outgoing.end(body instanceof Uint8Array ? body : body?.toString());
  const answer = await answered.promise;
  try {
    return { answer, body: await bodyOf(answer) };
  } finally {
    outgoing.destroy();
  }
};

interface Answer {
  readonly answer: IncomingMessage;
  readonly body: Buffer;
}

/** The bytes of the body as sent. @throws Error for too many, and for a compressed one: 256 KiB could become gigabytes. */
const bodyOf = async (answer: IncomingMessage): Promise<Buffer> => {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new Error(`got an answer in ${encoding}, expected none of the encodings`);
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the answer.
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswer) throw new Error(`got more than ${maxAnswer} bytes of answer, expected fewer`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Statuses whose answers have no body ("null body status" of the Fetch standard). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

const toResponse = ({ answer, body }: Answer): Response => {
  const { statusCode: status = 0, headersDistinct } = answer;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new Response(withoutBody.has(status) ? null : new Uint8Array(body), { status, headers });
};

/** The result of `work`, which itself cannot be stopped. @throws the reason of `signal` once that is aborted */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
