/**
 * The simulator as a process of its own. Its settings come as one JSON message over IPC, or as JSON in
 * SIMULATOR_SETTINGS; over IPC it says `{ ready: { url, relyingPartyUrl } }`, or `{ failed: MESSAGE }`, and it ends
 * with the process that started it.
 */
import type { SimulatorSettings } from './start.ts';
import { startSimulator } from './start.ts';

const received = (): Promise<SimulatorSettings> => {
  const given = process.env['SIMULATOR_SETTINGS'];
  if (given !== undefined) return Promise.resolve(JSON.parse(given) as SimulatorSettings);
  return new Promise(resolve => {
    process.once('message', message => resolve(message as SimulatorSettings));
  });
};

const tell = (message: object, line: string): void => {
  if (process.send === undefined) process.stdout.write(`${line}\n`);
  else process.send(message);
};

const run = async (): Promise<void> => {
  if (process.send === undefined && process.env['SIMULATOR_SETTINGS'] === undefined) {
    process.stderr.write('The simulator needs its settings as JSON in SIMULATOR_SETTINGS; see simulator/README.md.\n');
    process.exitCode = 78;
    return;
  }
  process.once('disconnect', () => process.exit());
  const simulator = await startSimulator(await received());
  const { url, relyingPartyUrl } = simulator;
  const stop = () => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  tell({ ready: { url, relyingPartyUrl } }, `Simulator ${url}, relying party ${relyingPartyUrl || 'none'}`);
};

run().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  tell({ failed: message }, message);
  process.exitCode = 1;
  process.disconnect?.();
});
