/** S2: a sign-in at a client in a session that exists, without a page. */
import { sessionHolders } from '../lab.ts';
import { cpuOf } from '../probes.ts';
import { ask, personAt } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import { openSession } from '../sign-ins.ts';
import { inTurn, many } from '../workers.ts';
const name = (store: string): string => `sign-in in a session, ${store}`;

export const sessions: Scenario = {
  id: 'S2',
  title: 'Sign-in in a session (prompt=none): CPU of its two requests',
  weight: 1,
  async run(lab, time) {
    const [aaStore = 'SQLite'] = lab.mainStores;
    const koa = await lab.bare({ kind: 'koa' });
    const probe = async (label: string, store: typeof aaStore, copy: 1 | 2) => {
      const server = await lab.shared(store, copy);
      const open = await Promise.all(times(sessionHolders, at => openSession(server.port, personAt(lab.people + at))));
      // Each of many browsers in turn: all tokens of one browser belong to one grant, the list of which would grow.
      return cpuOf(label, server, inTurn(open));
    };
    const again = 'sign-in in a session again';
    return lab.measure(
      {
        share: 1,
        slice: 150,
        probes: [
          cpuOf(
            'a document of Koa',
            koa,
            many(() => ask(koa.port, '/')),
          ),
          ...(await Promise.all(lab.stores.map(store => probe(name(store), store, 1)))),
          await probe(again, aaStore, 2),
        ],
        rows: lab.stores.map(store => ({
          subject: name(store),
          baseline: 'a document of Koa',
          aaPair: [name(aaStore), again],
        })),
      },
      time,
    );
  },
};
