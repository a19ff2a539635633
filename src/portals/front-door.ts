/** GET /: somebody opened the sign-in server itself. There is nothing to do here, and the page says where to go. */
import { Router } from '@koa/router';
import { frontPage } from '../../web/pages/index.ts';
import { chosenLanguage, wording } from '../wording.ts';

export const frontDoor = (): Router => {
  const router = new Router();
  router.get('/', ctx => {
    const languages = ctx.acceptsLanguages();
    ctx.type = 'html';
    ctx.body = frontPage(wording(chosenLanguage(Array.isArray(languages) ? languages : []))).text;
  });
  return router;
};
