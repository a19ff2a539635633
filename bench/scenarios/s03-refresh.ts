/** S3: a refresh with rotation, on each store. */
import { cpuOf } from '../probes.ts';
import type { Scenario } from '../scenario.ts';
import { refreshing, tokensOf, tokensWithoutPages } from '../workers.ts';
const name = (store: string): string => `refresh, ${store}`;

export const refreshes: Scenario = {
  id: 'S3',
  title: 'Refresh with rotation: CPU of one',
  weight: 1,
  async run(lab, time) {
    const [aaStore = 'SQLite'] = lab.mainStores;
    const bare = await lab.bare({ kind: 'provider' });
    const probe = async (label: string, store: typeof aaStore, copy: 1 | 2) => {
      const server = await lab.shared(store, copy);
      return cpuOf(label, server, refreshing(server.port, await tokensOf(server, lab.people)));
    };
    return lab.measure(
      {
        share: 1,
        slice: 150,
        probes: [
          cpuOf('refresh, bare oidc-provider', bare, refreshing(bare.port, await tokensWithoutPages(bare.port))),
          ...(await Promise.all(lab.stores.map(store => probe(name(store), store, 1)))),
          await probe('refresh again', aaStore, 2),
        ],
        rows: lab.stores.map(store => ({
          subject: name(store),
          baseline: 'refresh, bare oidc-provider',
          aaPair: [name(aaStore), 'refresh again'],
          goal: { id: 'G6', atMost: 1.5 },
        })),
      },
      time,
    );
  },
};
