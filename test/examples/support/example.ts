/** Runs an example beside the development server, as `npm run example -- NAME` does. */
import { afterEach } from '@jest/globals';
import { world } from '../../../examples/clients/support/world.ts';
import { freePort } from '../../support/world/free-port.ts';
import { start, type Program } from '../../support/world/programs.ts';

export interface RunningExample extends Program {
  /** Where it listens, if it does. */
  readonly url: string;
}

const running: Program[] = [];
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

/** Starts it on a free port. It is ended after the test. */
export const startExample = async (name: string): Promise<RunningExample> => {
  const port = await freePort();
  const program = start('examples/run.ts', [name, '--port', String(port)], { cwd: world().folder });
  running.push(program);
  return { ...program, url: `http://localhost:${port}` };
};

/** Starts an example that serves pages, and waits until it does. @throws Error with its output where it ends before */
export const startSite = async (name: string): Promise<RunningExample> => {
  const site = await startExample(name);
  await site.until(/^Open http/m);
  return site;
};
