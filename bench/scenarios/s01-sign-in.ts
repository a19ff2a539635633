/**
 * S1: a whole sign-in, from the authorization request to the tokens, on each store: by password alone (five requests), with a code
 * from an authenticator app (seven), and with a call that is answered (the same, an event stream, and the carrier's callbacks).
 */
import { beingCalled } from '../calls.ts';
import type { Goal, Group, Row } from '../group.ts';
import { usualHash, type Lab } from '../lab.ts';
import { costIn, cpuOf, hashing, jobCpuOf, longer, runTimes, type Server, type Worker } from '../probes.ts';
import type { Scenario } from '../scenario.ts';
import { signingIn, signingInByPassword, signingInWithoutPages } from '../workers.ts';
import type { StoreName } from '../stores.ts';

interface Method {
  readonly goal: Goal;
  readonly workers: (server: Server, lab: Lab) => Promise<readonly Worker[]> | readonly Worker[];
  /** Its time as a multiple of that of others: each call takes a second, in which its server has little to do. */
  readonly longer?: number;
}

const methods = {
  password: { goal: { id: 'G4', atMost: 1.8 }, workers: ({ port }, { people }) => signingInByPassword(port, people) },
  'password and TOTP': { goal: { id: 'G4', atMost: 2.5 }, workers: ({ port }, { people }) => signingIn(port, people) },
  'password and call': {
    goal: { id: 'G4', atMost: 3.5 },
    workers: async ({ port }, lab) =>
      beingCalled(port, await lab.carrier(), lab.callers, lab.size === 'smoke' ? 4 : 12),
    longer: 4,
  },
} as const satisfies Readonly<Record<string, Method>>;

const flow = 'code flow, bare oidc-provider';

const named = (method: string, store: string): string => `${method}, ${store}`;

/** The process of the server alone: the hash is cheap, because it would hide everything else. */
const withoutHash = async (lab: Lab, share: number, names: readonly (keyof typeof methods)[]): Promise<Group> => {
  const [aaStore = 'SQLite'] = lab.mainStores;
  const second = await lab.shared(aaStore, 2);
  const bare = await lab.bare({ kind: 'provider' });
  const probe = async (method: keyof typeof methods, label: string, server: Server, store: StoreName) => {
    const { workers, ...rest } = methods[method];
    const programs = lab.programsOf(store);
    return longer('longer' in rest ? rest.longer : 1, cpuOf(label, server, await workers(server, lab), { programs }));
  };
  const probes = [cpuOf(flow, bare, signingInWithoutPages(bare.port))];
  const rows: Row[] = [];
  for (const method of names) {
    const aaPair = [named(method, aaStore), `${method} again`] as const;
    for (const store of lab.mainStores) {
      const subject = named(method, store);
      probes.push(await probe(method, subject, await lab.shared(store, 1), store));
      rows.push({ subject, baseline: flow, aaPair, goal: methods[method].goal });
      for (const program of Object.keys(lab.programsOf(store)))
        rows.push({ subject: costIn(program, subject), baseline: flow, aaPair });
    }
    probes.push(await probe(method, aaPair[1], second, aaStore));
  }
  // Each call takes a second, so that a short run checks its responses once.
  return { share, slice: 400, probes, rows, ...(names.some(name => 'longer' in methods[name]) && { shortRounds: 1 }) };
};

/** The hash at its usual cost, and everything around it. */
const withHash = async (lab: Lab): Promise<Group> => {
  const [store = 'SQLite'] = lab.mainStores;
  const population = { people: lab.people };
  const server = await lab.product({ ...lab.emptyStore(store), memoryKiB: usualHash, population });
  const work = signingIn(server.port, lab.people);
  if (lab.size === 'full') await runTimes(work, 500);
  const names = [`sign-in by TOTP with its hash, ${store}`, 'sign-in with its hash again'] as const;
  return {
    share: 0.2,
    slice: 1000,
    probes: [
      ...names.map(each => cpuOf(each, server, work, { what: 'withHash' })),
      jobCpuOf('its hash alone', lab.cpuJobs, 'argon2 of the product'),
      jobCpuOf('the same hash by node:crypto', lab.cpuJobs, 'argon2 of node:crypto'),
    ],
    rows: [
      { subject: names[0], baseline: 'its hash alone', aaPair: names },
      { subject: costIn(hashing, names[0]), baseline: 'its hash alone', aaPair: names },
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
  title: 'A whole sign-in: CPU of one',
  weight: 4,
  async run(lab, time) {
    return [
      ...(await lab.measure(await withoutHash(lab, 0.45, ['password', 'password and TOTP']), time)),
      ...(await lab.measure(await withoutHash(lab, 0.35, ['password and call']), time)),
      ...(await lab.measure(await withHash(lab), time)),
    ];
  },
};
