/**
 * S8: pages that wait for an approval on a phone. Three servers differ only in the number of open pages: the memory of one, the CPU
 * of all while nothing happens, the time from a phone's answer to its page, and the cost of a token while they wait.
 */
import type { Lab } from '../lab.ts';
import { createPhoneOwner, openStream } from '../phones.ts';
import { cpuOf, type Server } from '../probes.ts';
import { apis } from '../requests.ts';
import { comparisonOf, figure, type Figure, type Result } from '../results.ts';
import { runRounds } from '../rounds.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import type { Memory } from '../server-spec.ts';
import { quantile } from '../statistics.ts';
import type { StoreName } from '../stores.ts';
import { idleCpu, openAll, openServer, serverNames, type WaitingServer, type WaitingSize } from '../waiting-servers.ts';
import { servicesAsking } from '../workers.ts';

const sizes: Readonly<Record<Lab['size'], WaitingSize>> = {
  smoke: { few: 5, many: 100, approvals: 2, idleSeconds: 1 },
  // Two heartbeats, and whole numbers of the times after which pages read again without a message: 5 and 30 seconds.
  full: { few: 50, many: 5000, approvals: 20, idleSeconds: 30 },
};

/** Rounds of approvals, and one more as warm-up. */
const rounds = 6;

const kib = 1024;
const memoryFigures = (store: string, page: Memory): readonly Figure[] => [
  figure(`heap of one event stream, ${store}`, page.heap / kib, 'KiB', { id: 'G11', atMost: 20 }),
  figure(`resident set of one event stream, ${store}`, page.resident / kib, 'KiB'),
];
const bareFigures = (stream: Memory): readonly Figure[] => [
  figure('heap of one event stream, bare node:http', stream.heap / kib, 'KiB'),
  figure('resident set of one event stream, bare node:http', stream.resident / kib, 'KiB'),
];

const idleFigure = async (server: Server, store: string, { many, idleSeconds }: WaitingSize): Promise<Figure> =>
  figure(`CPU while ${many} pages wait and nothing happens, ${store}`, await idleCpu(server, idleSeconds), '%', {
    id: 'G11',
    atMost: 3,
  });

/** Event streams of a bare server, beside which those of pages are shown. */
const openBare = async (lab: Lab, count: number): Promise<Memory> => {
  const bare = await lab.bare({ kind: 'streams' });
  const { streams, memory } = await openAll(
    bare,
    times(count, () => () => openStream(bare.port, '/')),
  );
  for (const stream of streams) stream.close();
  return memory;
};

/** Memory and CPU alone, at one server: without Redis its notices stay in the process. */
const measureIdlePages = async (lab: Lab, store: StoreName, size: WaitingSize): Promise<readonly Result[]> => {
  const owners = times(size.many, at => createPhoneOwner(`owner-${at}`));
  const { server, opened } = await openServer(lab, { name: 'many', store, owners, size }, []);
  const idle = await idleFigure(server, store, size);
  for (const stream of opened.streams) stream.close();
  await lab.stop(server);
  return [...memoryFigures(store, opened.memory), idle];
};

const asking = (each: WaitingServer, called: string) =>
  cpuOf(called, each.server, servicesAsking(each.server.port, apis.opaque));

/** Measures one store. @throws Error if a page does not learn of its approval, or another ends */
export const measureWaitingPages = async (
  lab: Lab,
  store: StoreName,
  size: WaitingSize,
  time: number,
): Promise<readonly Result[]> => {
  const owners = times(size.many + (rounds + 1) * size.approvals, at => createPhoneOwner(`owner-${at}`));
  const took: number[] = [];
  const servers: WaitingServer[] = [];
  for (const name of serverNames) servers.push(await openServer(lab, { name, store, owners, size }, took));
  const bare = await openBare(lab, size.many);
  const [few, many] = servers;
  if (few === undefined || many === undefined) throw new Error('a server is missing');
  const idle = await idleFigure(many.server, store, size);
  // The times of a round follow each other within seconds, so that they need no other unit.
  const approvals = await runRounds({
    probes: servers.map(({ probe }) => probe),
    slice: 0,
    budget: 0,
    warmUp: 0,
    minRounds: rounds,
    calibrate: async () => 1,
  });
  const token = (name: string): string => `token, ${name === 'many' ? size.many : size.few} pages wait, ${store}`;
  const again = 'token again';
  const tokens = await lab.measure(
    {
      share: 1,
      slice: 300,
      probes: [asking(few, token('few')), asking(many, token('many')), asking(few, again)],
      rows: [
        {
          subject: token('many'),
          baseline: token('few'),
          aaPair: [token('few'), again],
          goal: { id: 'G12', atMost: 1.1 },
        },
      ],
    },
    time,
  );
  const open = servers.flatMap(({ opened }) => opened.streams);
  const ended = open.filter(stream => !stream.isOpen()).length;
  if (ended > 0) throw new Error(`${ended} of ${open.length} pages no longer wait after the last approval`);
  for (const stream of open) stream.close();
  await lab.stop(...servers.map(({ server }) => server));
  const labels = { few: `approval to page, ${size.few} wait`, many: `approval to page, ${size.many} wait` };
  return [
    ...bareFigures(bare),
    ...memoryFigures(store, many.opened.memory),
    idle,
    ...(['p50', 'p95'] as const).map(part => ({
      ...comparisonOf(approvals, {
        subject: `many ${part}`,
        baseline: `few ${part}`,
        aaPair: [`few ${part}`, `few again ${part}`],
      }),
      name: `${labels.many} ${part}, ${store} / ${labels.few} ${part}`,
    })),
    figure(`${labels.many} p99, ${store}`, quantile(took, 0.99), 'ms', { id: 'G11', atMost: 50 }),
    ...tokens,
  ];
};

export const waitingPages: Scenario = {
  id: 'S8',
  title: 'Pages that wait for a phone',
  weight: 1,
  async run(lab, time) {
    // The store that scales out, and in a full run memory and CPU on SQLite too.
    const [size, [store = 'SQLite']] = [sizes[lab.size], lab.stores.slice(-1)];
    const results = await measureWaitingPages(lab, store, size, time);
    if (lab.size === 'smoke' || store === 'SQLite') return results;
    return [...results, ...(await measureIdlePages(lab, 'SQLite', size))];
  },
};
