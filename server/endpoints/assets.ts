/**
 * Serves the files that pages load, in the content coding that the browser accepts (RFC 9110 §12.5.3).
 * They are compressed at start; no other answer of the process is compressed (BREACH, CVE-2013-3587).
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { assetCaching, assets, type Coding } from '../../web/assets.ts';

/**
 * Selects the coding with the highest weight, or `identity` if the browser accepts neither of ours.
 * Koa breaks a tie by the order in the header. Browsers list gzip before Brotli and send no weights, and Brotli is smaller.
 */
const codingFor = (ctx: Context): Coding => {
  const codings: readonly Coding[] = ['br', 'gzip', 'identity'];
  const isWeighted = ctx.get('accept-encoding').includes('q=');
  if (!isWeighted && ctx.acceptsEncodings('br') === 'br') return 'br';
  const best = ctx.acceptsEncodings(...codings);
  return codings.find(coding => coding === best) ?? 'identity';
};

/** Creates the route `GET` and `HEAD /assets/:name`. An unknown name falls through to the next route, hence 404. */
export const assetRoutes = (): Router => {
  const router = new Router();
  router.get('/assets/:name', ctx => {
    const found = assets.get(ctx.path);
    if (found === undefined) return;
    const coding = codingFor(ctx);
    const { body, etag } = found.codings[coding];
    ctx.status = 200;
    ctx.set({ 'cache-control': assetCaching, etag });
    ctx.vary('Accept-Encoding');
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.type = found.type;
    if (coding !== 'identity') ctx.set('content-encoding', coding);
    ctx.body = body;
  });
  return router;
};
