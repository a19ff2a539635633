/**
 * Answers a posted request for a sign-in (OIDC Core §3.1.2.1) or a sign-out (RP-Initiated Logout 1.0 §2) by a redirect to the same
 * request as GET. A POST from another site comes without our cookies, which are `SameSite=Lax`; the GET brings them. The GET alone is
 * counted and checked, so that both ways have the same limits. The POST changes nothing: another site reaches no more by it than by a link.
 */
import type { Context, Middleware } from 'koa';
import { Problem } from '../../errors.ts';
import { isAuthorization, longestParameters } from '../../http/authorization-address.ts';
import { readBody, requireForm } from '../../http/body.ts';

/**
 * Must run before the library and before sign-ins are counted.
 * @throws Problem 'too-large' beyond 8 KiB, 'unsupported-type' for another body than a form.
 */
export const redirectPosted: Middleware = async (ctx, next) => {
  const path = ctx.method === 'POST' ? pathOf(ctx) : undefined;
  if (path === undefined) await next();
  else await redirect(ctx, path);
};

/** The path of a request that may be posted, as it is registered. */
const pathOf = (ctx: Context): string | undefined => {
  if (isAuthorization(ctx)) return '/auth';
  return /^\/session\/end\/?$/i.test(ctx.path) ? '/session/end' : undefined;
};

const redirect = async (ctx: Context, path: string): Promise<void> => {
  const body = await readBody(ctx.req, longestParameters);
  requireForm(ctx.headers['content-type']);
  // Encoded again: the body may hold line feeds, which must not end a header.
  const query = new URLSearchParams(body.toString()).toString();
  if (query.length > longestParameters) {
    throw new Problem('too-large', `got a request of ${query.length} bytes, expected at most ${longestParameters}`);
  }
  ctx.status = 303;
  ctx.set('location', `${path}?${query}`);
  ctx.body = '';
};
