/** S9: services get tokens while sixteen people at a time sign in, each with a hash at its usual cost, all on one core. */
import { usualHash, type Lab } from '../lab.ts';
import { latencyOf, whileBusy, type Times } from '../probes.ts';
import { apis } from '../requests.ts';
import { figure, type Result } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { quantile } from '../statistics.ts';
import { servicesAsking, signingIn } from '../workers.ts';
import type { StoreName } from '../stores.ts';

const inFlight = 16;
const connections = 2;

const measureStore = async (lab: Lab, store: StoreName, time: number): Promise<readonly Result[]> => {
  const people = lab.size === 'smoke' ? 1000 : 4000;
  const population = { people, services: 1 };
  const server = await lab.product({ ...lab.emptyStore(store), memoryKiB: usualHash, population });
  const asking = servicesAsking(server.port, apis.opaque, 1, connections);
  const [idle, busy] = [`token, idle, ${store}`, `token, ${inFlight} sign-ins in flight, ${store}`];
  const took: Times = [];
  const row = (of: string) => ({
    subject: `${busy}${of}`,
    baseline: `${idle}${of}`,
    aaPair: [`${idle}${of}`, `token, idle again${of}`] as const,
  });
  const rows = await lab.measure(
    {
      share: 1 / lab.mainStores.length,
      slice: 400,
      probes: [
        latencyOf(idle, asking),
        whileBusy(signingIn(server.port, people, inFlight), latencyOf(busy, asking, took)),
        latencyOf('token, idle again', asking),
      ],
      // Half of the rate is twice the time of one.
      rows: [{ ...row(''), goal: { id: 'G3', atMost: 2 } }, row(' p50'), row(' p99')],
    },
    time,
  );
  const p99 = figure(`p99 of ${busy}`, quantile(took, 0.99), 'ms', { id: 'G3', atMost: 30 });
  await lab.stop(server);
  return [...rows, p99];
};

export const isolation: Scenario = {
  id: 'S9',
  title: 'Client credentials during a storm of sign-ins: time of one token',
  weight: 2,
  async run(lab, time) {
    const results: Result[] = [];
    for (const store of lab.mainStores) results.push(...(await measureStore(lab, store, time)));
    return results;
  },
};
