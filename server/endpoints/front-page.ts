/** GET /: somebody opened the sign-in server itself. There is nothing to do here, and the page says where to go. */
import { Router } from '@koa/router';
import { frontPage } from '../../web/pages/index.ts';
import { wordsFor } from '../../src/http/language.ts';

export const frontPageRoutes = (): Router => {
  const router = new Router();
  router.get('/', ctx => {
    ctx.type = 'html';
    ctx.body = frontPage(wordsFor(ctx)).text;
  });
  return router;
};
