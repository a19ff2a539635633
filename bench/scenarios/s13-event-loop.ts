/**
 * S13: how long the event loop stands still, and how long others wait, while 30 people a second sign in on SQLite. Once with the disk
 * of this machine, once with one that takes 20 ms longer for each sync. The hash is cheap: S9 has its part.
 */
import { runArrivals, type Arrivals } from '../arrivals.ts';
import { runTimes, type Server } from '../probes.ts';
import { comparisonOf, figure, type Result } from '../results.ts';
import { runRounds, type Probe } from '../rounds.ts';
import type { Scenario } from '../scenario.ts';
import type { Delays, Question } from '../server-spec.ts';
import { quantile } from '../statistics.ts';
import { nextPerson, signingIn, tokensOf, userinfoOf } from '../workers.ts';
import { signIn } from '../sign-ins.ts';
import type { Lab } from '../lab.ts';

const perSecond = 30;
/** Sign-ins at a time. */
const most = 60;
const moreForSync = 20;

/** Other requests meanwhile: as often as a busy relying party asks. */
const others = { perSecond: 50, maxInFlight: 32 };

/** What was measured in all rounds with one disk, in milliseconds. */
interface Measured {
  readonly delays: Delays[];
  readonly signIns: number[];
  readonly others: number[];
  /** Sign-ins that did not begin, because too many were not finished. */
  leftOut: number;
}

/** The costs of one round are `NAME p50` and `NAME p99` of the other requests. */
const measuring = async (lab: Lab, server: Server, name: string, all: Measured): Promise<Probe> => {
  const [tokens] = await tokensOf(server, lab.people, 1);
  if (tokens === undefined) throw new Error('nobody signed in');
  const ask = (about: Question['about']) => server.ask<Delays>({ about } satisfies Question);
  const people: Arrivals = {
    perSecond,
    maxInFlight: most,
    async work() {
      const person = nextPerson(server.port, lab.people);
      return person === undefined ? false : signIn(server.port, person);
    },
  };
  return async millis => {
    await ask('begin of delays');
    const [signIns, asked] = await Promise.all([
      runArrivals(people, millis),
      runArrivals({ ...others, work: userinfoOf(server.port, tokens.access) }, millis),
    ]);
    all.delays.push(await ask('end of delays'));
    all.leftOut += signIns.leftOut;
    all.signIns.push(...signIns.took);
    all.others.push(...asked.took);
    return { [`${name} p50`]: quantile(asked.took, 0.5), [`${name} p99`]: quantile(asked.took, 0.99) };
  };
};

const disks = ['disk of this machine', `${moreForSync} ms more for each sync`] as const;

const figuresOf = (disk: string, { delays, signIns, others: asked, leftOut }: Measured): readonly Result[] => {
  const named = (what: string): string => `${what}, ${disk}`;
  const delay = (part: keyof Delays): number =>
    quantile(
      delays.map(each => each[part]),
      0.5,
    );
  return [
    figure(named('delay of the event loop p50'), delay('p50'), 'ms'),
    figure(named('delay of the event loop p99'), delay('p99'), 'ms', { id: 'G19', atMost: 5 }),
    figure(named(`sign-ins left out, because ${most} were not finished`), leftOut, 'requests'),
    figure(named('time of a sign-in p50'), quantile(signIns, 0.5), 'ms'),
    figure(named('time of a sign-in p99'), quantile(signIns, 0.99), 'ms'),
    figure(named('time of userinfo p50'), quantile(asked, 0.5), 'ms'),
    figure(named('time of userinfo p99'), quantile(asked, 0.99), 'ms'),
  ];
};

export const eventLoop: Scenario = {
  id: 'S13',
  title: `Event loop and other requests while ${perSecond} people a second sign in, SQLite`,
  weight: 2,
  async run(lab, time) {
    const env = await lab.slowDisk(moreForSync);
    const population = { people: lab.people };
    const open = async (variables: typeof env): Promise<Server> => {
      const opened = await lab.product({ ...lab.emptyStore('SQLite'), population }, { env: variables });
      await runTimes(signingIn(opened.port, lab.people), lab.size === 'smoke' ? 4 : 300);
      return opened;
    };
    const measured = disks.map((): Measured => ({ delays: [], signIns: [], others: [], leftOut: 0 }));
    const [usual, slow] = measured;
    if (usual === undefined || slow === undefined) return [];
    const server = await open(undefined);
    const probes = [await measuring(lab, server, disks[0], usual)];
    const slowServer = env && (await open(env));
    if (slowServer !== undefined) probes.push(await measuring(lab, slowServer, disks[1], slow));
    probes.push(await measuring(lab, server, 'again', usual));
    const isShort = lab.size === 'smoke';
    const rounds = await runRounds({
      probes,
      slice: isShort ? 200 : 4000,
      budget: time,
      warmUp: isShort ? 100 : 1000,
      // Times in milliseconds: the speed of the processor is not their unit.
      calibrate: async () => 1,
      ...(isShort && { minRounds: 5 }),
    });
    await lab.stop(server, ...(slowServer === undefined ? [] : [slowServer]));
    const compared = (part: string): Result =>
      comparisonOf(rounds, {
        subject: `${disks[1]} ${part}`,
        baseline: `${disks[0]} ${part}`,
        aaPair: [`${disks[0]} ${part}`, `again ${part}`],
        withinBand: 'G20',
      });
    return [
      ...figuresOf(disks[0], usual),
      ...(slowServer === undefined ? [] : [...figuresOf(disks[1], slow), compared('p50'), compared('p99')]),
    ];
  },
};
