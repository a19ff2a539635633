/**
 * Serves the authenticator, the web app with which people approve sign-ins on their phone:
 *
 *   GET /authenticator                         → /authenticator/
 *   GET /authenticator/                        its page
 *   GET /authenticator/sw.js                   its service worker
 *   GET /authenticator/manifest.webmanifest    what browsers need to install it
 *   GET /authenticator/assets/:name            scripts, styles and icons, with a hash in the name
 */
import { Router } from '@koa/router';
import { authenticatorHeaders } from '../../src/http/headers.ts';
import { wordsFor } from '../../src/http/language.ts';
import { answerStaticFile } from '../../src/http/static-file.ts';
import { authenticatorPath, type AuthenticatorApp } from '../../web/authenticator-bundle.ts';
import { authenticatorShell } from '../../web/authenticator-shell.ts';

/** Creates the routes. `app` gives the bundled app; it is asked at each request, and has to remember it. */
export const authenticatorAppRoutes = (app: () => Promise<AuthenticatorApp>): Router => {
  // Strict: the scope of the app is a folder, so its address without the slash at the end is another one.
  const router = new Router({ strict: true });
  router.get(authenticatorPath.slice(0, -1), ctx => {
    ctx.status = 301;
    ctx.redirect(authenticatorPath);
    ctx.body = '';
  });
  router.get(authenticatorPath, async ctx => {
    const { frame, language } = wordsFor(ctx);
    ctx.set(authenticatorHeaders);
    ctx.type = 'html';
    ctx.body = authenticatorShell(await app(), { language, noScript: frame.authenticatorNeedsScript });
  });
  router.get([`${authenticatorPath}sw.js`, `${authenticatorPath}manifest.webmanifest`], async ctx => {
    const found = (await app()).files.get(ctx.path);
    if (found !== undefined) answerStaticFile(ctx, found, { isHashed: false });
  });
  router.get(`${authenticatorPath}assets/:name`, async ctx => {
    const found = (await app()).files.get(ctx.path);
    if (found !== undefined) answerStaticFile(ctx, found, { isHashed: true });
  });
  return router;
};
