/** S5: introspection, userinfo and revocation, on each store. */
import type { Server, Worker } from '../probes.ts';
import { cpuOf } from '../probes.ts';
import { apis, clientCredentials, revoke, serviceAt, type Tokens } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { introspectionOf, many, tokensOf, userinfoOf } from '../workers.ts';

type Endpoint = (server: Server, tokens: Tokens) => Worker;

const userinfo: Endpoint = ({ port }, { access }) => userinfoOf(port, access);
const introspection: Endpoint = ({ port }, { access }) => introspectionOf(port, access);
const revocation: Endpoint =
  ({ port }) =>
  async () =>
    revoke(port, serviceAt(0), await clientCredentials(port, serviceAt(0), apis.opaque));

const endpoints = { introspection, userinfo, 'token and its revocation': revocation };

export const tokens: Scenario = {
  id: 'S5',
  title: 'Introspection, userinfo, revocation: CPU of one',
  weight: 2,
  async run(lab, time) {
    const [aaStore = 'SQLite'] = lab.mainStores;
    const [bare, second] = [await lab.bare({ kind: 'provider' }), await lab.shared(aaStore, 2)];
    const [bareTokens] = bare.tokens;
    const [secondTokens] = await tokensOf(second, lab.people, 1);
    const opened = await Promise.all(
      lab.stores.map(async store => {
        const server = await lab.shared(store, 1);
        const [own] = await tokensOf(server, lab.people, 1);
        return { store, server, own };
      }),
    );
    if (bareTokens === undefined || secondTokens === undefined) throw new Error('a server issued no tokens');
    const names = Object.entries(endpoints);
    const again = 'userinfo again';
    return lab.measure(
      {
        share: 1,
        slice: 150,
        probes: [
          ...names.flatMap(([name, work]) => [
            cpuOf(`${name}, bare oidc-provider`, bare, many(work(bare, bareTokens))),
            ...opened.map(({ store, server, own = bareTokens }) =>
              cpuOf(`${name}, ${store}`, server, many(work(server, own))),
            ),
          ]),
          cpuOf(again, second, many(userinfo(second, secondTokens))),
        ],
        rows: names.flatMap(([name]) =>
          lab.stores.map(store => ({
            subject: `${name}, ${store}`,
            baseline: `${name}, bare oidc-provider`,
            aaPair: [`userinfo, ${aaStore}`, again] as const,
            goal: { id: 'G5', atMost: 1.15 },
          })),
        ),
      },
      time,
    );
  },
};
