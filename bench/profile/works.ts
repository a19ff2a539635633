/** Lists the units of work that can be profiled, and the people that each needs. */
import type { Server, Worker } from '../probes.ts';
import { beingCalled } from '../calls.ts';
import { sessionHolders } from '../lab.ts';
import { apis, ask, personAt, type Tokens } from '../requests.ts';
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
  signingInWithoutPages,
  tokensOf,
  tokensWithoutPages,
  userinfoOf,
} from '../workers.ts';

/** People at the profiled server, unless another number is wanted: each signs in by TOTP once in 30 s at most. */
export const usualPeople = 2000;

type Workers = Promise<readonly Worker[]> | readonly Worker[];

/** One kind of work. */
export interface Work {
  readonly title: string;
  /** Units before the measurement, so that the compiler has done its work. */
  readonly warmUp: number;
  readonly workers: (server: Server, stored: Stored) => Workers;
  /** What it is compared with at the bare library, which listens at this port. Absent: the library alone has no such work. */
  readonly bare?: (port: number) => Workers;
}

/** What the store of the profiled server has, and the carrier that it calls by. */
interface Stored {
  readonly people: number;
  /** Number of people with a password only. */
  readonly withoutSecondStep: number;
  /** Number of people who are called. */
  readonly callers: number;
  readonly carrierUrl: string;
}

const accessOf = ([tokens]: readonly Tokens[]): string => {
  if (tokens === undefined) throw new Error('nobody signed in');
  return tokens.access;
};
const accessTokenOf = async (server: Server, { people }: Stored): Promise<string> =>
  accessOf(await tokensOf(server, people, 1));
const bareTokenOf = async (port: number): Promise<string> => accessOf(await tokensWithoutPages(port, 1));
/** A sign-in is compared with a whole code flow. */
const codeFlow = { bare: (port: number) => signingInWithoutPages(port) };

export const works = {
  password: {
    title: 'sign-in by password',
    warmUp: 600,
    workers: ({ port }, { withoutSecondStep }) => signingInByPassword(port, withoutSecondStep),
    ...codeFlow,
  },
  totp: {
    title: 'sign-in by password and TOTP',
    warmUp: 600,
    workers: ({ port }, { people }) => signingIn(port, people),
    ...codeFlow,
  },
  call: {
    title: 'sign-in by password and call',
    warmUp: 400,
    workers: ({ port }, { carrierUrl, callers }) => beingCalled(port, carrierUrl, callers),
    ...codeFlow,
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
    workers: async (server, { people }) => refreshing(server.port, await tokensOf(server, people)),
    bare: async port => refreshing(port, await tokensWithoutPages(port)),
  },
  userinfo: {
    title: 'userinfo',
    warmUp: 3000,
    workers: async (server, stored) => many(userinfoOf(server.port, await accessTokenOf(server, stored))),
    bare: async port => many(userinfoOf(port, await bareTokenOf(port))),
  },
  introspection: {
    title: 'introspection',
    warmUp: 3000,
    workers: async (server, stored) => many(introspectionOf(server.port, await accessTokenOf(server, stored))),
    bare: async port => many(introspectionOf(port, await bareTokenOf(port))),
  },
  token: {
    title: 'client credentials, opaque token',
    warmUp: 3000,
    workers: ({ port }) => servicesAsking(port, apis.opaque),
    bare: port => servicesAsking(port, apis.opaque),
  },
  jwt: {
    title: 'client credentials, JWT',
    warmUp: 3000,
    workers: ({ port }) => servicesAsking(port, apis.jwt),
    bare: port => servicesAsking(port, apis.jwt),
  },
  discovery: {
    title: 'discovery',
    warmUp: 6000,
    workers: ({ port }) => many(() => ask(port, '/.well-known/openid-configuration')),
    bare: port => many(() => ask(port, '/.well-known/openid-configuration')),
  },
} as const satisfies Readonly<Record<string, Work>>;

/** Name of a work. */
export type WorkName = keyof typeof works;
