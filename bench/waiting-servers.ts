/** Opens servers of the product where people are at a page that waits for their phone, each page with its event stream. */
import type { Child } from './children.ts';
import type { Lab } from './lab.ts';
import { openWaiting, deviceOf, type OpenStream, type PhoneOwner } from './phones.ts';
import { cpuTimeOf, type Server } from './probes.ts';
import type { Probe } from './rounds.ts';
import type { Memory, Question } from './server-spec.ts';
import { quantile } from './statistics.ts';
import type { StoreName } from './stores.ts';

/** How many pages wait at the servers, how many approvals one measurement has, and how long the idle CPU is counted. */
export interface WaitingSize {
  readonly few: number;
  readonly many: number;
  readonly approvals: number;
  readonly idleSeconds: number;
}

const parallel = 8;
/** Servers of a run: they differ in the number of open pages. */
export const serverNames = ['few', 'many', 'few again'] as const;

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

/** Opens streams at a server, a few at a time, and measures its memory before and after. */
export const openAll = async (server: Child, opens: readonly (() => Promise<OpenStream>)[]): Promise<Opened> => {
  const ask = (): Promise<Memory> => server.ask<Memory>({ about: 'memory' } satisfies Question);
  const before = await ask();
  const streams = await forEach(opens, async open => open());
  const after = await ask();
  const added = (name: keyof Memory): number => (after[name] - before[name]) / opens.length;
  return { streams, memory: { heap: added('heap'), resident: added('resident') } };
};

/** CPU of a server that does nothing but hold its pages, in percent of a core. */
export const idleCpu = async (server: Server, seconds: number): Promise<number> => {
  const before = await cpuTimeOf(server);
  await new Promise(resolve => setTimeout(resolve, seconds * 1000));
  return ((await cpuTimeOf(server)).own - before.own) / (seconds * 10_000);
};

/** A server with open pages. */
export interface WaitingServer {
  readonly name: (typeof serverNames)[number];
  readonly server: Server;
  readonly opened: Opened;
  /** Approves the next sign-ins. */
  readonly probe: Probe;
}

/** Opens a server where `waiting` people are at a page that waits, with its stream open. */
export const openServer = async (
  lab: Lab,
  {
    name,
    store,
    owners,
    size,
  }: { name: (typeof serverNames)[number]; store: StoreName; owners: readonly PhoneOwner[]; size: WaitingSize },
  took: number[],
): Promise<WaitingServer> => {
  // A request waits a minute for its answer, and opening all pages may take longer.
  const stoppedAt = Date.now();
  const population = { owners: owners.map(deviceOf), services: 1 };
  const server = await lab.product({ ...lab.emptyStore(store), withPhones: true, population, stoppedAt });
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
