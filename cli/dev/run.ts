/** Runs the development environment: the ordinary server, and the simulator in a process of its own. */
import { loadSettings } from '../../src/config.ts';
import { print } from '../output.ts';
import { announcement } from './announcement.ts';
import { developerNotes } from './developer-notes.ts';
import { refuseSecondInstance, writePidFile } from './single-instance.ts';
import { assertPortsFree, portsFrom } from './ports.ts';
import { seed } from './seed.ts';
import { startServer } from './server.ts';
import { startSimulator } from './simulator.ts';
import { liftLimits } from './lift-limits.ts';
import { developmentEnvironment, overridable, loadSeedData, removeState, saveSettings } from './seed-data.ts';

/** Settings of the process that lead to its stores. Commands beside it need them too. */
const stores = ['SALLYPORT_DATABASE_URL', 'REDIS_URL', 'SALLYPORT_SEALING_KEYS'] as const;

/**
 * Resolves after the environment was stopped.
 *
 * @throws Problem 'in-use' if a port is in use or another environment runs in this folder
 */
export const runDevelopment = async (port: number, reset: boolean): Promise<void> => {
  const ports = portsFrom(port);
  await refuseSecondInstance();
  await assertPortsFree(ports);
  // Only now: another environment on these ports would be using the state.
  if (reset) removeState(process.env);
  const seedData = loadSeedData();
  const environment = developmentEnvironment(seedData, ports);
  const given = { ...overridable, ...process.env, ...environment };
  const settings = loadSettings(given);
  const stopping = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.resolve(signal));

  const starting = startServer(settings, async services => seed(services, seedData, ports), {
    developerNotes: developerNotes(given, ports),
  });
  const [simulator, server] = await allOrNone(
    startSimulator(seedData, ports, {
      onEnd: () => stopping.resolve('simulator'),
      onReset: () => void starting.then(({ resources }) => liftLimits(resources)).catch(reportFailure),
    }),
    starting,
  );
  saveSettings({ ...overridable, ...environment, ...pick(process.env, stores) });
  const removePidFile = writePidFile(settings.issuer.origin);
  const showTable = (): void => print(announcement(seedData, ports, settings));
  showTable();
  // Lines of the log push the table out of the terminal.
  if (process.stdin.isTTY) process.stdin.on('data', showTable);

  const reason = await stopping.promise;
  process.stdin.pause();
  await Promise.all([server.close(), simulator.close()]);
  removePidFile();
  if (reason === 'simulator') {
    process.stderr.write('The simulator has ended, so the server stops too.\n');
    process.exitCode = 1;
  }
};

interface Running {
  close(): Promise<void>;
}

const reportFailure = (error: unknown): void =>
  void process.stderr.write(`Limits were not lifted: ${Error.isError(error) ? error.message : String(error)}\n`);

/** Starts both or none: if one fails, the other is closed again. */
const allOrNone = async <A extends Running, B extends Running>(
  ...starts: readonly [Promise<A>, Promise<B>]
): Promise<[A, B]> => {
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
