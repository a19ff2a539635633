/**
 * Serves tables of routes over HTTP, on Koa. Bodies are bounded, only loopback names are answered, and each part of
 * the simulator words its own errors.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { Router } from '@koa/router';
import Koa, { type ParameterizedContext } from 'koa';

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
  readonly body?: string | Buffer;
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

/** Of one request: its body, and the signal that aborts when the other side goes away. */
interface State {
  body: string;
  signal: AbortSignal;
}
type Context = ParameterizedContext<State>;

const send = (ctx: Context, answer: Answer): void => {
  if (answer.drop === true) {
    ctx.respond = false;
    ctx.req.socket.resetAndDestroy();
    return;
  }
  ctx.status = answer.status;
  ctx.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
  ctx.set((answer.headers ?? {}) as Record<string, string | string[]>);
  if (answer.stream === undefined) {
    ctx.body = answer.body ?? '';
    return;
  }
  const stream = new PassThrough();
  ctx.body = stream;
  // Who reads too slowly misses news, and reads all of it at the next.
  answer.stream(text => {
    if (!stream.writableNeedDrain) stream.write(text);
  }, ctx.state.signal);
};

const askedBy = (ctx: Context, params: Asked['params']): Asked => ({
  method: ctx.method,
  path: ctx.path,
  target: ctx.url,
  query: new URLSearchParams(ctx.querystring),
  headers: ctx.headers as Asked['headers'],
  body: ctx.state.body,
  params,
  signal: ctx.state.signal,
});

/** One listener for all routes. Nothing a request holds can make it throw. */
export const listener = (routes: readonly Route[], refuse: Refuse): RequestListener => {
  const koa = new Koa<State>();
  // Errors are answered below; Koa would print those of clients that went away.
  koa.silent = true;
  const router = new Router<State>({ strict: true, sensitive: true });
  for (const { method, path, answer } of routes) {
    router.register(path, [method], async ctx => send(ctx, await answer(askedBy(ctx, ctx.params))));
  }

  koa.use(async (ctx, next) => {
    const gone = new AbortController();
    ctx.res.once('close', () => gone.abort());
    ctx.state.signal = gone.signal;
    try {
      await next();
    } catch (error) {
      send(ctx, refuse(ctx, 500, error instanceof Error ? error.message : 'unknown'));
    }
  });
  koa.use(async (ctx, next) => {
    if (!ctx.url.startsWith('/')) return send(ctx, refuse(ctx, 400, 'not a path'));
    if (isForeign(ctx.req)) {
      return send(ctx, refuse(ctx, 403, 'asked from another site, or by a name that is not loopback'));
    }
    const body = await readBody(ctx.req);
    if (body === undefined) return send(ctx, refuse(ctx, 413, 'more than 64 KiB'));
    ctx.state.body = body;
    await next();
    return undefined;
  });
  koa.use(router.routes());
  koa.use(ctx => {
    const here = router.match(ctx.path, ctx.method).path;
    if (here.length === 0) return send(ctx, refuse(ctx, 404, `nothing at ${ctx.path}`));
    // HEAD goes with GET and is not named.
    const allow = [...new Set(here.flatMap(({ methods }) => methods))].filter(each => each !== 'HEAD').join(', ');
    const refused = refuse(ctx, 405, `${ctx.method} is not for ${ctx.path}: ${allow}`);
    return send(ctx, { ...refused, headers: { ...refused.headers, allow } });
  });
  const respond = koa.callback();
  return (request, response) => void respond(request, response);
};
