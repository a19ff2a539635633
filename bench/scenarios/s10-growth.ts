/**
 * S10: the same work over a store with few people and over one with many, each with a session, a grant, a refresh token and audit.
 * The number of people is an option: a million need 15 GB of disk.
 */
import type { Lab } from '../lab.ts';
import { createPhoneOwner, deviceOf, type PhoneOwner } from '../phones.ts';
import { cpuOf, runTimes, type Server } from '../probes.ts';
import { figure, type Result } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import type { Memory, Question } from '../server-spec.ts';
import { connections, refreshing, signingIn, tokensOf } from '../workers.ts';
import { beginning } from './s07-push.ts';
import type { StoreName } from '../stores.ts';

const fewPeople = 1000;
const goal = { id: 'G9', atMost: 1.05 };

interface Grown {
  readonly people: number;
  readonly server: Server;
  /** Until it listened, in milliseconds. */
  readonly started: number;
}

const grow = async (lab: Lab, store: StoreName, people: number, owners: readonly PhoneOwner[]): Promise<Grown> => {
  const spec = { ...lab.emptyStore(store), withPhones: true as const };
  await lab.fillStore({ ...spec, population: { people, withSessions: true, owners: owners.map(deviceOf) } });
  const began = performance.now();
  const server = await lab.product(spec);
  const started = performance.now() - began;
  // As much at each server: the one with few people is measured twice, so its code would be compiled earlier.
  await runTimes(signingIn(server.port, people), lab.warmUp);
  await runTimes(refreshing(server.port, await tokensOf(server, people, connections)), lab.warmUp);
  await runTimes(await beginning(server.port, owners.slice(0, lab.warmUp)), lab.warmUp);
  return { people, server, started };
};

/** Owners of phones begin a sign-in once each: some to warm a server up, then half for few people and for many, half for few again. */
const ownersOf = (lab: Lab): readonly PhoneOwner[] =>
  times(lab.warmUp + (lab.size === 'smoke' ? 200 : 2000), at => createPhoneOwner(`owner-${at}`));
const count = (people: number): string => `${people.toLocaleString('en')} people`;
const named = (store: StoreName, what: string, { people }: Grown): string => `${what}, ${count(people)}, ${store}`;

const measureStore = async (lab: Lab, store: StoreName, time: number): Promise<readonly Result[]> => {
  const name = (what: string, of: Grown): string => named(store, what, of);
  const owners = ownersOf(lab);
  const [few, many] = [await grow(lab, store, fewPeople, owners), await grow(lab, store, lab.mostPeople, owners)];
  const both = [few, many];
  const half = Math.ceil((lab.warmUp + owners.length) / 2);
  const works = {
    'sign-in': async ({ server, people }: Grown) => signingIn(server.port, people),
    refresh: async ({ server, people }: Grown) => refreshing(server.port, await tokensOf(server, people, connections)),
    'begin of a push': async ({ server }: Grown, isAgain: boolean) =>
      beginning(server.port, isAgain ? owners.slice(half) : owners.slice(lab.warmUp, half)),
  };
  const results: Result[] = [];
  for (const [what, work] of Object.entries(works)) {
    const again = `${what} again`;
    const probes = [];
    for (const each of both) probes.push(cpuOf(name(what, each), each.server, await work(each, false)));
    probes.push(cpuOf(again, few.server, await work(few, true)));
    const rows = [
      { subject: name(what, many), baseline: name(what, few), aaPair: [name(what, few), again] as const, goal },
    ];
    const share = (what === 'sign-in' ? 0.5 : 0.25) / lab.mainStores.length;
    results.push(...(await lab.measure({ share, slice: 300, probes, rows }, time)));
  }
  const [small, large] = await Promise.all(
    both.map(({ server }) => server.ask<Memory>({ about: 'memory' } satisfies Question)),
  );
  if (small === undefined || large === undefined) throw new Error('a server told no memory');
  results.push(
    figure(
      `resident set, ${count(many.people)} / ${count(few.people)}, ${store}`,
      large.resident / small.resident,
      'ratio',
      {
        id: 'G10',
        atMost: 1.1,
      },
    ),
    ...both.map(each => figure(name('start', each), each.started, 'ms')),
  );
  await lab.stop(...both.map(({ server }) => server));
  return results;
};

export const growth: Scenario = {
  id: 'S10',
  title: 'Growth: the same work over few people and over many: CPU of one',
  weight: 2,
  async run(lab, time) {
    const results: Result[] = [];
    for (const store of lab.mainStores) results.push(...(await measureStore(lab, store, time)));
    return results;
  },
};
