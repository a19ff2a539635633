/** POST /language: a person chooses the language of this browser, and is back where they were. */
import { Router } from '@koa/router';
import { fields, languagePath, placeToReturn } from '../../web/pages/links.ts';
import { parseForm, readBody } from '../../src/http/body.ts';
import { keepLanguage } from '../../src/http/language.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';

const form = { [fields.language]: 64, [fields.back]: 256 } as const;

/** A language we do not have changes nothing; a place that is none of ours is not gone to. */
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
