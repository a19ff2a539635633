/** What a server's processor spends: on a request, on a whole sign-in on each store, on a cookie. */
import type { Group, Site } from './group.ts';
import { cpuOf, kernelOf, type Server, type Worker } from './probes.ts';
import { ask, refresh, signIn, type Person, type Tokens } from './visitor.ts';

const connections = 4;
export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** People take turns, since a code is good for one sign-in: each of them once in a time step. */
const signingIn = (port: number, people: readonly Person[]): readonly Worker[] => {
  const lastStep = new Map<Person, number>();
  let turn = 0;
  const work: Worker = async () => {
    const step = Math.floor(Date.now() / 30_000);
    const person = people[turn % people.length];
    if (person === undefined || lastStep.get(person) === step) return false;
    turn += 1;
    lastStep.set(person, step);
    return signIn(port, person);
  };
  return times(connections, () => work);
};

export const refreshing = (port: number, families: readonly Tokens[]): readonly Worker[] =>
  families.map(family => {
    let last = family;
    return async () => void (last = await refresh(port, last));
  });

export const tokensOf = (server: Server, people: readonly Person[], count: number): Promise<readonly Tokens[]> =>
  Promise.all(people.slice(0, count).map(person => signIn(server.port, person)));

export const endpoints = async ({ http, provider, memory, twin, people }: Site): Promise<Group> => {
  const [families, others] = [await tokensOf(memory, people, connections), await tokensOf(twin, people, 1)];
  const many = (work: Worker) => times(connections, () => work);
  const discovery = (server: Server) => many(() => ask(server.port, '/.well-known/openid-configuration'));
  const userinfo = (server: Server, [tokens]: readonly Tokens[]) =>
    many(() => ask(server.port, '/me', undefined, tokens?.access));
  const introspection = (server: Server, [tokens]: readonly Tokens[]) =>
    many(async () => {
      const text = await ask(server.port, '/token/introspection', { token: tokens?.access ?? '' });
      if (!text.includes('"active":true')) throw new Error(`a good token was told to be ${text}`);
    });
  const twins = ['userinfo', 'userinfo again'] as const;
  return {
    title: 'Endpoints: CPU of one request, memory',
    share: 0.36,
    slice: 150,
    probes: [
      cpuOf('bare node:http', http, discovery(http)),
      cpuOf('discovery', memory, discovery(memory)),
      cpuOf('userinfo', memory, userinfo(memory, families)),
      cpuOf('userinfo again', twin, userinfo(twin, others)),
      cpuOf('userinfo, bare oidc-provider', provider, userinfo(provider, provider.tokens)),
      cpuOf('introspection', memory, introspection(memory, families)),
      cpuOf('introspection, bare oidc-provider', provider, introspection(provider, provider.tokens)),
      cpuOf('refresh', memory, refreshing(memory.port, families)),
      cpuOf('refresh, bare oidc-provider', provider, refreshing(provider.port, provider.tokens.slice(0, connections))),
    ],
    rows: [
      { of: 'discovery', over: 'bare node:http', twins, atMost: 1 / 0.75 },
      { of: 'userinfo', over: 'userinfo, bare oidc-provider', twins, atMost: 1.15 },
      { of: 'introspection', over: 'introspection, bare oidc-provider', twins, atMost: 1.15 },
      { of: 'refresh', over: 'refresh, bare oidc-provider', twins, atMost: 1.3 },
    ],
  };
};

export const signIns = ({ memory, twin, sqlite, redis, people }: Site): Group => {
  const probe = (name: string, server: Server) =>
    cpuOf(name, server, signingIn(server.port, people.slice(connections)));
  const twins = ['sign-in on memory', 'sign-in on memory again'] as const;
  const stores = ['sign-in on SQLite', ...(redis === undefined ? [] : ['sign-in on Redis and SQLite'])];
  return {
    title: 'Sign-in by password and TOTP, seven requests and a cheap hash: CPU of one',
    share: 0.3,
    slice: 250,
    probes: [
      ...[memory, twin].map((server, at) => probe(twins[at] ?? '', server)),
      ...[sqlite, redis].flatMap((server, at) => (server === undefined ? [] : probe(stores[at] ?? '', server))),
    ],
    rows: stores.map(of => ({ of, over: 'sign-in on memory', twins })),
  };
};

export const cookies = ({ kernel }: Site): Group => ({
  title: 'Signing and verifying one cookie: CPU',
  share: 0.06,
  slice: 40,
  probes: [
    kernelOf('ours', kernel, 'ours'),
    kernelOf('Keygrip', kernel, 'keygrip'),
    kernelOf('ours again', kernel, 'ours'),
  ],
  rows: [{ of: 'ours', over: 'Keygrip', twins: ['ours', 'ours again'] }],
});
