/** S5: introspection, userinfo and revocation, on each store. */
import type { Group } from '../group.ts';
import type { Lab } from '../lab.ts';
import { cpuOf, type Server, type Worker } from '../probes.ts';
import { apis, clientCredentials, revoke, serviceAt, type Tokens } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { introspectionOf, many, tokensOf, tokensWithoutPages, userinfoOf } from '../workers.ts';

type Endpoint = (port: number, access: string) => Worker;

const reading: Readonly<Record<string, Endpoint>> = { introspection: introspectionOf, userinfo: userinfoOf };
const revoking: Readonly<Record<string, Endpoint>> = {
  'token and its revocation': port => async () =>
    revoke(port, serviceAt(0), await clientCredentials(port, serviceAt(0), apis.opaque)),
};

const accessOf = ([tokens]: readonly Tokens[]): string => {
  if (tokens === undefined) throw new Error('a server issued no tokens');
  return tokens.access;
};

interface Asked {
  readonly server: Server;
  readonly access: string;
}

/** `bare`: which of the bare servers, because tokens that are revoked drive others out of the memory of the library. */
const endpointGroup = async (
  lab: Lab,
  endpoints: Readonly<Record<string, Endpoint>>,
  { share, bare: copy }: { readonly share: number; readonly bare: 1 | 2 },
): Promise<Group> => {
  const [aaStore = 'SQLite'] = lab.mainStores;
  const library = await lab.bare({ kind: 'provider' }, copy);
  const product = async (store: typeof aaStore, which: 1 | 2): Promise<Asked> => {
    const server = await lab.shared(store, which);
    return { server, access: accessOf(await tokensOf(server, lab.people, 1)) };
  };
  const bare = { server: library, access: accessOf(await tokensWithoutPages(library.port, 1)) };
  const second = await product(aaStore, 2);
  const opened = await Promise.all(lab.stores.map(async store => ({ store, asked: await product(store, 1) })));
  const probe = (name: string, work: Endpoint, { server, access }: Asked) =>
    cpuOf(name, server, many(work(server.port, access)));
  const entries = Object.entries(endpoints);
  return {
    share,
    slice: 250,
    probes: entries.flatMap(([name, work]) => [
      probe(`${name}, bare oidc-provider`, work, bare),
      ...opened.map(({ store, asked }) => probe(`${name}, ${store}`, work, asked)),
      probe(`${name} again`, work, second),
    ]),
    rows: entries.flatMap(([name]) =>
      lab.stores.map(store => ({
        subject: `${name}, ${store}`,
        baseline: `${name}, bare oidc-provider`,
        aaPair: [`${name}, ${aaStore}`, `${name} again`] as const,
        goal: { id: 'G5', atMost: 1.15 },
      })),
    ),
  };
};

export const tokens: Scenario = {
  id: 'S5',
  title: 'Introspection, userinfo, revocation: CPU of one',
  weight: 2,
  async run(lab, time) {
    return [
      ...(await lab.measure(await endpointGroup(lab, reading, { share: 0.7, bare: 1 }), time)),
      ...(await lab.measure(await endpointGroup(lab, revoking, { share: 0.3, bare: 2 }), time)),
    ];
  },
};
