/**
 * Runs the server process: loads settings, opens stores and carriers, creates the application and listens. On SIGTERM or SIGINT
 * it drains and exits with 0.
 */
import { createApp } from './app.ts';
import { reportProblem } from './report-failure.ts';
import { loadSettings } from '../src/config.ts';
import { listen } from './listen.ts';
import { openResources } from './resources.ts';
import type { Millis } from '../src/ports/time.ts';

/** The time in which running requests may finish after SIGTERM. */
const grace: Millis = 30_000;

const start = async (): Promise<void> => {
  const resources = await openResources(loadSettings(process.env));
  const { settings, log } = resources;
  const app = await createApp(resources);
  const server = await listen(app.callback, settings.listen);
  const stop = async (signal: string): Promise<void> => {
    log.info('server.draining', { signal });
    app.drain();
    await server.close(grace);
    await app.close();
    await resources.close();
    log.info('server.stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      stop(signal).catch((error: unknown) => {
        process.exitCode = reportProblem(error);
      });
    });
  }
  // Logged after the signal handlers are set: a reader of this line may stop the process at once.
  log.info('server.listening', { ...settings.listen, issuer: settings.issuer.origin, mode: settings.mode });
};

try {
  await start();
} catch (error) {
  process.exitCode = reportProblem(error);
}
