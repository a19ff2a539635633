/** Defines the groups that measure CPU: of one request, of a sign-in on each store, of one signed cookie. */
import type { BenchSetup, Group } from './group.ts';
import { cpuOf, jobCpuOf, type Server, type Worker } from './probes.ts';
import { ask, refresh, signIn, type Person, type Tokens } from './requests.ts';

const connections = 4;
/** Makes `count` values. */
export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Each person signs in at most once in a time step of 30 s, because a TOTP code works once. */
const signingIn = (port: number, people: readonly Person[]): readonly Worker[] => {
  const lastStep = new Map<Person, number>();
  let next = 0;
  const work: Worker = async () => {
    const step = Math.floor(Date.now() / 30_000);
    const person = people[next % people.length];
    if (person === undefined || lastStep.get(person) === step) return false;
    next += 1;
    lastStep.set(person, step);
    return signIn(port, person);
  };
  return times(connections, () => work);
};

/** One worker for each family of refresh tokens. */
export const refreshing = (port: number, families: readonly Tokens[]): readonly Worker[] =>
  families.map(family => {
    let last = family;
    return async () => void (last = await refresh(port, last));
  });

/** Signs in `count` people. */
export const tokensOf = (server: Server, people: readonly Person[], count: number): Promise<readonly Tokens[]> =>
  Promise.all(people.slice(0, count).map(person => signIn(server.port, person)));

/** CPU of one request to the endpoints that clients call. */
export const endpoints = async ({ http, provider, memory, secondMemory, people }: BenchSetup): Promise<Group> => {
  const [families, others] = [await tokensOf(memory, people, connections), await tokensOf(secondMemory, people, 1)];
  const many = (work: Worker) => times(connections, () => work);
  const discovery = (server: Server) => many(() => ask(server.port, '/.well-known/openid-configuration'));
  const userinfo = (server: Server, [tokens]: readonly Tokens[]) =>
    many(() => ask(server.port, '/me', undefined, tokens?.access));
  const introspection = (server: Server, [tokens]: readonly Tokens[]) =>
    many(async () => {
      const text = await ask(server.port, '/token/introspection', { token: tokens?.access ?? '' });
      if (!text.includes('"active":true')) throw new Error(`a valid token: got ${text}, expected active`);
    });
  const aaPair = ['userinfo', 'userinfo again'] as const;
  return {
    title: 'Endpoints: CPU of one request, memory',
    share: 0.36,
    slice: 150,
    probes: [
      cpuOf('bare node:http', http, discovery(http)),
      cpuOf('discovery', memory, discovery(memory)),
      cpuOf('userinfo', memory, userinfo(memory, families)),
      cpuOf('userinfo again', secondMemory, userinfo(secondMemory, others)),
      cpuOf('userinfo, bare oidc-provider', provider, userinfo(provider, provider.tokens)),
      cpuOf('introspection', memory, introspection(memory, families)),
      cpuOf('introspection, bare oidc-provider', provider, introspection(provider, provider.tokens)),
      cpuOf('refresh', memory, refreshing(memory.port, families)),
      cpuOf('refresh, bare oidc-provider', provider, refreshing(provider.port, provider.tokens.slice(0, connections))),
    ],
    rows: [
      { subject: 'discovery', baseline: 'bare node:http', aaPair, goal: 1 / 0.75 },
      { subject: 'userinfo', baseline: 'userinfo, bare oidc-provider', aaPair, goal: 1.15 },
      { subject: 'introspection', baseline: 'introspection, bare oidc-provider', aaPair, goal: 1.15 },
      { subject: 'refresh', baseline: 'refresh, bare oidc-provider', aaPair, goal: 1.3 },
    ],
  };
};

/** CPU of one whole sign-in on each store. */
export const signIns = ({ memory, secondMemory, sqlite, redis, people }: BenchSetup): Group => {
  const probe = (name: string, server: Server) =>
    cpuOf(name, server, signingIn(server.port, people.slice(connections)));
  const aaPair = ['sign-in on memory', 'sign-in on memory again'] as const;
  const stores = ['sign-in on SQLite', ...(redis === undefined ? [] : ['sign-in on Redis and SQLite'])];
  return {
    title: 'Sign-in by password and TOTP, seven requests and a cheap hash: CPU of one',
    share: 0.3,
    slice: 250,
    probes: [
      ...[memory, secondMemory].map((server, at) => probe(aaPair[at] ?? '', server)),
      ...[sqlite, redis].flatMap((server, at) => (server === undefined ? [] : probe(stores[at] ?? '', server))),
    ],
    rows: stores.map(subject => ({ subject, baseline: 'sign-in on memory', aaPair })),
  };
};

/** CPU of one signed cookie, by our keys and by Keygrip. */
export const cookies = ({ cpuJobs }: BenchSetup): Group => ({
  title: 'Signing and verifying one cookie: CPU',
  share: 0.06,
  slice: 40,
  probes: [
    jobCpuOf('ours', cpuJobs, 'ours'),
    jobCpuOf('Keygrip', cpuJobs, 'keygrip'),
    jobCpuOf('ours again', cpuJobs, 'ours'),
  ],
  rows: [{ subject: 'ours', baseline: 'Keygrip', aaPair: ['ours', 'ours again'] }],
});
