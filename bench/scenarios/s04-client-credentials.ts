/** S4: tokens of services: opaque and JWT, one to ten thousand clients, one process and two. */
import type { Group } from '../group.ts';
import type { Lab } from '../lab.ts';
import { cpuOf } from '../probes.ts';
import { apis } from '../requests.ts';
import type { Result } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { connections, servicesAsking } from '../workers.ts';
import type { StoreName } from '../stores.ts';

const formats = ['opaque', 'jwt'] as const;
const label = { opaque: 'opaque token', jwt: 'JWT' } as const;

/** One service, beside the bare library. */
const oneService = async (lab: Lab): Promise<Group> => {
  const [aaStore = 'SQLite'] = lab.mainStores;
  const [bare, second] = [await lab.bare({ kind: 'provider' }), await lab.shared(aaStore, 2)];
  const servers = await Promise.all(lab.stores.map(name => lab.shared(name, 1)));
  const name = (format: (typeof formats)[number], store: string): string => `${label[format]}, ${store}`;
  const again = 'opaque token again';
  return {
    share: 0.45,
    slice: 150,
    probes: [
      ...formats.flatMap(format => [
        cpuOf(name(format, 'bare oidc-provider'), bare, servicesAsking(bare.port, apis[format])),
        ...servers.map((server, at) =>
          cpuOf(name(format, lab.stores[at] ?? ''), server, servicesAsking(server.port, apis[format])),
        ),
      ]),
      cpuOf(again, second, servicesAsking(second.port, apis.opaque)),
    ],
    rows: formats.flatMap(format =>
      lab.stores.map(store => ({
        subject: name(format, store),
        baseline: name(format, 'bare oidc-provider'),
        aaPair: [name('opaque', aaStore), again] as const,
        goal: { id: 'G5', atMost: 1.15 },
      })),
    ),
  };
};

/** Many services in turn. */
const manyServices = async (lab: Lab, store: StoreName, share: number): Promise<Group> => {
  const most = lab.size === 'smoke' ? 1000 : 10_000;
  const server = await lab.product({ ...lab.emptyStore(store), population: { services: most } });
  const name = (services: number): string =>
    `${services === 1 ? 'one service' : `${services.toLocaleString('en')} services`}, ${store}`;
  const probe = (services: number, called = name(services)) =>
    cpuOf(called, server, servicesAsking(server.port, apis.opaque, services));
  const aaPair = [name(1), 'one service again'] as const;
  // Each once: the first token of a service costs more, because its metadata is checked.
  const first = servicesAsking(server.port, apis.opaque, most);
  for (let asked = 0; asked < most; asked += first.length) await Promise.all(first.map(work => work()));
  return {
    share,
    slice: 300,
    probes: [probe(1), probe(100), probe(most), probe(1, aaPair[1])],
    rows: [
      { subject: name(100), baseline: name(1), aaPair },
      { subject: name(most), baseline: name(1), aaPair, goal: { id: 'G7', atMost: 1.15 } },
    ],
  };
};

/** Two processes over one store, beside one: what one more node costs each request. */
const twoProcesses = async (lab: Lab, store: StoreName, share: number): Promise<Group> => {
  const spec = lab.emptyStore(store);
  const alone = await lab.product({ ...spec, population: { services: 1 } });
  const pair = [await lab.product(spec), await lab.product(spec)] as const;
  const ports = pair.map(({ port }) => port);
  const name = (processes: string): string => `opaque token, ${processes}, ${store}`;
  return {
    share,
    slice: 200,
    probes: [
      cpuOf(name('one process'), alone, servicesAsking(alone.port, apis.opaque)),
      // As many connections to each process: a process that waits more works off less at a time.
      cpuOf(name('two processes'), pair, servicesAsking(ports, apis.opaque, 1, 2 * connections)),
      cpuOf('one process again', alone, servicesAsking(alone.port, apis.opaque)),
    ],
    rows: [
      {
        subject: name('two processes'),
        baseline: name('one process'),
        aaPair: [name('one process'), 'one process again'],
      },
    ],
  };
};

export const clientCredentials: Scenario = {
  id: 'S4',
  title: 'Client credentials: CPU of one token',
  weight: 3,
  async run(lab, time) {
    const results: Result[] = [...(await lab.measure(await oneService(lab), time))];
    const each = 0.55 / (2 * lab.mainStores.length);
    for (const store of lab.mainStores) {
      results.push(...(await lab.measure(await manyServices(lab, store, each), time)));
      if (store !== 'SQLite') results.push(...(await lab.measure(await twoProcesses(lab, store, each), time)));
    }
    return results;
  },
};
