/** Serves /healthz (the process runs) and /readyz (it can take traffic) for probes. Answers show states, never reasons. */
import { Router } from '@koa/router';
import type { Readiness } from '../../src/readiness.ts';

/** Creates the routes GET /healthz and GET /readyz. The latter answers 503 if a check fails. */
export const healthRoutes = (readiness: () => Promise<Readiness>): Router => {
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async ctx => {
    const state = await readiness();
    ctx.status = state.status === 'ok' ? 200 : 503;
    ctx.body = state;
  });
  return router;
};
