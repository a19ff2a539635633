/** S12: wrong passwords. The time of a refusal must not reveal who has an account, and people must still sign in during a storm. */
import { usualHash } from '../lab.ts';
import { alternating, latencyOf, whileBusy } from '../probes.ts';
import { personAt } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import { openGuessing } from '../sign-ins.ts';
import { signingIn } from '../workers.ts';

const guessers = 16;

export const wrongPasswords: Scenario = {
  id: 'S12',
  title: 'Wrong passwords: time of a refusal, and of a right sign-in during a storm of them',
  weight: 2,
  async run(lab, time) {
    const [store = 'SQLite'] = lab.mainStores;
    const people = lab.size === 'smoke' ? 600 : 2000;
    const server = await lab.product({
      ...lab.emptyStore(store),
      memoryKiB: usualHash,
      population: { people },
    });
    const guess = await openGuessing(server.port);
    let next = 0;
    // From the last person on: the first ones sign in.
    const name = (): string => personAt(people - 1 - ((next += 1) % (people / 2))).name;
    const unknown = (): Promise<unknown> => guess(name().replace('person', 'unknown'));
    const refusals = await lab.measure(
      {
        share: 0.6,
        slice: lab.size === 'smoke' ? 200 : 500,
        probes: [alternating({ 'known name': () => guess(name()), 'unknown name': unknown, again: unknown })],
        rows: [
          { subject: 'known name', baseline: 'unknown name', aaPair: ['unknown name', 'again'], withinBand: 'G17' },
        ],
      },
      time,
    );
    const guesses = await Promise.all(times(guessers, () => openGuessing(server.port)));
    const storm = guesses.map(each => () => each(name()));
    const [calm, stormy] = ['sign-in, idle', `sign-in, ${guessers} wrong passwords in flight`];
    const goodSignIns = await lab.measure(
      {
        share: 0.4,
        slice: 500,
        probes: [
          latencyOf(calm, signingIn(server.port, people / 2, 1)),
          whileBusy(storm, latencyOf(stormy, signingIn(server.port, people / 2, 1))),
          latencyOf('sign-in, idle again', signingIn(server.port, people / 2, 1)),
        ],
        rows: [{ subject: stormy, baseline: calm, aaPair: [calm, 'sign-in, idle again'] }],
      },
      time,
    );
    await lab.stop(server);
    return [...refusals, ...goodSignIns];
  },
};
