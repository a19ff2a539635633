/** Serves GET /errors/IDP-1007: the page of an error code, to which pages and answers to clients link. It needs no store. */
import { Router } from '@koa/router';
import { errorsPath } from '../../src/error-path.ts';
import { explainedError } from '../../src/error-reference/reference.ts';
import { Problem } from '../../src/errors.ts';
import { wordsFor } from '../../src/http/language.ts';
import { errorCodePage } from '../../web/pages/index.ts';

/** Creates the route. A code that does not exist has no page. */
export const errorCodeRoutes = (): Router => {
  const router = new Router();
  router.get(`${errorsPath}/:code`, ctx => {
    const explained = explainedError(ctx.params['code'] ?? '');
    if (explained === undefined) throw new Problem('not-found', 'got a code that is not in the reference');
    ctx.type = 'html';
    ctx.body = errorCodePage(explained, wordsFor(ctx)).text;
  });
  return router;
};
