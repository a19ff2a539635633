/**
 * Holds the library's own sign-out form to the rule of our forms: only a page of ours may send it. The form also carries a
 * secret, but a request of another site must not even be read.
 */
import type { Middleware } from 'koa';
import { requireSameOrigin } from '../../http/same-origin.ts';

const signOutPath = /^\/session\/end\/confirm\/?$/i;

/** @throws Problem 'forbidden' for a request of another site */
export const guardSignOut =
  (ourOrigin: string): Middleware =>
  async (ctx, next) => {
    if (ctx.method === 'POST' && signOutPath.test(ctx.path)) requireSameOrigin(ctx.headers, ourOrigin);
    await next();
  };
