/**
 * Runs the simulator as a process of its own. Takes its settings as one message over IPC, or as JSON in
 * SIMULATOR_SETTINGS. Over IPC it sends `{ ready: { url, relyingPartyUrl, mailUrl } }` or `{ failed: MESSAGE }`, `{ reset: true }`
 * after each "Start over", and it ends with the process that started it.
 */
import type { SimulatorSettings } from './start.ts';
import { startSimulator } from './start.ts';

const receiveSettings = (): Promise<SimulatorSettings> => {
  const json = process.env['SIMULATOR_SETTINGS'];
  if (json !== undefined) return Promise.resolve(JSON.parse(json) as SimulatorSettings);
  return new Promise(resolve => {
    process.once('message', message => resolve(message as SimulatorSettings));
  });
};

const report = (message: object, line: string): void => {
  if (process.send === undefined) process.stdout.write(`${line}\n`);
  else process.send(message);
};

const run = async (): Promise<void> => {
  if (process.send === undefined && process.env['SIMULATOR_SETTINGS'] === undefined) {
    process.stderr.write('The simulator needs its settings as JSON in SIMULATOR_SETTINGS. See simulator/README.md.\n');
    process.exitCode = 78;
    return;
  }
  process.once('disconnect', () => process.exit());
  const simulator = await startSimulator({
    ...(await receiveSettings()),
    onReset: () => process.send?.({ reset: true }),
  });
  const { url, relyingPartyUrl, mailUrl } = simulator;
  const stop = () => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  report(
    { ready: { url, relyingPartyUrl, mailUrl } },
    `Simulator ${url}, mail ${mailUrl}, relying party ${relyingPartyUrl || 'none'}`,
  );
};

run().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  report({ failed: message }, message);
  process.exitCode = 1;
  process.disconnect?.();
});
