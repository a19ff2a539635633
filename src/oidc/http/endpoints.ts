/**
 * Lists the endpoints of the protocol with their methods, and adds two rules to the answers of oidc-provider. Programs get JSON, also
 * where they fail: the HTTP client of Java asks for HTML first, and a client library cannot read a page. Another method gets 405.
 */
import type { Middleware } from 'koa';

const read: readonly string[] = ['GET', 'HEAD'];

/** Methods by path, beside OPTIONS. Paths of our own routers are not here: they answer 405 themselves (`server/routers.ts`). */
const methods = new Map<string, readonly string[]>([
  ['/auth', [...read, 'POST']],
  ['/session/end', [...read, 'POST']],
  ['/session/end/confirm', ['POST']],
  ['/session/end/success', read],
  ['/token', ['POST']],
  ['/token/introspection', ['POST']],
  ['/token/revocation', ['POST']],
  ['/request', ['POST']],
  ['/device/auth', ['POST']],
  ['/backchannel', ['POST']],
  ['/me', [...read, 'POST']],
  ['/jwks', read],
  ['/.well-known/openid-configuration', read],
  ['/.well-known/oauth-authorization-server', read],
]);

/** Endpoints that programs request. oidc-provider matches any letter case. */
const programs = /^\/(?:token|me|request|backchannel|reg|device\/auth)(?:[/?]|$)/i;

/** Whether programs request this target, a path with or without its query. */
export const isForPrograms = (target: string): boolean => programs.test(target);

/** The one other type that a program can ask for (RFC 9701 §4). oidc-provider reads it from `Accept`. */
const introspectionJwt = 'application/token-introspection+jwt';

/** Makes failures of these endpoints JSON too. Must run before the middleware that renders failures. */
export const answerPrograms: Middleware = (ctx, next) => {
  if (isForPrograms(ctx.path) && !ctx.get('accept').includes(introspectionJwt))
    ctx.req.headers.accept = 'application/json';
  return next();
};

/** Answers 405 with `Allow` to a method that the path does not have (RFC 9110 §15.5.6, RFC 9126 §2.3), and OPTIONS with 204. */
export const refuseMethods: Middleware = async (ctx, next) => {
  const known = methods.get(ctx.path);
  // The question of a browser before a request from another origin (CORS) is oidc-provider's to answer.
  const isPreflight = ctx.method === 'OPTIONS' && ctx.get('access-control-request-method') !== '';
  if (known === undefined || known.includes(ctx.method) || isPreflight) {
    await next();
    return;
  }
  ctx.status = ctx.method === 'OPTIONS' ? 204 : 405;
  ctx.set('allow', [...known, 'OPTIONS'].join(', '));
};
