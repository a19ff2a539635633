/** Lists the units of work that can be profiled, and the people that each needs. */
import type { Server, Worker } from '../probes.ts';
import { beingCalled } from '../calls.ts';
import { sessionHolders } from '../lab.ts';
import { apis, ask, personAt } from '../requests.ts';
import { openSession } from '../sign-ins.ts';
import { times } from '../times.ts';
import {
  inTurn,
  introspectionOf,
  many,
  refreshing,
  servicesAsking,
  signingIn,
  signingInByPassword,
  tokensOf,
  userinfoOf,
} from '../workers.ts';

/** People of each kind at the profiled server: each signs in by TOTP once in 30 s at most. */
export const people = 2000;

interface Work {
  readonly title: string;
  /** Units before the measurement, so that the compiler has done its work. */
  readonly warmUp: number;
  readonly workers: (server: Server, calls: Calls) => Promise<readonly Worker[]> | readonly Worker[];
}

/** The carrier, and the number of people who are called. */
interface Calls {
  readonly carrierUrl: string;
  readonly callers: number;
}

const accessTokenOf = async (server: Server): Promise<string> => {
  const [tokens] = await tokensOf(server, people, 1);
  if (tokens === undefined) throw new Error('nobody signed in');
  return tokens.access;
};

export const works = {
  password: {
    title: 'sign-in by password',
    warmUp: 600,
    workers: ({ port }) => signingInByPassword(port, people),
  },
  totp: {
    title: 'sign-in by password and TOTP',
    warmUp: 600,
    workers: ({ port }) => signingIn(port, people),
  },
  call: {
    title: 'sign-in by password and call',
    warmUp: 400,
    workers: ({ port }, { carrierUrl, callers }) => beingCalled(port, carrierUrl, callers),
  },
  session: {
    title: 'sign-in in a session, and its code',
    warmUp: 1000,
    workers: async ({ port }) =>
      inTurn(await Promise.all(times(sessionHolders, at => openSession(port, personAt(at))))),
  },
  refresh: {
    title: 'refresh with rotation',
    warmUp: 3000,
    workers: async server => refreshing(server.port, await tokensOf(server, people)),
  },
  userinfo: {
    title: 'userinfo',
    warmUp: 3000,
    workers: async server => many(userinfoOf(server.port, await accessTokenOf(server))),
  },
  introspection: {
    title: 'introspection',
    warmUp: 3000,
    workers: async server => many(introspectionOf(server.port, await accessTokenOf(server))),
  },
  token: {
    title: 'client credentials, opaque token',
    warmUp: 3000,
    workers: ({ port }) => servicesAsking(port, apis.opaque),
  },
  discovery: {
    title: 'discovery',
    warmUp: 6000,
    workers: ({ port }) => many(() => ask(port, '/.well-known/openid-configuration')),
  },
} as const satisfies Readonly<Record<string, Work>>;

/** Name of a work. */
export type WorkName = keyof typeof works;
