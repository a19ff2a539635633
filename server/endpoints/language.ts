/** Serves POST /language: stores the chosen language in a cookie, and redirects to the page where it was chosen. */
import { Router } from '@koa/router';
import { fields, languagePath, placeToReturn } from '../../web/pages/links.ts';
import { parseForm, readBody } from '../../src/http/body.ts';
import { keepLanguage } from '../../src/http/language.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';

const form = { [fields.language]: 64, [fields.back]: 256 } as const;

/** Creates the route. Ignores an unsupported language, and never redirects to an address that is not ours (CWE-601). */
export const languageRoutes = (issuer: URL): Router => {
  const router = new Router();
  router.post(languagePath, async ctx => {
    requireSameOrigin(ctx.headers, issuer.origin);
    const sent = parseForm(ctx.headers['content-type'], await readBody(ctx.req), form);
    keepLanguage(ctx, sent.get(fields.language));
    ctx.status = 303;
    ctx.redirect(placeToReturn(sent.get(fields.back)));
    ctx.body = '';
  });
  return router;
};
