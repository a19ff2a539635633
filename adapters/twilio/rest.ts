/**
 * Sends single requests to Twilio's REST API by node:https. Its SDK would take 18 MB of memory for the eight requests that we make.
 * https://www.twilio.com/docs/usage/requests-to-twilio
 */
import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import https from 'node:https';
import type { Millis } from '../../src/ports/time.ts';

/** Time for one request and its whole answer. */
export const requestTimeout: Millis = 5000;
/** Bytes of the longest answer. Those to our requests have some 2 KB. */
const maxAnswer = 262_144;

/** A value of a parameter. Several values are sent as several parameters of one name. */
type Value = string | number | boolean | readonly string[];

/** Parameters by their names in camelCase, such as `statusCallback`. Twilio's begin with a capital. */
export type Parameters = Readonly<Record<string, Value>>;

/** A request for a resource of the account, such as `Calls.json`; the empty path is the account itself. */
export interface RestRequest {
  readonly path: string;
  /** Sent with GET. */
  readonly query?: Parameters;
  /** Sent with POST. */
  readonly form?: Parameters;
}

/** A successful answer. `body`: the members of its JSON; none where it is no JSON object. */
export interface RestAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

/** A refusal by Twilio. It holds neither number nor credentials. */
export class RestError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Twilio's code of the error, where the answer names one. */
  readonly code: unknown;
  readonly retryAfter: string | undefined;
  constructor(status: number, code: unknown, retryAfter: string | undefined) {
    super(`Twilio answered ${status}`);
    Object.assign(this, { name: 'RestError' });
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const encoded = (parameters: Parameters): string => {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const capital = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    for (const each of typeof value === 'object' ? value : [value]) all.append(capital, String(each));
  }
  return all.toString();
};

const bodyOf = async (answer: IncomingMessage): Promise<RestAnswer['body']> => {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the answer.
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswer) throw new Error(`got more than ${maxAnswer} bytes of answer, expected fewer`);
    chunks.push(chunk);
  }
  return membersOf(Buffer.concat(chunks).toString());
};

const membersOf = (text: string): RestAnswer['body'] => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // A proxy between may answer with a page. The status is known all the same.
    return {};
  }
};

/**
 * Begins a request on a connection of its own: after a failure of a kept one it would be unknown whether Twilio got the request. A proxy
 * that Node is told to use (`NODE_USE_ENV_PROXY`) is used.
 */
const begin = (url: URL, options: RequestOptions): ClientRequest => {
  const { Agent, globalAgent, request } = url.protocol === 'http:' ? http : https;
  // Not among the types of Node.
  const usual: unknown = Reflect.get(globalAgent, 'options');
  const agent = new Agent({ ...(typeof usual === 'object' && usual), keepAlive: false });
  return request(url, { ...options, agent });
};

/** The account and the token that a request authenticates with. */
export interface RestAccess {
  readonly accountSid: string;
  readonly token: string;
  readonly apiBase: URL;
}

/**
 * Sends one request. A redirect is not followed.
 * @throws RestError for an answer that is no success; the error of Node, with its code, without an answer.
 */
export const sendToApi = async (
  { accountSid, token, apiBase }: RestAccess,
  { path, query, form }: RestRequest,
): Promise<RestAnswer> => {
  const resource = `/2010-04-01/Accounts/${accountSid}${path === '' ? '' : `/${path}`}.json`;
  const url = new URL(`${resource}${query === undefined ? '' : `?${encoded(query)}`}`, apiBase);
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(Object.assign(new Error('no whole answer'), { code: 'ETIMEDOUT' })),
    requestTimeout,
  );
  const answered = Promise.withResolvers<IncomingMessage>();
  const outgoing = begin(url, {
    method: form === undefined ? 'GET' : 'POST',
    signal: timeout.signal,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${accountSid}:${token}`).toString('base64')}`,
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
  });
  outgoing.on('response', answered.resolve).on('error', answered.reject);
  outgoing.end(form === undefined ? undefined : encoded(form));
  try {
    const answer = await answered.promise;
    const { statusCode: status = 0, headers } = answer;
    const body = await bodyOf(answer);
    if (status < 200 || status > 299) throw new RestError(status, body['code'], headers['retry-after']);
    return { body, headers };
  } finally {
    clearTimeout(timer);
    outgoing.destroy();
  }
};
