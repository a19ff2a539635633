/**
 * Serves the page behind "This wasn't me" in a notice.
 *
 *   GET  /not-me/:token   says what the link is about; changes nothing, because programs of mailboxes open links
 *   POST /not-me/:token   stops changes and ends all sessions, then redirects to the page, which says so
 *
 * No sign-in is asked for: the notice may be read on any device, and the person may have lost the others.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseForm, readBody } from '../../src/http/body.ts';
import { wordsFor } from '../../src/http/language.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import type { NotMe } from '../../src/notices/not-me.ts';
import { referenceFor } from '../../src/reference.ts';
import { browserText } from '../../src/user-agent.ts';
import { notMePage } from '../../web/pages/index.ts';
import { notMePath } from '../../web/pages/links.ts';

export interface NotMeRouteDeps {
  readonly notMe: NotMe;
  readonly issuer: URL;
}

/** Creates the router. */
export const notMeRoutes = ({ notMe, issuer }: NotMeRouteDeps): Router => {
  const router = new Router();
  const draw = async (ctx: Context, token: string): Promise<void> => {
    const link = await notMe.look(token);
    ctx.status = link.state === 'unknown' ? 404 : 200;
    ctx.type = 'html';
    ctx.body = notMePage({ here: hereOf(token), reference: referenceFor(ctx, undefined), link }, wordsFor(ctx)).text;
  };
  router.get(`${notMePath}/:token`, async ctx => draw(ctx, ctx.params['token'] ?? ''));
  router.post(`${notMePath}/:token`, async ctx => {
    requireSameOrigin(ctx.headers, issuer.origin);
    parseForm(ctx.headers['content-type'], await readBody(ctx.req), {});
    const token = ctx.params['token'] ?? '';
    await notMe.report(token, {
      actor: 'browser',
      reference: referenceFor(ctx, undefined),
      address: ctx.ip,
      browser: browserText(ctx.get('user-agent')),
    });
    ctx.status = 303;
    ctx.redirect(hereOf(token));
    ctx.body = '';
  });
  return router;
};

/** An unknown token may hold any text. */
const hereOf = (token: string): string => `${notMePath}/${encodeURIComponent(token)}`;
