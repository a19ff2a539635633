/** The server's process: settings → stores and channels → the application → listen; on SIGTERM drain and leave with 0. */
import { createApp } from './app.ts';
import { reportProblem } from './report-failure.ts';
import { loadSettings } from '../src/config.ts';
import { listen } from './listen.ts';
import { openResources } from './resources.ts';
import type { Millis } from '../src/ports/time.ts';

/** What is under way at SIGTERM may finish within. */
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
  // Said last: whoever reads it may end the process at once.
  log.info('server.listening', { ...settings.listen, issuer: settings.issuer.origin, mode: settings.mode });
};

try {
  await start();
} catch (error) {
  process.exitCode = reportProblem(error);
}
