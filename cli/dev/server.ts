/** Starts the production server in this process, over settings and data of development. No code in it knows of that. */
import { createApp } from '../../server/app.ts';
import { listen } from '../../server/listen.ts';
import { openResources } from '../../server/resources.ts';
import type { Resources } from '../../server/services.ts';
import type { Settings } from '../../src/config.ts';
import { createLog, silentLog } from '../../src/log.ts';
import type { Millis } from '../../src/ports/time.ts';
import { servicesOver, type CommandServices } from '../services.ts';

/** Time for open requests to finish after a stop. */
const grace: Millis = 2000;

export interface RunningServer {
  /** Its open stores, which `close` closes. */
  readonly resources: Resources;
  close(): Promise<void>;
}

/** `prepare` fills the stores before the first request. `more`: resources of development. */
export const startServer = async (
  settings: Settings,
  prepare: (services: CommandServices) => Promise<void>,
  more: Pick<Resources, 'developerNotes'> = {},
): Promise<RunningServer> => {
  // Standard output is for what the command prints.
  const log = createLog({ level: settings.logLevel, write: line => void process.stderr.write(line) });
  const opened = await openResources(settings, { log });
  const resources = { ...opened, ...more };
  try {
    await prepare(await servicesOver({ ...resources, log: silentLog }));
    const app = await createApp(resources);
    const server = await listen(app.callback, settings.listen);
    return {
      resources,
      async close() {
        app.drain();
        await server.close(grace);
        await app.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
};
