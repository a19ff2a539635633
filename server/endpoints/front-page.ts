/** Serves GET /, for a person who opens the server without a client. The page tells them to start at their application. */
import { Router } from '@koa/router';
import { frontPage } from '../../web/pages/index.ts';
import type { DeveloperNotes } from '../../web/pages/props.ts';
import { wordsFor } from '../../src/http/language.ts';

/** Creates the route GET /. */
export const frontPageRoutes = (notes?: DeveloperNotes): Router => {
  const router = new Router();
  router.get('/', ctx => {
    ctx.type = 'html';
    ctx.body = frontPage(wordsFor(ctx), notes).text;
  });
  return router;
};
