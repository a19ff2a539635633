/**
 * Lets go of a request once it is answered. oidc-provider defines a getter on each context of Koa. V8 keeps all that such a getter reaches
 * until its next full collection: each request and response would be copied twice, as if they were in use (ADR 0064, 0065).
 */
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Routes whose answer is complete when it is sent, and of which no task goes on. Others keep their context. */
const released: ReadonlySet<string> = new Set([
  'authorization',
  'resume',
  'token',
  'introspection',
  'revocation',
  'userinfo',
]);

/** Must be the first middleware, so that no other one reads the context afterwards. */
export const releaseAnswered: Middleware = async (ctx, next) => {
  await next();
  // Absent for routes that are not of oidc-provider.
  const { oidc, res }: Pick<KoaContextWithOIDC, 'res'> & Partial<Pick<KoaContextWithOIDC, 'oidc'>> = ctx;
  if (oidc === undefined || !released.has(oidc.route)) return;
  // Not sooner: Koa writes the answer after this, and reports here that it could not.
  res.once('close', () => {
    // Also members named by symbols, such as the cookies of Koa, which refer to request and response.
    for (const holder of [oidc, ctx]) for (const name of Reflect.ownKeys(holder)) Reflect.set(holder, name, undefined);
  });
};
