/** Defines the groups that measure waiting time: for tokens while others sign in, and for the refusal of a wrong password. */
import { refreshing, times, tokensOf } from './costs.ts';
import type { Group, Row, BenchSetup } from './group.ts';
import { alternating, latencyOf, whileBusy } from './probes.ts';
import { openGuessing } from './requests.ts';

const latencyRow = (percentile: string): Row => ({
  subject: `token, 16 sign-ins hash ${percentile}`,
  baseline: `token, idle ${percentile}`,
  aaPair: [`token, idle ${percentile}`, `token, idle again ${percentile}`],
});

/** Waiting time at the token endpoint while passwords are hashed. */
export const tokensWhileHashing = async ({ fullCostHash, people }: BenchSetup): Promise<Group> => {
  const workers = refreshing(fullCostHash.port, await tokensOf(fullCostHash, people, 2));
  const guesses = await Promise.all(times(16, () => openGuessing(fullCostHash.port)));
  const hashing = guesses.map((guess, at) => () => guess(people[at]?.name ?? ''));
  return {
    title: 'Token endpoint (refresh, 2 connections) while 16 passwords are hashed, all on one core: time of one',
    share: 0.18,
    slice: 250,
    probes: [
      latencyOf('token, idle', workers),
      whileBusy(hashing, latencyOf('token, 16 sign-ins hash', workers)),
      latencyOf('token, idle again', workers),
    ],
    rows: [latencyRow('p50'), latencyRow('p99')],
  };
};

/** Waiting time for a known and for an unknown name. A difference would reveal who has an account. */
export const userEnumeration = async ({ fullCostHash, people }: BenchSetup): Promise<Group> => {
  const guess = await openGuessing(fullCostHash.port);
  let next = 0;
  const name = (): string => people[(next += 1) % people.length]?.name ?? '';
  const unknown = (): Promise<unknown> => guess(name().replace('person', 'unknown'));
  return {
    title: 'A wrong password, at the cost of production: time until it is refused (must not reveal who has an account)',
    share: 0.1,
    slice: 500,
    probes: [alternating({ known: () => guess(name()), unknown, 'unknown again': unknown })],
    rows: [{ subject: 'known', baseline: 'unknown', aaPair: ['unknown', 'unknown again'] }],
  };
};
