/** Starts the simulator in this process: one server for network, API and pages, one for mail, one for the sample relying party. */
import { apiError } from './api/errors.ts';
import { apiRoutes } from './api/routes.ts';
import type { ListeningServer } from './http/listen.ts';
import { listen } from './http/listen.ts';
import type { ErrorResponse } from './http/server.ts';
import { createListener } from './http/server.ts';
import { listenForMail } from './mailbox/smtp.ts';
import type { Account } from './network/account.ts';
import type { OwnNumber } from './network/numbers.ts';
import { defaultNumbers } from './network/numbers.ts';
import { restError, restRoutes } from './network/rest.ts';
import type { ServerUrls } from './pages/header.ts';
import { errorPage, pageRoutes } from './pages/routes.ts';
import type { PersonAtPhone } from './person.ts';
import { person } from './person.ts';
import { pushRoutes } from './push/routes.ts';
import { createRelyingParty } from './relying-party/app.ts';
import type { RelyingPartySettings } from './relying-party/provider-client.ts';
import type { Person } from './simulation/people.ts';
import { createSimulation } from './simulation/simulation.ts';
import type { Pace } from './time/pace.ts';
import type { Timers } from './time/timers.ts';
import { realTimers } from './time/timers.ts';

/** The configuration of a simulator. */
export interface SimulatorSettings {
  /** 0: a free port. */
  readonly port: number;
  /** 0: a free port. */
  readonly relyingPartyPort: number;
  /** Of the mail server; a free port by default. */
  readonly mailPort?: number;
  /** A loopback address. */
  readonly host?: '127.0.0.1' | '::1';
  readonly accountSid: string;
  readonly authToken: string;
  /** The numbers of this account; by default +1 202 555 0100. */
  readonly numbers?: readonly OwnNumber[];
  readonly people: readonly Person[];
  /** Without it there is no sample relying party. */
  readonly relyingParty?: RelyingPartySettings;
  /** Called after the person has started the simulation over. */
  readonly onReset?: () => void;
  /** Words per second, 3 by default; `instant`: speech and people take no time. */
  readonly pace?: Pace;
  /** Replaces the time of the machine in tests. */
  readonly timers?: Timers;
}

/** A running simulator. */
export interface Simulator {
  readonly url: string;
  /** Empty without a relying party. */
  readonly relyingPartyUrl: string;
  /** `smtp://127.0.0.1:2525` */
  readonly mailUrl: string;
  /** Acts as the person with this number. */
  person(number: string): PersonAtPhone;
  close(): Promise<void>;
}

/** Formats an error for the part of the server that owns the path. */
const errorResponse: ErrorResponse = (path, status, message) => {
  if (path.startsWith('/2010-04-01/')) return restError(status, message);
  return path.startsWith('/api/') || path.startsWith('/push/') ? apiError(status, message) : errorPage(status, message);
};

const startRelyingParty = async (
  { relyingParty, relyingPartyPort, host = '127.0.0.1' }: SimulatorSettings,
  simulator: string,
): Promise<ListeningServer | undefined> =>
  relyingParty && listen(createRelyingParty(relyingParty, simulator), relyingPartyPort, host);

/**
 * Starts the simulator and, if it is configured, the relying party. @throws RangeError for an invalid person;
 * Error of the system if a port is taken.
 */
export const startSimulator = async (settings: SimulatorSettings): Promise<Simulator> => {
  const { port, host = '127.0.0.1', people, pace = 3, timers = realTimers } = settings;
  const { numbers = defaultNumbers } = settings;
  const account: Account = { sid: settings.accountSid, authToken: settings.authToken };
  const simulation = createSimulation({ account, numbers, people, pace, timers, onReset: settings.onReset });
  const urls: ServerUrls = { ...(settings.relyingParty && { issuer: settings.relyingParty.issuer }) };
  const routes = [
    ...restRoutes({
      ...simulation,
      behaviourOf: number => simulation.phone(number)?.behaviour,
      apiOverride: () => simulation.apiOverride,
    }),
    ...apiRoutes(simulation),
    ...pushRoutes({ ...simulation, timers }),
    ...pageRoutes(simulation, urls),
  ];
  const server = await listen(createListener(routes, errorResponse), port, host);
  const closing = [server];
  const closeAll = async (): Promise<void> => {
    simulation.close();
    await Promise.all(closing.map(each => each.close()));
  };
  try {
    const mail = await listenForMail(simulation.mailbox, simulation.clock, { port: settings.mailPort ?? 0, host });
    closing.push(mail);
    const relyingParty = await startRelyingParty(settings, server.url);
    if (relyingParty !== undefined) {
      closing.push(relyingParty);
      urls.relyingParty = relyingParty.url;
    }
    return {
      url: server.url,
      relyingPartyUrl: relyingParty?.url ?? '',
      mailUrl: mail.url,
      person: number => person(server.url, number),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
};
