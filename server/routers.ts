/**
 * Finds the routers of a request by the first segment of its path, so that requests to oidc-provider try none of our routes. A router
 * tries each of its routes in turn, and there are a hundred.
 */
import { Router } from '@koa/router';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import { Problem } from '../src/errors.ts';

/** The first segment of a path in lower case, because routers match any letter case: `/Auth/x` gives `auth`. */
const firstSegment = (path: string): string => {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end).toLowerCase();
};

/** First segments of the routes of a router. @throws Problem 'internal' for a route whose first segment is not fixed */
const segmentsOf = (router: Router): ReadonlySet<string> =>
  new Set(
    router.stack.map(({ path }) => {
      const segment = typeof path === 'string' ? firstSegment(path) : '(';
      if (/^[a-z.-]*$/.test(segment)) return segment;
      throw new Problem('internal', `got the route ${String(path)}, expected a fixed first segment`);
    }),
  );

type Step = (ctx: Context, next: Next) => Promise<unknown>;

/** These routers as one middleware. Each answers 405 where only another method of the path has a route. */
const inOrder = (routers: readonly Router[]): Step => {
  const app = new Koa();
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app.middleware.reduceRight<Step>(
    (following, first) => async (ctx, next) => void (await first(ctx, async () => following(ctx, next))),
    async (_ctx, next) => next(),
  );
};

/** Methods that a route can have. Any other is answered 501, whatever its path. */
const usual: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** One middleware for all routers, which it names for tests that list every address. */
export type RoutersMiddleware = Middleware & { readonly routers: readonly Router[] };

/**
 * Gives the middleware for these routers. Paths that none of them has are left to the next middleware.
 * @throws Problem 'internal' for a route whose first segment is not fixed
 */
export const routersMiddleware = (routers: readonly Router[]): RoutersMiddleware => {
  const segments = routers.map(router => ({ router, of: segmentsOf(router) }));
  const bySegment = new Map(
    segments
      .flatMap(({ of }) => [...of])
      .map(segment => [segment, inOrder(segments.filter(({ of }) => of.has(segment)).map(({ router }) => router))]),
  );
  const unusual = inOrder([new Router()]);
  const dispatch: Step = (ctx, next) => {
    const found = bySegment.get(firstSegment(ctx.path)) ?? (usual.has(ctx.method) ? undefined : unusual);
    return found === undefined ? next() : found(ctx, next);
  };
  return Object.assign(dispatch, { routers });
};
