/**
 * Serves tables of routes over HTTP, on Koa. Limits the size of bodies, answers loopback names only, and leaves the
 * format of errors to its caller.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { Router } from '@koa/router';
import Koa, { type ParameterizedContext } from 'koa';

/** A request as a route sees it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as text, at most 64 KiB. */
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** The decoded path segments that `:name` in the route matched. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** The response of a route. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Instead of a body: writes until its signal aborts. */
  readonly stream?: (write: (text: string) => void, signal: AbortSignal) => void;
  /** Sends no response and resets the connection. */
  readonly drop?: true;
}

/** One method of one path. */
export interface Route {
  readonly method: string;
  /** `/phones/:number/answer`: `:name` matches one segment. */
  readonly path: string;
  readonly handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
}

/** Formats an error for the part of the server that owns `path`: JSON, a page, or Twilio's format. */
export type ErrorResponse = (path: string, status: number, message: string) => HttpResponse;

const maxBody = 64 * 1024;

/** A response with `value` as JSON. */
export const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** A redirect that the browser follows with GET (RFC 9110 §15.4.4). */
export const seeOther = (location: string): HttpResponse => ({ status: 303, headers: { location } });

/** The body. Undefined: more than 64 KiB. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    // Reads on without keeping anything, so that 413 reaches a client that is still sending.
    if (size > 16 * maxBody) return undefined;
    if (size <= maxBody) parts.push(part);
  }
  return size > maxBody ? undefined : Buffer.concat(parts);
};

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Refuses DNS rebinding by the Host header, and requests that a page of another site makes by Origin. */
const isForeign = ({ method, headers }: IncomingMessage): boolean => {
  const { host = '', origin } = headers;
  if (!loopback.test(host)) return true;
  return method !== 'GET' && origin !== undefined && URL.parse(origin)?.host !== host;
};

interface RequestState {
  body: Buffer;
  signal: AbortSignal;
}
type ServerContext = ParameterizedContext<RequestState>;

const send = (ctx: ServerContext, response: HttpResponse): void => {
  if (response.drop === true) {
    ctx.respond = false;
    ctx.req.socket.resetAndDestroy();
    return;
  }
  ctx.status = response.status;
  ctx.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
  ctx.set((response.headers ?? {}) as Record<string, string | string[]>);
  if (response.stream === undefined) {
    ctx.body = response.body ?? '';
    return;
  }
  const stream = new PassThrough();
  ctx.body = stream;
  // Skips events for a slow reader; the next event makes it read everything.
  response.stream(text => {
    if (!stream.writableNeedDrain) stream.write(text);
  }, ctx.state.signal);
};

const requestOf = (ctx: ServerContext, params: HttpRequest['params']): HttpRequest => ({
  method: ctx.method,
  path: ctx.path,
  target: ctx.url,
  query: new URLSearchParams(ctx.querystring),
  headers: ctx.headers as HttpRequest['headers'],
  body: ctx.state.body.toString('utf8'),
  bytes: ctx.state.body,
  params,
  signal: ctx.state.signal,
});

/** Answers 404, or 405 with the methods of this path (RFC 9110 §15.5.6). HEAD goes with GET and is not named. */
const refuseUnrouted = (ctx: ServerContext, router: Router<RequestState>, errorResponse: ErrorResponse): void => {
  const { path, method } = ctx;
  const layers = router.match(path, method).path;
  if (layers.length === 0) return send(ctx, errorResponse(path, 404, `there is nothing at ${path}`));
  const allow = [...new Set(layers.flatMap(({ methods }) => methods))].filter(each => each !== 'HEAD').join(', ');
  const response = errorResponse(path, 405, `${method} is not allowed at ${path}, only ${allow}`);
  return send(ctx, { ...response, headers: { ...response.headers, allow } });
};

/** Makes one request listener for all routes. No request makes it throw. */
export const createListener = (routes: readonly Route[], errorResponse: ErrorResponse): RequestListener => {
  const koa = new Koa<RequestState>();
  // Errors are answered below; Koa would also print those of clients that disconnected.
  koa.silent = true;
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  for (const { method, path, handle } of routes) {
    router.register(path, [method], async ctx => send(ctx, await handle(requestOf(ctx, ctx.params))));
  }

  koa.use(async (ctx, next) => {
    const disconnected = new AbortController();
    ctx.res.once('close', () => disconnected.abort());
    ctx.state.signal = disconnected.signal;
    try {
      await next();
    } catch (error) {
      send(ctx, errorResponse(ctx.path, 500, error instanceof Error ? error.message : 'unknown error'));
    }
  });
  koa.use(async (ctx, next) => {
    const refuse = (status: number, message: string) => send(ctx, errorResponse(ctx.path, status, message));
    if (!ctx.url.startsWith('/')) return refuse(400, 'the request target is not a path');
    if (isForeign(ctx.req)) return refuse(403, 'the request comes from another site, or its host is not loopback');
    const body = await readBody(ctx.req);
    if (body === undefined) return refuse(413, 'the body is larger than 64 KiB');
    ctx.state.body = body;
    await next();
    return undefined;
  });
  koa.use(router.routes());
  koa.use(ctx => refuseUnrouted(ctx, router, errorResponse));
  const respond = koa.callback();
  return (request, response) => void respond(request, response);
};
