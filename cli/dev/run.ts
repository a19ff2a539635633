/** Runs the development world: the ordinary server, and the world outside it as a process of its own. */
import { createApp } from '../../server/app.ts';
import { loadSettings, type Settings } from '../../src/config.ts';
import { listen } from '../../server/listen.ts';
import { createLog, silentLog } from '../../src/log.ts';
import { openResources } from '../../server/resources.ts';
import type { Millis } from '../../src/ports/time.ts';
import { servicesOver, type CommandServices } from '../services.ts';
import { say } from '../output.ts';
import { announcement } from './announcement.ts';
import { noteRunning, refuseSecond } from './single-instance.ts';
import { freePorts, portsFrom } from './ports.ts';
import { seed } from './seed.ts';
import { startSimulator } from './simulator.ts';
import { loadWorld, removeState, saveSettings, worldEnvironment } from './people.ts';

/** What is under way at Ctrl-C may finish within: nobody waits longer for a prompt. */
const grace: Millis = 2000;

/** Resolves when the world was stopped. @throws Problem 'unavailable' where a port is in use, or a world runs in this folder. */
export const runWorld = async (port: number, reset: boolean): Promise<void> => {
  const ports = portsFrom(port);
  await refuseSecond();
  await freePorts(ports);
  // the state is looked at only now: another world on these ports would be using it
  if (reset) removeState(process.env);
  const world = loadWorld();
  const environment = worldEnvironment(world, ports);
  const settings = loadSettings({ ...process.env, ...environment });
  const stopping = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.resolve(signal));

  const [simulator, server] = await allOrNone(
    startSimulator(world, ports, () => stopping.resolve('simulator')),
    startServer(settings, async services => seed(services, world, ports)),
  );
  saveSettings({ ...environment, ...pick(process.env, ['SALLYPORT_DATABASE_URL', 'REDIS_URL']) });
  const forgetRunning = noteRunning(settings.issuer.origin);
  say(announcement(world, ports, settings));

  const reason = await stopping.promise;
  await Promise.all([server.close(), simulator.close()]);
  forgetRunning();
  if (reason === 'simulator') {
    process.stderr.write('The simulator ended, and with it this world.\n');
    process.exitCode = 1;
  }
};

/** The production server, over what the settings name; it does not know that anything is simulated. */
const startServer = async (
  settings: Settings,
  prepare: (services: CommandServices) => Promise<void>,
): Promise<Running> => {
  // standard output is for the table
  const log = createLog({ level: settings.logLevel, write: line => void process.stderr.write(line) });
  const resources = await openResources(settings, { log });
  try {
    await prepare(await servicesOver({ ...resources, log: silentLog }));
    const app = await createApp(resources);
    const server = await listen(app.callback, settings.listen);
    return {
      async close() {
        app.drain();
        await server.close(grace);
        await app.close();
        await resources.close();
      },
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
};

interface Running {
  close(): Promise<void>;
}

/** Both, or neither: what had started is closed again where the other failed. */
const allOrNone = async (...starts: readonly [Promise<Running>, Promise<Running>]): Promise<[Running, Running]> => {
  try {
    return await Promise.all(starts);
  } catch (error) {
    const settled = await Promise.allSettled(starts);
    await Promise.all(settled.map(async each => (each.status === 'fulfilled' ? each.value.close() : undefined)));
    throw error;
  }
};

const pick = (from: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap(name => (from[name] === undefined ? [] : [[name, from[name]]])));
