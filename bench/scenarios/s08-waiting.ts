/**
 * S8: pages that wait for an approval on a phone. Three servers differ only in the number of open pages: the memory of one, the CPU
 * of all while nothing happens, the time from a phone's answer to its page, and the cost of a token while they wait.
 */
import type { Child } from '../children.ts';
import type { Lab, StoreName } from '../lab.ts';
import { createPhoneOwner, deviceOf, openStream, openWaiting, type OpenStream, type PhoneOwner } from '../phones.ts';
import { cpuOf, cpuTimeOf, type Server } from '../probes.ts';
import { apis } from '../requests.ts';
import { comparisonOf, figure, type Figure, type Result } from '../results.ts';
import { runRounds, type Probe } from '../rounds.ts';
import { times, type Scenario } from '../scenario.ts';
import type { Memory, Question } from '../server-spec.ts';
import { quantile } from '../statistics.ts';
import { servicesAsking } from '../workers.ts';

/** How many pages wait at the servers, how many approvals one measurement has, and how long the idle CPU is counted. */
export interface WaitingSize {
  readonly few: number;
  readonly many: number;
  readonly approvals: number;
  readonly idleSeconds: number;
}

const sizes: Readonly<Record<Lab['size'], WaitingSize>> = {
  smoke: { few: 5, many: 100, approvals: 2, idleSeconds: 1 },
  full: { few: 50, many: 5000, approvals: 20, idleSeconds: 20 },
};

/** Rounds of approvals, and one more as warm-up. */
const rounds = 6;
const parallel = 8;
const names = ['few', 'many', 'few again'] as const;

/** Does `work` for each of `list`, a few at a time. */
const forEach = async <T, Done>(list: readonly T[], work: (item: T) => Promise<Done>): Promise<readonly Done[]> => {
  const results: Done[] = [];
  for (let at = 0; at < list.length; at += parallel)
    results.push(...(await Promise.all(list.slice(at, at + parallel).map(work))));
  return results;
};

interface Opened {
  readonly streams: readonly OpenStream[];
  /** What one of them adds to the server. */
  readonly memory: Memory;
}

const openAll = async (server: Child, opens: readonly (() => Promise<OpenStream>)[]): Promise<Opened> => {
  const ask = (): Promise<Memory> => server.ask<Memory>({ about: 'memory' } satisfies Question);
  const before = await ask();
  const streams = await forEach(opens, async open => open());
  const after = await ask();
  const added = (name: keyof Memory): number => (after[name] - before[name]) / opens.length;
  return { streams, memory: { heap: added('heap'), resident: added('resident') } };
};

/** CPU of a server that does nothing but hold its pages, in percent of a core. */
const idleCpu = async (server: Server, seconds: number): Promise<number> => {
  const before = await cpuTimeOf(server);
  await new Promise(resolve => setTimeout(resolve, seconds * 1000));
  return ((await cpuTimeOf(server)).own - before.own) / (seconds * 10_000);
};

interface WaitingServer {
  readonly name: (typeof names)[number];
  readonly server: Server;
  readonly opened: Opened;
  /** Approves the next sign-ins. */
  readonly probe: Probe;
}

/** Opens a server where `waiting` people are at a page that waits, with its stream open. */
const openServer = async (
  lab: Lab,
  {
    name,
    store,
    owners,
    size,
  }: { name: (typeof names)[number]; store: StoreName; owners: readonly PhoneOwner[]; size: WaitingSize },
  took: number[],
): Promise<WaitingServer> => {
  // A request waits a minute for its answer, and opening all pages may take longer.
  const stoppedAt = Date.now();
  const population = { owners: owners.map(deviceOf), services: 1 };
  const server = await lab.product({ ...(await lab.emptyStore(store)), withPhones: true, population, stoppedAt });
  const signIn = await openWaiting(server.port, () => stoppedAt);
  const waiting = name === 'many' ? size.many : size.few;
  const signedIn = await forEach(owners.slice(0, waiting), signIn);
  const opened = await openAll(
    server,
    signedIn.map(each => () => each.open()),
  );
  let used = waiting;
  const probe: Probe = async () => {
    const round: number[] = [];
    for (const owner of owners.slice(used, used + size.approvals)) round.push(await (await signIn(owner)).approve());
    used += size.approvals;
    if (name === 'many') took.push(...round);
    return { [`${name} p50`]: quantile(round, 0.5), [`${name} p95`]: quantile(round, 0.95) };
  };
  return { name, server, opened, probe };
};

const kib = 1024;
const memoryFigures = (store: string, page: Memory, bare: Memory): readonly Figure[] => [
  figure(`heap of one page, ${store}`, page.heap / kib, 'KiB', { id: 'G11', atMost: 20 }),
  figure('heap of one stream, bare node:http', bare.heap / kib, 'KiB'),
  figure(`resident set of one page, ${store}`, page.resident / kib, 'KiB'),
  figure('resident set of one stream, bare node:http', bare.resident / kib, 'KiB'),
];

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
  for (const name of names) servers.push(await openServer(lab, { name, store, owners, size }, took));
  const bare = await lab.bare({ kind: 'streams' });
  const bareStreams = await openAll(
    bare,
    times(size.many, () => () => openStream(bare.port, '/')),
  );
  for (const stream of bareStreams.streams) stream.close();
  const [few, many] = servers;
  if (few === undefined || many === undefined) throw new Error('a server is missing');

  const idle = figure(
    `CPU while ${size.many} pages wait and nothing happens, ${store}`,
    await idleCpu(many.server, size.idleSeconds),
    '%',
    { id: 'G11', atMost: 3 },
  );
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
  const asking = (each: WaitingServer, called: string) =>
    cpuOf(called, each.server, servicesAsking(each.server.port, apis.opaque));
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
    ...memoryFigures(store, many.opened.memory, bareStreams.memory),
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
    const results: Result[] = [];
    const stores = lab.size === 'smoke' ? lab.mainStores : lab.stores.filter(store => store !== 'SQLite').slice(-1);
    for (const store of stores.length === 0 ? lab.mainStores : stores)
      results.push(...(await measureWaitingPages(lab, store, sizes[lab.size], time)));
    return results;
  },
};
