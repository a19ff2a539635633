/**
 * Ends the process in order, on SIGTERM, SIGINT or an exception that was not caught:
 *
 *   not ready; event streams end, responses close their connections    at once
 *   still accept connections until load balancers have noticed         SALLYPORT_DRAIN_DELAY
 *   accept no connection, let running requests finish                  up to 30 s
 *   end deliveries and timers, write pending data, close the stores    up to 15 s
 *   exit with 0; with 1 after an exception
 *
 * A second signal ends it at once.
 */
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../src/log.ts';
import type { Millis } from '../src/ports/time.ts';
import type { App } from './app.ts';
import type { Listening } from './listen.ts';
import type { OpenResources } from './resources.ts';

/** The time in which running requests may finish. */
export const grace: Millis = 30_000;
/** The time for the last writes. A delivery under way may need a few seconds. */
export const lastWrites: Millis = 15_000;
/** systemd and npm both forward a signal, so it may arrive twice within milliseconds. The second one then has no effect. */
const sameSignal: Millis = 1_000;

const signals = ['SIGTERM', 'SIGINT'] as const;

export interface Running {
  readonly app: Pick<App, 'drain' | 'close'>;
  readonly server: Listening;
  /** The port of probes and metrics. It is closed last. */
  readonly management?: Listening | undefined;
  readonly resources: Pick<OpenResources, 'close'>;
  /** How long connections are still accepted. */
  readonly delay: Millis;
  readonly log: Log;
}

/** Ends in order. @throws what closing the application or a store throws */
const end = async ({ app, server, management, resources, delay, log }: Running): Promise<void> => {
  app.drain();
  server.drain();
  if (delay > 0) await wait(delay);
  await server.close(grace);
  await app.close();
  await resources.close();
  await management?.close(0);
  log.info('server.stopped');
};

/** Sets the handlers that end this process. */
export const endOnSignals = (running: Running): void => {
  const { log, delay } = running;
  let began: number | undefined;

  const begin = (reason: object, exitCode: number): void => {
    began = performance.now();
    log.info('server.draining', reason);
    // Ends the process in any case, also if a promise never settles or a handle stays open.
    const cut = (): never => {
      log.error('server.cut', { because: 'it did not end in time' });
      return process.exit(1);
    };
    setTimeout(cut, delay + grace + lastWrites).unref();
    end(running).then(
      () => (process.exitCode ??= exitCode),
      (error: unknown) => {
        log.error('server.failed', { error });
        process.exitCode = 1;
      },
    );
  };

  for (const signal of signals) {
    process.on(signal, () => {
      if (began === undefined) return begin({ signal }, 0);
      if (performance.now() - began < sameSignal) return;
      log.warn('server.cut', { signal });
      // As a shell reports a process that a signal ended.
      process.exit(128 + constants.signals[signal]);
    });
  }
  // Unhandled rejections arrive here too. The state of the process is unknown now, so it ends, and another one takes over.
  process.on('uncaughtException', (error, origin) => {
    log.error('process.failed', { error, origin });
    process.exitCode = 1;
    if (began === undefined) begin({ because: origin }, 1);
  });
};
