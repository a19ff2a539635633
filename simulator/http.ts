import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** A request as routes see it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as text, at most 64 KiB. */
  readonly body: string;
  /** What stood for `:name` in the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborts when the other side goes away. */
  readonly signal: AbortSignal;
}

/** What a route gives back. A `stream` writes by itself until its signal aborts. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  readonly stream?: (write: (text: string) => void, signal: AbortSignal) => void;
  /** No answer: the connection is reset. */
  readonly drop?: true;
}

export interface Route {
  readonly method: string;
  /** `/phones/:number/answer`: `:name` stands for one segment. */
  readonly path: string;
  readonly answer: (asked: Asked) => Answer | Promise<Answer>;
}

/** How a refusal looks in this part of the server: JSON, a page, Twilio's dialect. */
export type Refuse = (asked: Pick<Asked, 'path'>, status: number, message: string) => Answer;

const longest = 64 * 1024;

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

export const seeOther = (location: string): Answer => ({ status: 303, headers: { location } });

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

const matchPath = (pattern: string, path: string): Record<string, string> | undefined => {
  const [expected, got] = [pattern.split('/'), path.split('/')];
  if (expected.length !== got.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = decode(got[index] ?? '');
    if (value === undefined) return undefined;
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
};

/** Undefined: more than 64 KiB. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    // Read on without keeping anything, so that the answer reaches a client that is still sending.
    if (size > 16 * longest) return undefined;
    if (size <= longest) parts.push(part);
  }
  return size > longest ? undefined : Buffer.concat(parts).toString('utf8');
};

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Another site's page, or a name that was made to point here, may not act in this world. */
const isForeign = ({ method, headers }: IncomingMessage): boolean => {
  const { host = '', origin } = headers;
  if (!loopback.test(host)) return true;
  return method !== 'GET' && origin !== undefined && URL.parse(origin)?.host !== host;
};

const send = (response: ServerResponse, answer: Answer, signal: AbortSignal): void => {
  if (answer.drop === true) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    ...(answer.headers as Record<string, string | string[]> | undefined),
  });
  if (answer.stream === undefined) {
    response.end(answer.body);
    return;
  }
  response.flushHeaders();
  // Who reads too slowly misses news, and reads all of it at the next.
  answer.stream(text => {
    if (!response.writableNeedDrain) response.write(text);
  }, signal);
};

const find = async (routes: readonly Route[], asked: Omit<Asked, 'params'>, refuse: Refuse): Promise<Answer> => {
  const here = routes.flatMap(route => {
    const params = matchPath(route.path, asked.path);
    return params === undefined ? [] : [{ route, params }];
  });
  const wanted = asked.method === 'HEAD' ? 'GET' : asked.method;
  const found = here.find(({ route }) => route.method === wanted);
  if (found !== undefined) return found.route.answer({ ...asked, params: found.params });
  if (here.length === 0) return refuse(asked, 404, `nothing at ${asked.path}`);
  const allow = [...new Set(here.map(({ route }) => route.method))].join(', ');
  const refused = refuse(asked, 405, `${asked.method} is not for ${asked.path}: ${allow}`);
  return { ...refused, headers: { ...refused.headers, allow } };
};

/** One listener for all routes. Nothing a request holds can make it throw. */
export const listener = (routes: readonly Route[], refuse: Refuse): RequestListener => {
  const answerTo = async (request: IncomingMessage, signal: AbortSignal): Promise<Answer> => {
    const target = request.url ?? '/';
    const url = URL.parse(target, 'http://simulator');
    const path = url?.pathname ?? '/';
    if (url === null || !target.startsWith('/')) return refuse({ path }, 400, 'not a path');
    if (isForeign(request)) return refuse({ path }, 403, 'asked from another site, or by a name that is not loopback');
    const body = await readBody(request);
    if (body === undefined) return refuse({ path }, 413, 'more than 64 KiB');
    const headers = request.headers as Record<string, string | undefined>;
    const asked = { method: request.method ?? 'GET', path, target, query: url.searchParams, headers, body, signal };
    return find(routes, asked, refuse);
  };
  return (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const respond = async (): Promise<void> => {
      try {
        const answer = await answerTo(request, gone.signal);
        if (!response.destroyed) send(response, answer, gone.signal);
      } catch (error) {
        if (response.headersSent) response.destroy();
        else send(response, refuse({ path }, 500, error instanceof Error ? error.message : 'unknown'), gone.signal);
      }
    };
    const path = request.url ?? '/';
    respond().catch(() => response.destroy());
  };
};
