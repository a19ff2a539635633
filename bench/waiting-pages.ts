/**
 * Measures pages that wait for an approval in the authenticator: the memory of one, and the time from the answer of a phone to
 * its page while few or many others wait. All servers sign the same people in, and differ only in the number of open pages.
 */
import { join } from 'node:path';
import type { Child } from './children.ts';
import { times } from './costs.ts';
import { createPhoneOwner, deviceOf, openStream, openWaiting, type OpenStream } from './phones.ts';
import { startServer, type Server } from './probes.ts';
import { runRounds, type Probe } from './rounds.ts';
import type { Memory, Question, ServerSpec } from './server-spec.ts';
import { quantile, type Round } from './statistics.ts';

/** How many pages wait at the servers that are compared, and how many approvals one measurement has. */
export interface WaitingSize {
  readonly few: number;
  readonly many: number;
  readonly approvals: number;
}

export interface WaitingFigures extends WaitingSize {
  /** What one page adds to the memory of its server, in bytes: one figure of each server. */
  readonly pages: readonly Memory[];
  /** What one event stream adds to a bare Node server, measured as often. */
  readonly bareStreams: readonly Memory[];
  /** Milliseconds from an answer to its page: `few p50`, `few p95`, and so for `many` and `few again`. */
  readonly rounds: readonly Round[];
}

const names = ['few', 'many', 'few again'] as const;
/** `runRounds` makes one warm-up and six rounds where it has no time for more. */
const measurements = 7;
const parallel = 8;

/** Does `work` for each of `list`, a few at a time. */
const forEach = async <T, Result>(
  list: readonly T[],
  work: (item: T) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
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

/** Runs it over SQLite files in `folder`. @throws Error if a page does not learn of its approval, or another ends */
export const measureWaitingPages = async (
  folder: string,
  size: WaitingSize = { few: 10, many: 1000, approvals: 20 },
): Promise<WaitingFigures> => {
  const { few, many, approvals } = size;
  const owners = times(many + measurements * approvals, at => createPhoneOwner(`person-${at}`));
  const devices = owners.map(deviceOf);
  // A request waits a minute for its answer, and opening all pages may take longer.
  const stoppedAt = Date.now();
  const running: Child[] = [];
  const start = async (spec: ServerSpec): Promise<Server> => {
    const server = await startServer(spec);
    running.push(server);
    return server;
  };
  const pages: Memory[] = [];
  const bareStreams: Memory[] = [];
  const waiting: OpenStream[] = [];

  /** Starts a server where `many` people have signed in up to the page that waits, and `open` of these pages are open. */
  const prepare = async (name: string, open: number): Promise<Probe> => {
    const database = `sqlite:${join(folder, `${name}.db`)}`;
    const server = await start({ kind: 'product', database, memoryKiB: 64, people: [], owners: devices, stoppedAt });
    const signIn = await openWaiting(server.port, () => stoppedAt);
    const signedIn = await forEach(owners.slice(0, many), signIn);
    const { streams, memory } = await openAll(
      server,
      signedIn.map(each => () => each.open()),
    );
    pages.push(memory);
    waiting.push(...streams.slice(0, open));
    for (const stream of streams.slice(open)) stream.close();
    let used = many;
    return async () => {
      const took: number[] = [];
      for (const owner of owners.slice(used, used + approvals)) took.push(await (await signIn(owner)).approve());
      used += approvals;
      return { [`${name} p50`]: quantile(took, 0.5), [`${name} p95`]: quantile(took, 0.95) };
    };
  };

  try {
    const bare = await start({ kind: 'streams' });
    const opens = times(many, () => () => openStream(bare.port, '/'));
    const probes: Probe[] = [];
    for (const name of names) {
      bareStreams.push((await openAll(bare, opens)).memory);
      probes.push(await prepare(name, name === 'many' ? many : few));
    }
    // The times of a round follow each other within seconds, so that they need no other unit.
    const rounds = await runRounds({ probes, slice: 0, budget: 0, calibrate: async () => 1 });
    const ended = waiting.filter(stream => !stream.isOpen()).length;
    if (ended > 0) throw new Error(`${ended} of ${waiting.length} pages no longer wait after the last approval`);
    return { ...size, pages, bareStreams, rounds };
  } finally {
    await Promise.all(running.map(child => child.end()));
  }
};
