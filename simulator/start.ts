import { refuseApi, apiRoutes } from './api/routes.ts';
import type { Answer, Refuse } from './http/server.ts';
import { listener } from './http/server.ts';
import type { Listening } from './http/listen.ts';
import { listen } from './http/listen.ts';
import type { Account } from './network/account.ts';
import type { OwnNumber } from './network/numbers.ts';
import { usualNumbers } from './network/numbers.ts';
import { refuseRest, restRoutes } from './network/rest.ts';
import type { Places } from './pages/header.ts';
import { pageRoutes, refusePage } from './pages/routes.ts';
import type { PersonAtPhone } from './person.ts';
import { person } from './person.ts';
import { createRelyingParty } from './relying-party/app.ts';
import type { RelyingPartySettings } from './relying-party/provider-client.ts';
import type { Pace } from './time/pace.ts';
import type { Timers } from './time/timers.ts';
import { realTimers } from './time/timers.ts';
import type { Person } from './simulation/people.ts';
import { createWorld } from './simulation/simulation.ts';

export interface SimulatorSettings {
  /** 0: a free one. */
  readonly port: number;
  readonly relyingPartyPort: number;
  /** A loopback address. */
  readonly host?: '127.0.0.1' | '::1';
  readonly accountSid: string;
  readonly authToken: string;
  /** The numbers of this account: +1 202 555 0100 unless told. */
  readonly numbers?: readonly OwnNumber[];
  readonly people: readonly Person[];
  /** Without it there is no sample relying party. */
  readonly relyingParty?: RelyingPartySettings;
  /** Words per second (3 unless told), or everything at once. */
  readonly pace?: Pace;
  readonly timers?: Timers;
}

export interface Simulator {
  readonly url: string;
  /** Empty where there is no relying party. */
  readonly relyingPartyUrl: string;
  /** The person whose phone has this number. */
  person(number: string): PersonAtPhone;
  close(): Promise<void>;
}

/** Each part of the server refuses in its own dialect. */
const refuse: Refuse = ({ path }, status, message): Answer => {
  if (path.startsWith('/2010-04-01/')) return refuseRest(status, message);
  return path.startsWith('/api/') ? refuseApi(status, message) : refusePage(status, message);
};

const openRelyingParty = async (
  settings: RelyingPartySettings | undefined,
  port: number,
  host: string,
): Promise<Listening | undefined> => settings && listen(createRelyingParty(settings), port, host);

/** Starts the world outside the server: telephone network, phones, and the sample relying party. */
export const startSimulator = async (settings: SimulatorSettings): Promise<Simulator> => {
  const { port, relyingPartyPort, host = '127.0.0.1', people, pace = 3, timers = realTimers } = settings;
  const { numbers = usualNumbers } = settings;
  const account: Account = { sid: settings.accountSid, authToken: settings.authToken };
  const world = createWorld({ account, numbers, people, pace, timers });
  const places: Places = {};
  const routes = [
    ...restRoutes({
      ...world,
      clock: world.timers,
      behaviourOf: number => world.phone(number)?.behaviour,
      outage: () => world.outage,
    }),
    ...apiRoutes(world),
    ...pageRoutes(world, places),
  ];
  const server = await listen(listener(routes, refuse), port, host);
  const relyingParty = await openRelyingParty(settings.relyingParty, relyingPartyPort, host).catch(
    async (error: unknown) => {
      await server.close();
      throw error;
    },
  );
  places.telephone = server.url;
  if (relyingParty !== undefined) places.relyingParty = relyingParty.url;
  return {
    url: server.url,
    relyingPartyUrl: relyingParty?.url ?? '',
    person: number => person(server.url, number),
    async close() {
      world.close();
      await Promise.all([server.close(), relyingParty?.close()]);
    },
  };
};
