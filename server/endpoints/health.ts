/** Serves /healthz (the process runs) and /readyz (it can take traffic) for probes. Answers show states, never reasons. */
import { Router } from '@koa/router';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** One check that must pass before the process takes traffic. */
export interface Readiness {
  readonly name: string;
  readonly check: () => Promise<void>;
  /** True if the check reads this process alone. Its result is never cached, so that draining shows at once. */
  readonly isLocal?: true;
}

type CheckState = 'ok' | 'unavailable';

/** How long a result is cached. Anyone may request /readyz, and the check of a store writes to it. */
const cacheTime: Millis = 1_000;

/** Creates the routes GET /healthz and GET /readyz. The latter answers 503 if a check fails. */
export const healthRoutes = (checks: readonly Readiness[], clock: Clock): Router => {
  const cachedChecks = checks.map(part => ({
    name: part.name,
    run: part.isLocal ? uncached(part) : cached(part, clock),
  }));
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async ctx => {
    const states = await Promise.all(
      cachedChecks.map(async ({ name, run }): Promise<[string, CheckState]> => [name, await run()]),
    );
    const isReady = states.every(([, state]) => state === 'ok');
    ctx.status = isReady ? 200 : 503;
    ctx.body = { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(states) };
  });
  return router;
};

type RunCheck = () => Promise<CheckState>;

const uncached =
  ({ check }: Readiness): RunCheck =>
  async () =>
    check().then(
      () => 'ok',
      () => 'unavailable',
    );

/** Caches the result of a check, good or bad. Concurrent requests share one running check. */
const cached = (part: Readiness, clock: Clock): RunCheck => {
  const run = uncached(part);
  let last: { readonly at: EpochMillis; readonly state: Promise<CheckState> } | undefined;
  return async () => {
    const now = clock();
    // The absolute difference: a clock that was set back must not extend the cache time.
    if (last === undefined || Math.abs(now - last.at) >= cacheTime) last = { at: now, state: run() };
    return last.state;
  };
};
