/** S1: a whole sign-in by password and authenticator app, seven requests, on each store. */
import type { Group } from '../group.ts';
import { usualHash, type Lab } from '../lab.ts';
import { cpuOf, jobCpuOf } from '../probes.ts';
import { many, signingIn } from '../workers.ts';
import { signInWithoutPages } from '../sign-ins.ts';
import type { Scenario } from '../scenario.ts';

const name = (store: string): string => `sign-in, ${store}`;

/** The process of the server alone: the hash is cheap, because it would hide everything else. */
const withoutHash = async (lab: Lab): Promise<Group> => {
  const [aaStore = 'SQLite'] = lab.mainStores;
  const second = await lab.shared(aaStore, 2);
  const bare = await lab.bare({ kind: 'provider' });
  const servers = await Promise.all(lab.stores.map(store => lab.shared(store, 1)));
  const flow = 'code flow, bare oidc-provider';
  return {
    share: 0.65,
    slice: 300,
    probes: [
      cpuOf(
        flow,
        bare,
        many(() => signInWithoutPages(bare.port)),
      ),
      ...servers.map((server, at) => cpuOf(name(lab.stores[at] ?? ''), server, signingIn(server.port, lab.people))),
      cpuOf('sign-in again', second, signingIn(second.port, lab.people)),
    ],
    rows: lab.stores.map(store => ({
      subject: name(store),
      baseline: flow,
      aaPair: [name(aaStore), 'sign-in again'],
      goal: { id: 'G4', atMost: 2.5 },
    })),
  };
};

/** The hash at its usual cost, and everything around it. */
const withHash = async (lab: Lab): Promise<Group> => {
  const [store = 'SQLite'] = lab.mainStores;
  const population = { people: lab.people };
  const server = await lab.product({ ...(await lab.emptyStore(store)), memoryKiB: usualHash, population });
  const work = signingIn(server.port, lab.people);
  const names = [`sign-in with its hash, ${store}`, 'sign-in with its hash again'] as const;
  return {
    share: 0.35,
    slice: 1000,
    probes: [
      ...names.map(each => cpuOf(each, server, work, 'withHash')),
      jobCpuOf('its hash alone', lab.cpuJobs, 'argon2 of the product'),
      jobCpuOf('the same hash by node:crypto', lab.cpuJobs, 'argon2 of node:crypto'),
    ],
    rows: [
      { subject: names[0], baseline: 'its hash alone', aaPair: names },
      {
        subject: names[0],
        baseline: 'the same hash by node:crypto',
        aaPair: names,
        goal: { id: 'G2', atMost: 0.6 },
      },
    ],
  };
};

export const signIns: Scenario = {
  id: 'S1',
  title: 'Sign-in by password and authenticator app: CPU of one',
  weight: 3,
  async run(lab, time) {
    return [...(await lab.measure(await withoutHash(lab), time)), ...(await lab.measure(await withHash(lab), time))];
  },
};
