/**
 * Serves the playground, where developers send a sign-in request of a client and see each answer (`src/oidc/playground`).
 *
 *   GET  {page}                     the form; its query fills it in, so that a link can hold a request
 *   POST {page}                     the request, line by line; keeps the flow in this browser
 *   GET  {page}/callback/:ticket    the answer of a sign-in: tokens, checks and user information, once
 *
 * `page` is /playground in the development environment, where everybody may try every client.
 */
import { Router } from '@koa/router';
import { parseForm, readBody } from '../../src/http/body.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import { wishFields } from '../../src/oidc/playground/request.ts';
import { prepareRequest, showForm, showResult, type PlaygroundDeps, type TriedClient } from './steps.ts';

/** Path of the playground in the development environment. */
export const playgroundPath = '/playground';

/** Creates the routes of the development environment. `clients`: all that are registered. */
export const playgroundRoutes = (
  deps: PlaygroundDeps & { readonly clients: () => Promise<readonly TriedClient[]> },
): Router => {
  const page = playgroundPath;
  const router = new Router();
  router.get(page, async ctx => showForm(ctx, { page, clients: await deps.clients() }));
  router.post(page, async ctx => {
    requireSameOrigin(ctx.headers, deps.issuer.origin);
    const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), wishFields);
    await prepareRequest(deps, ctx, { page, clients: await deps.clients() }, form);
  });
  router.get(`${page}/callback/:ticket`, async ctx => showResult(deps, ctx, page));
  return router;
};
