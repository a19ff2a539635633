/** Whether this process lives, and whether it may be sent people. For probes: it tells states, never reasons. */
import { Router } from '@koa/router';

/** One part that must work before people are sent here. */
export interface Readiness {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export const healthRoutes = (parts: readonly Readiness[]): Router => {
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async ctx => {
    const states = new Map<string, 'ok' | 'unavailable'>();
    const look = async ({ name, check }: Readiness): Promise<void> =>
      check().then(
        () => void states.set(name, 'ok'),
        () => void states.set(name, 'unavailable'),
      );
    await Promise.all(parts.map(look));
    const isReady = ![...states.values()].includes('unavailable');
    ctx.status = isReady ? 200 : 503;
    ctx.body = { status: isReady ? 'ok' : 'unavailable', parts: Object.fromEntries<string>(states) };
  });
  return router;
};
