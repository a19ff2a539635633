/** Holds the state of everything outside the server: people, phones, network, clock and wire log. */
import type { ChangeNotifier } from '../events/changes.ts';
import { createChangeNotifier } from '../events/changes.ts';
import type { WireLog } from '../events/wire.ts';
import { createWireLog } from '../events/wire.ts';
import { Mailbox } from '../mailbox/mailbox.ts';
import type { Account } from '../network/account.ts';
import type { ApiBehaviourName } from '../network/behaviours/api.ts';
import type { BehaviourChange, BehaviourSettings } from '../network/behaviours/settings.ts';
import { applyChange } from '../network/behaviours/settings.ts';
import type { Call } from '../network/call.ts';
import { Network } from '../network/network.ts';
import type { OwnNumber } from '../network/numbers.ts';
import { createCallbackSender } from '../network/status-callbacks.ts';
import type { Text } from '../network/text.ts';
import { Texts } from '../network/texts.ts';
import { createWebhook } from '../network/webhook.ts';
import { PushService } from '../push/push-service.ts';
import type { Clock } from '../time/clock.ts';
import { createClock } from '../time/clock.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import type { Person, Phone } from './people.ts';
import { personError, phonesOf } from './people.ts';

/** People, their phones and mails, the network between them and the server, and a log of requests. */
export interface Simulation {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  people(): readonly Person[];
  /** The clock of the simulation, which can be moved. */
  readonly clock: Clock;
  readonly changes: ChangeNotifier;
  readonly wire: WireLog;
  readonly network: Network;
  readonly texts: Texts;
  readonly mailbox: Mailbox;
  readonly push: PushService;
  /** How the whole API of the carrier answers; undefined: as each number is set. */
  apiOverride: ApiBehaviourName | undefined;
  phones(): readonly Phone[];
  phone(number: string): Phone | undefined;
  /** By name or number. */
  person(nameOrNumber: string): Person | undefined;
  /** Adds a person. Gives the reason if it is refused. */
  add(person: Person): string | undefined;
  /** Changes the settings of a number. */
  behave(number: string, change: BehaviourChange): void;
  /** Calls that reached this telephone, newest first. */
  callsTo(number: string): readonly Call[];
  /** Texts that arrived at this telephone, latest arrival first. */
  textsTo(number: string): readonly Text[];
  /** Restores the start: removes added people, settings, calls, texts, mails, devices and the wire log, and resets the clock. */
  reset(): void;
  close(): void;
}

/** What a simulation is made from. */
export interface SimulationDeps {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  readonly people: readonly Person[];
  readonly pace: Pace;
  /** The timers of the machine. */
  readonly timers: Timers;
  /** Called after each reset. */
  readonly onReset?: (() => void) | undefined;
}

const maxPeople = 300;

/** The people of the configuration. @throws RangeError with the name of an invalid person. */
const checkedPeople = (configured: readonly Person[]): Person[] => {
  const people: Person[] = [];
  for (const person of configured) {
    const error = personError(person, people);
    if (error !== undefined) throw new RangeError(error);
    people.push(person);
  }
  return people;
};

/** Makes a simulation. @throws RangeError with the name of an invalid person. */
export const createSimulation = (deps: SimulationDeps): Simulation => {
  const { account, numbers, pace, timers: machineTimers } = deps;
  const people = checkedPeople(deps.people);
  const configured = people.length;
  const clock = createClock(machineTimers);
  const changes = createChangeNotifier(machineTimers);
  const wire = createWireLog({ clock, machineTimers, changes });
  const closing = new AbortController();
  const settings = new Map<string, BehaviourSettings>();
  const phones = (): Phone[] => people.flatMap(person => phonesOf(person, settings));
  const phone = (number: string): Phone | undefined => phones().find(each => each.number === number);
  const behaviourOf = (number: string): BehaviourSettings | undefined => phone(number)?.behaviour;
  const extensionsOf = (number: string) => phone(number)?.extensions ?? {};
  const { authToken } = account;
  const webhook = createWebhook({ authToken, wire, timers: machineTimers, signal: closing.signal });
  const callbackSender = createCallbackSender({ timers: clock, webhook });
  const shared = { accountSid: account.sid, timers: clock, pace, changes, callbackSender, behaviourOf };
  const network = new Network({ ...shared, wire, extensionsOf });
  const texts = new Texts({ ...shared, sender: numbers.find(({ sms }) => sms)?.number ?? '' });
  const mailbox = new Mailbox(changes);
  const push = new PushService(clock, changes);

  const simulation: Simulation = {
    account,
    numbers,
    people: () => people,
    clock,
    changes,
    wire,
    network,
    texts,
    mailbox,
    push,
    apiOverride: undefined,
    phones,
    phone,
    person: nameOrNumber => people.find(({ name, number }) => name === nameOrNumber || number === nameOrNumber),
    add(person) {
      const isFull = people.length >= maxPeople;
      const error = isFull ? `The simulator has ${maxPeople} people already` : personError(person, people);
      if (error !== undefined) return error;
      people.push(person);
      changes.notify();
      return undefined;
    },
    behave(number, change) {
      const current = behaviourOf(number);
      if (current !== undefined) settings.set(number, applyChange(current, change));
      changes.notify();
    },
    callsTo: number => network.calls.filter(({ legs }) => legs.some(leg => leg.phone === number)).toReversed(),
    textsTo: number =>
      texts.all
        .filter(({ parameters, arrivals }) => parameters.to === number && arrivals.length > 0)
        .toReversed()
        .toSorted((a, b) => (b.arrivals[0] ?? 0) - (a.arrivals[0] ?? 0)),
    reset() {
      people.length = configured;
      simulation.apiOverride = undefined;
      settings.clear();
      wire.clear();
      texts.reset();
      mailbox.reset();
      push.reset();
      network.reset();
      callbackSender.reset();
      clock.reset();
      changes.notify();
      deps.onReset?.();
    },
    close() {
      closing.abort(new Error('the simulator closes'));
      texts.reset();
      network.reset();
      clock.clear();
    },
  };
  return simulation;
};
