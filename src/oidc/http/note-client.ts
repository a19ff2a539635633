/** Notes the client of a request to oidc-provider, for the line of the request in the log. */
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { noteFacts } from '../../http/request-facts.ts';

/** Only a registered client is noted: an id that a stranger made up could be anything. */
export const noteClient: Middleware = async (ctx, next) => {
  try {
    await next();
  } finally {
    // Absent for routes that are not of oidc-provider.
    const { oidc }: Pick<KoaContextWithOIDC, 'req'> & Partial<Pick<KoaContextWithOIDC, 'oidc'>> = ctx;
    noteFacts(ctx.req, { client: oidc?.client?.clientId });
  }
};
