/** Serves the files that pages load. They are compressed at start. */
import { Router } from '@koa/router';
import { answerStaticFile } from '../../src/http/static-file.ts';
import { assets } from '../../web/assets.ts';

/** Creates the route `GET` and `HEAD /assets/:name`. An unknown name falls through to the next route, hence 404. */
export const assetRoutes = (): Router => {
  const router = new Router();
  router.get('/assets/:name', ctx => {
    const found = assets.get(ctx.path);
    if (found !== undefined) answerStaticFile(ctx, found, { isHashed: true });
  });
  return router;
};
