/**
 * Distinguishes the addresses of oidc-provider that browsers open from those that programs request. Middleware for pages runs for the
 * former only, so that it does not slow down tokens and user information.
 */
import type { Context, Next } from 'koa';

/** Authorization, sign-out and devices, each with what is below it. The library matches any letter case. */
const pages = /^\/(?:auth|session|device)(?:\/|$)/i;

/** True for an address that answers with pages, forms or redirects of a browser. */
export const isPagePath = ({ path }: Pick<Context, 'path'>): boolean => pages.test(path);

/** Runs the middleware for these addresses, and skips it for all others. */
export const onPages =
  <C extends Pick<Context, 'path'>>(middleware: (ctx: C, next: Next) => Promise<unknown>) =>
  (ctx: C, next: Next): Promise<unknown> =>
    isPagePath(ctx) ? middleware(ctx, next) : next();
