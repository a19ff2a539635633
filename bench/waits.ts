/** What people and relying parties wait for: tokens while others sign in, and the refusal of a wrong password. */
import { refreshing, times, tokensOf } from './costs.ts';
import type { Group, Row, Site } from './group.ts';
import { during, inTurn, latencyOf } from './probes.ts';
import { openGuessing } from './visitor.ts';

const stormRow = (percentile: string): Row => ({
  of: `token, 16 sign-ins hash ${percentile}`,
  over: `token, idle ${percentile}`,
  twins: [`token, idle ${percentile}`, `token, idle again ${percentile}`],
});

export const storm = async ({ costly, people }: Site): Promise<Group> => {
  const workers = refreshing(costly.port, await tokensOf(costly, people, 2));
  const guesses = await Promise.all(times(16, () => openGuessing(costly.port)));
  const hashing = guesses.map((guess, at) => () => guess(people[at]?.name ?? ''));
  return {
    title: 'Token endpoint (refresh, 2 connections) while 16 passwords are hashed, all on one core: time of one',
    share: 0.18,
    slice: 250,
    probes: [
      latencyOf('token, idle', workers),
      during(hashing, latencyOf('token, 16 sign-ins hash', workers)),
      latencyOf('token, idle again', workers),
    ],
    rows: [stormRow('p50'), stormRow('p99')],
  };
};

export const enumeration = async ({ costly, people }: Site): Promise<Group> => {
  const guess = await openGuessing(costly.port);
  let turn = 0;
  const name = (): string => people[(turn += 1) % people.length]?.name ?? '';
  const unknown = (): Promise<unknown> => guess(name().replace('person', 'nobody'));
  return {
    title: 'A wrong password, at the cost of production: time until it is refused (it must not tell who is known)',
    share: 0.1,
    slice: 500,
    probes: [inTurn({ known: () => guess(name()), unknown, 'unknown again': unknown })],
    rows: [{ of: 'known', over: 'unknown', twins: ['unknown', 'unknown again'] }],
  };
};
