/**
 * Tells whether this process can take traffic. Each check has a time limit and one run at a time, because anyone may ask on a public
 * port, and a store that does not answer would otherwise collect checks.
 */
import type { Clock, EpochMillis, Millis } from './ports/time.ts';

/** One check that must pass before the process takes traffic. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
  /** True if the check reads this process alone. Its result is never cached, so that draining shows at once. */
  readonly isLocal?: true;
}

type CheckState = 'ok' | 'unavailable';

/** States of all checks, without reasons. */
export interface Readiness {
  readonly status: CheckState;
  readonly checks: Readonly<Record<string, CheckState>>;
}

/** How long a result is cached. The check of a store writes to it. */
const cacheTime: Millis = 1_000;
/** A check that takes longer has failed. */
const timeLimit: Millis = 500;

/** Returns the function that runs the checks. */
export const createReadiness = (checks: readonly ReadinessCheck[], clock: Clock): (() => Promise<Readiness>) => {
  const runs = checks.map(part => [part.name, part.isLocal ? uncached(part) : cached(part, clock)] as const);
  return async () => {
    const states = await Promise.all(
      runs.map(async ([name, run]): Promise<[string, CheckState]> => [name, await run()]),
    );
    const isReady = states.every(([, state]) => state === 'ok');
    return { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(states) };
  };
};

type RunCheck = () => Promise<CheckState>;

const uncached =
  ({ check }: ReadinessCheck): RunCheck =>
  async () =>
    check().then(
      () => 'ok',
      () => 'unavailable',
    );

/** Caches the result of a check, good or bad. Concurrent requests share one running check. */
const cached = (part: ReadinessCheck, clock: Clock): RunCheck => {
  const run = uncached(part);
  let running: Promise<CheckState> | undefined;
  let last: { readonly at: EpochMillis; readonly state: Promise<CheckState> } | undefined;
  return async () => {
    const now = clock();
    // The absolute difference: a clock that was set back must not extend the cache time.
    if (last !== undefined && Math.abs(now - last.at) < cacheTime) return last.state;
    running ??= run().finally(() => {
      running = undefined;
    });
    last = { at: now, state: withinLimit(running) };
    return last.state;
  };
};

/** The state, or `unavailable` where it takes longer than the limit. */
const withinLimit = async (state: Promise<CheckState>): Promise<CheckState> => {
  const { promise: late, resolve } = Promise.withResolvers<CheckState>();
  const timer = setTimeout(() => resolve('unavailable'), timeLimit);
  try {
    return await Promise.race([state, late]);
  } finally {
    clearTimeout(timer);
  }
};
