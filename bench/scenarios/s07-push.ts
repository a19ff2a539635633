/** S7: from the authorization request to the page that waits for the phone: limits are checked, the request is stored and audited. */
import { createPhoneOwner, deviceOf, openWaiting } from '../phones.ts';
import { cpuOf, type Worker } from '../probes.ts';
import { ask } from '../requests.ts';
import type { Scenario } from '../scenario.ts';
import { times } from '../times.ts';
import { connections, many } from '../workers.ts';

/** Each owner of a phone begins once: a second request has to wait for the first. */
export const beginning = async (port: number, owners: readonly ReturnType<typeof createPhoneOwner>[]) => {
  const begin = await openWaiting(port, Date.now);
  let next = 0;
  const work: Worker = async () => {
    const owner = owners[next];
    if (owner === undefined) return false;
    next += 1;
    return begin(owner);
  };
  return times(connections, () => work);
};
const name = (store: string): string => `begin, ${store}`;

export const pushes: Scenario = {
  id: 'S7',
  title: 'Begin of a sign-in by phone, up to the page that waits: CPU of its requests',
  weight: 1,
  async run(lab, time) {
    const owners = times(lab.size === 'smoke' ? 150 : 1500, at => createPhoneOwner(`owner-${at}`));
    const population = { owners: owners.map(deviceOf) };
    const koa = await lab.bare({ kind: 'koa' });
    const stores = lab.size === 'smoke' ? lab.mainStores : lab.stores;
    const [aaStore = 'SQLite'] = stores;
    const probe = async (label: string, store: typeof aaStore) => {
      const server = await lab.product({ ...lab.emptyStore(store), withPhones: true, population });
      return cpuOf(label, server, await beginning(server.port, owners));
    };
    const probes = [
      cpuOf(
        'a document of Koa',
        koa,
        many(() => ask(koa.port, '/')),
      ),
    ];
    for (const store of stores) probes.push(await probe(name(store), store));
    probes.push(await probe('begin again', aaStore));
    return lab.measure(
      {
        share: 1,
        slice: 200,
        probes,
        rows: stores.map(store => ({
          subject: name(store),
          baseline: 'a document of Koa',
          aaPair: [name(aaStore), 'begin again'],
        })),
      },
      time,
    );
  },
};
