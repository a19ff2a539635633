/** S11: the life of real server processes: start, memory, and a stop under load while another node goes on. */
import { start, freeNeighbourPorts, type Program } from '../../test/support/world/programs.ts';
import { buildAssets } from '../../web/assets.ts';
import { environmentOf } from '../product.ts';
import { pssOf } from '../processes.ts';
import type { Lab } from '../lab.ts';
import { createPhoneOwner, deviceOf, openWaiting } from '../phones.ts';
import { runTimes } from '../probes.ts';
import { ask } from '../requests.ts';
import { figure, type Result } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import { signingIn } from '../workers.ts';
import { quantile } from '../statistics.ts';
import { loseNothing } from '../draining.ts';
import type { StoreName } from '../stores.ts';

const megabyte = 1_000_000;

interface Node {
  readonly program: Program;
  readonly port: number;
  /** From the start of the process to the first 200 of /readyz, in milliseconds. */
  readonly readyAfter: number;
}

const isReady = (port: number): Promise<boolean> =>
  ask(port, '/readyz').then(
    () => true,
    () => false,
  );

const startNode = async (folder: string, env: Readonly<Record<string, string>>, port: number): Promise<Node> => {
  const began = performance.now();
  const program = start('server/main.ts', [], {
    cwd: folder,
    env: { ...env, SALLYPORT_MODE: 'development', SALLYPORT_LISTEN: `127.0.0.1:${port}` },
  });
  const ended = { early: false };
  void program.ended.then(() => (ended.early = true));
  while (!(await isReady(port))) {
    if (ended.early) throw new Error(`the server ended: ${program.said.out}${program.said.err}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return { program, port, readyAfter: performance.now() - began };
};

const stopNode = async ({ program }: Node): Promise<number | null> => {
  program.child.kill('SIGTERM');
  return program.ended;
};

/** Start and memory of one process. */
const startAndMemory = async (lab: Lab, store: StoreName): Promise<readonly Result[]> => {
  const isShort = lab.size === 'smoke';
  const people = 2000;
  const spec = { ...lab.emptyStore(store), memoryKiB: 64 };
  await lab.fillStore({ ...spec, population: { people } });
  const port = await freeNeighbourPorts();
  const took: number[] = [];
  for (let turn = 0; turn < (isShort ? 1 : 7); turn += 1) {
    const node = await startNode(lab.folder, environmentOf(spec), port);
    took.push(node.readyAfter);
    await stopNode(node);
  }
  const node = await startNode(lab.folder, environmentOf(spec), port);
  const pid = node.program.child.pid ?? 0;
  const idle = pssOf(pid);
  const signIns = isShort ? 40 : 2000;
  await runTimes(signingIn(port, people), signIns);
  const used = pssOf(pid);
  await stopNode(node);
  return [
    figure(`start to ready, ${store}`, quantile(took, 0.5), 'ms', { id: 'G13', atMost: 700 }),
    figure(`memory (PSS), idle, ${store}`, idle / megabyte, 'MB', { id: 'G13', atMost: 90 }),
    figure(`memory (PSS) with its child that hashes, after ${signIns} sign-ins, ${store}`, used / megabyte, 'MB'),
  ];
};

/** A stop of one of two nodes under load. */
const stopUnderLoad = async (lab: Lab, store: StoreName): Promise<readonly Result[]> => {
  const waiting = lab.size === 'smoke' ? 10 : 200;
  const owners = times(waiting, at => createPhoneOwner(`owner-${at}`));
  const spec = { ...lab.emptyStore(store), memoryKiB: 64, withPhones: true as const };
  await lab.fillStore({ ...spec, population: { owners: owners.map(deviceOf), services: 1 } });
  const first = await freeNeighbourPorts();
  // Longer than the load balancer of the bench takes to notice (`draining.ts`).
  const env = { ...environmentOf(spec), SALLYPORT_DRAIN_DELAY: '2s' };
  const nodes = await Promise.all([first, first + 1].map(port => startNode(lab.folder, env, port)));
  const [leaving, staying] = nodes;
  if (leaving === undefined || staying === undefined) throw new Error('a node is missing');
  const signIn = await openWaiting(leaving.port, Date.now);
  const pages = [];
  for (const owner of owners) pages.push(await signIn(owner));
  const { asked, lost, reasons, back, slowest, code } = await loseNothing({
    ports: [leaving.port, staying.port],
    pages,
    seconds: lab.size === 'smoke' ? 1 : 5,
    stop: () => stopNode(leaving),
  });
  await stopNode(staying);
  for (const reason of reasons.slice(0, 5)) process.stderr.write(`S11: lost: ${reason}\n`);
  if (code !== 0) throw new Error(`a node that was asked to stop ended with ${code}, expected 0`);
  return [
    figure(`asked while a node stops, ${store}`, asked, 'requests'),
    figure(`lost while a node stops, ${store}`, lost, 'requests', { id: 'G18', atMost: 0 }),
    figure(`waiting browsers that did not come back, ${store}`, waiting - back, 'requests', { id: 'G18', atMost: 0 }),
    figure(`until the slowest waiting browser is back, ${store}`, slowest, 'ms', { id: 'G18', atMost: 5000 }),
  ];
};

export const life: Scenario = {
  id: 'S11',
  title: 'Start, memory, and a stop under load',
  weight: 0,
  async run(lab) {
    // As `npm run build` does before a start in production.
    await buildAssets();
    const results: Result[] = [];
    for (const store of lab.mainStores) {
      results.push(...(await startAndMemory(lab, store)));
      // Two nodes need Redis: a notice reaches the other one by it.
      if (store !== 'SQLite') results.push(...(await stopUnderLoad(lab, store)));
    }
    return results;
  },
};
