/** Makes the units of work that probes repeat. */
import { setTimeout } from 'node:timers/promises';
import type { Server, Worker } from './probes.ts';
import {
  ask,
  bearer,
  clientCredentials,
  personAt,
  refresh,
  serviceAt,
  withoutSecondStepAt,
  type Person,
  type Tokens,
} from './requests.ts';
import { times } from './times.ts';
import { signIn, signInByPassword, signInWithoutPages } from './sign-ins.ts';

/** Requests at a time. */
export const connections = 4;

/** The same work on each connection. */
export const many = (work: Worker, count = connections): readonly Worker[] => times(count, () => work);

/** Each connection does the next of these works, and begins again after the last. */
export const inTurn = (works: readonly Worker[]): readonly Worker[] => {
  let next = 0;
  return many(async () => {
    const work = works[next % works.length];
    next += 1;
    return work?.() ?? false;
  });
};

const step = 30_000;
/** From the choice of a person to their code, in milliseconds. */
const slowest = 2000;

/** Of one server: who is next, and in which time step each person signed in last. */
interface Turns {
  next: number;
  readonly last: Map<number, number>;
}
const turnsOf = new Map<number, Turns>();

/** People are taken in steps of this prime, so that they are spread over the whole store. */
const stride = 7919;

/** The next person of a server who did not sign in during this time step, because a TOTP code works once. undefined: all did. */
export const nextPerson = (port: number, people: number): Person | undefined => {
  const turns = turnsOf.get(port) ?? { next: 0, last: new Map<number, number>() };
  turnsOf.set(port, turns);
  const [at, now] = [(turns.next * stride) % people, Math.floor(Date.now() / step)];
  if ((turns.last.get(at) ?? 0) >= now) return undefined;
  turns.next += 1;
  // The code is made later, perhaps in the next time step.
  turns.last.set(at, Math.floor((Date.now() + slowest) / step));
  return personAt(at);
};

/** Signs people in, one after the other. `people`: their number at this server. */
export const signingIn = (port: number, people: number, count = connections): readonly Worker[] =>
  many(async () => {
    const person = nextPerson(port, people);
    return person === undefined ? false : signIn(port, person);
  }, count);

/** Signs people in by the password alone. `people`: their number at this server. */
export const signingInByPassword = (port: number, people: number, count = connections): readonly Worker[] => {
  let next = 0;
  return many(() => signInByPassword(port, withoutSecondStepAt((next += 1) % people)), count);
};

/** The next person of a server, after the next time steps have begun if all have signed in. @throws Error after two minutes */
const freePerson = async (port: number, people: number): Promise<Person> => {
  for (let waited = 0; waited < 4; waited += 1) {
    const person = nextPerson(port, people);
    if (person !== undefined) return person;
    await setTimeout(step - (Date.now() % step));
  }
  throw new Error(`${people} people have signed in within 30 s, expected one who has not`);
};

/** Signs in `count` people. @throws Error where so many cannot sign in within two minutes */
export const tokensOf = (
  server: Pick<Server, 'port'>,
  people: number,
  count = connections,
): Promise<readonly Tokens[]> =>
  Promise.all(times(count, async () => signIn(server.port, await freePerson(server.port, people))));

/** Signs in at a server that asks nobody. */
export const signingInWithoutPages = (port: number, count = connections): readonly Worker[] =>
  many(() => signInWithoutPages(port), count);

/** Tokens of some people there. */
export const tokensWithoutPages = (port: number, count = connections): Promise<readonly Tokens[]> =>
  Promise.all(times(count, () => signInWithoutPages(port)));

/** One worker for each family of refresh tokens. */
export const refreshing = (port: number, families: readonly Tokens[]): readonly Worker[] =>
  families.map(family => {
    let last = family;
    return async () => void (last = await refresh(port, last));
  });

/** Asks userinfo with an access token. */
export const userinfoOf =
  (port: number, access: string): Worker =>
  () =>
    ask(port, '/me', bearer(access));

/** Introspects an access token. @throws Error where it is not active */
export const introspectionOf =
  (port: number, access: string): Worker =>
  async () => {
    const text = await ask(port, '/token/introspection', { form: { token: access } });
    if (!text.includes('"active":true')) throw new Error(`a valid token: got ${text}, expected active`);
  };

/** Tokens of `services` services in turn, at these ports in turn. */
export const servicesAsking = (
  ports: number | readonly number[],
  resource: string,
  services = 1,
  count = connections,
): readonly Worker[] => {
  const all = typeof ports === 'number' ? [ports] : ports;
  let next = 0;
  return many(() => {
    next += 1;
    return clientCredentials(all[next % all.length] ?? 0, serviceAt(next % services), resource);
  }, count);
};
