/** Files that pages load: named by their content, so that a browser may keep them for good. */
import { Router } from '@koa/router';
import { assetCaching, assets } from '../../web/assets.ts';

export const assetRoutes = (): Router => {
  const router = new Router();
  router.get('/assets/:name', ctx => {
    const found = assets.get(ctx.path);
    if (found === undefined) return;
    ctx.status = 200;
    ctx.set({ 'cache-control': assetCaching, etag: found.etag });
    ctx.type = found.type;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = found.body;
  });
  return router;
};
