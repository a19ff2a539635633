/** Whether this process lives, and whether it may be sent people. For probes: it tells states, never reasons. */
import { Router } from '@koa/router';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** One part that must work before people are sent here. */
export interface Readiness {
  readonly name: string;
  readonly check: () => Promise<void>;
  /** It looks at this process alone, and is asked every time: that the process is ending is told at once. */
  readonly isInside?: true;
}

type CheckState = 'ok' | 'unavailable';

/** Anyone may ask, and a store answers by writing: it is asked once in this time, however many ask. */
const remembers: Millis = 1_000;

export const healthRoutes = (checks: readonly Readiness[], clock: Clock): Router => {
  const looks = checks.map(part => ({
    name: part.name,
    look: part.isInside ? asking(part) : remembering(part, clock),
  }));
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async ctx => {
    const states = await Promise.all(
      looks.map(async ({ name, look }): Promise<[string, CheckState]> => [name, await look()]),
    );
    const isReady = states.every(([, state]) => state === 'ok');
    ctx.status = isReady ? 200 : 503;
    ctx.body = { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(states) };
  });
  return router;
};

type Look = () => Promise<CheckState>;

const asking =
  ({ check }: Readiness): Look =>
  async () =>
    check().then(
      () => 'ok',
      () => 'unavailable',
    );

/** What was last seen, good or bad; those who ask while it is looked at wait for the same answer. */
const remembering = (part: Readiness, clock: Clock): Look => {
  const look = asking(part);
  let last: { readonly at: EpochMillis; readonly state: Promise<CheckState> } | undefined;
  return async () => {
    const now = clock();
    // Measured both ways: a clock that was set back must not keep an old answer alive.
    if (last === undefined || Math.abs(now - last.at) >= remembers) last = { at: now, state: look() };
    return last.state;
  };
};
