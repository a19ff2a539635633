import type { Changes } from '../events/changes.ts';
import { createChanges } from '../events/changes.ts';
import type { Account } from '../network/account.ts';
import type { AnsweringName } from '../network/behaviours/api.ts';
import type { BehaviourChange } from '../network/behaviours/settings.ts';
import { changed, type Behaviour } from '../network/behaviours/settings.ts';
import type { Call } from '../network/call.ts';
import { Network } from '../network/network.ts';
import type { OwnNumber } from '../network/numbers.ts';
import { createReporter } from '../network/status-callbacks.ts';
import type { Text } from '../network/text.ts';
import { Texts } from '../network/texts.ts';
import { createWebhook } from '../network/webhook.ts';
import type { Person, Phone } from './people.ts';
import { personFault, phonesOf } from './people.ts';
import type { Clock } from '../time/clock.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { movable } from '../time/clock.ts';
import type { Wire } from '../events/wire.ts';
import { createWire } from '../events/wire.ts';

/** Everything outside the server: people, their phones, the network between, and a record of what was said. */
export interface World {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  people(): readonly Person[];
  /** The clock of this world: it can be moved. */
  readonly timers: Clock;
  /** That of the machine. */
  readonly wall: Timers;
  readonly changes: Changes;
  readonly wire: Wire;
  readonly network: Network;
  readonly texts: Texts;
  /** How the whole API of the carrier answers; undefined: as each number is set. */
  outage: AnsweringName | undefined;
  phones(): readonly Phone[];
  phone(number: string): Phone | undefined;
  /** By name or number. */
  person(nameOrNumber: string): Person | undefined;
  /** Gives why this person cannot live here; undefined: they do. */
  add(person: Person): string | undefined;
  behave(number: string, change: BehaviourChange): void;
  /** Calls that reached this telephone, newest first. */
  callsTo(number: string): readonly Call[];
  /** Texts that arrived at this telephone, newest first. */
  textsTo(number: string): readonly Text[];
  /** As it was at the start: who was added is gone, the clock goes right, no call or text is remembered, the wire is empty. */
  reset(): void;
  close(): void;
}

/** How many may be added. */
const mostPeople = 300;

/** @throws RangeError that names the person who cannot live here. */
export const createWorld = (settings: {
  readonly account: Account;
  readonly numbers: readonly OwnNumber[];
  readonly people: readonly Person[];
  readonly pace: Pace;
  readonly timers: Timers;
}): World => {
  const { account, numbers, pace, timers: wall } = settings;
  const people: Person[] = [];
  for (const person of settings.people) {
    const fault = personFault(person, people);
    if (fault !== undefined) throw new RangeError(fault);
    people.push(person);
  }
  const born = people.length;
  const timers = movable(wall);
  const changes = createChanges(wall);
  const wire = createWire(timers, wall, changes);
  const closing = new AbortController();
  const set = new Map<string, Behaviour>();
  const phones = (): Phone[] => people.flatMap(person => phonesOf(person, set));
  const phone = (number: string): Phone | undefined => phones().find(each => each.number === number);
  const webhook = createWebhook({ authToken: account.authToken, wire, timers: wall, signal: closing.signal });
  const behaviourOf = (number: string): Behaviour | undefined => phone(number)?.behaviour;
  const extensionsOf = (number: string) => phone(number)?.extensions ?? {};
  const reporter = createReporter({ timers, webhook });
  const parts = { accountSid: account.sid, timers, pace, changes, reporter, behaviourOf };
  const network = new Network({ ...parts, wire, extensionsOf });
  const texts = new Texts({ ...parts, sender: numbers.find(({ sms }) => sms)?.number ?? '' });

  const world: World = {
    account,
    numbers,
    people: () => people,
    timers,
    wall,
    changes,
    wire,
    network,
    texts,
    outage: undefined,
    phones,
    phone,
    person: who => people.find(({ name, number }) => name === who || number === who),
    add(person) {
      const fault = people.length < mostPeople ? personFault(person, people) : `${mostPeople} people live here already`;
      if (fault !== undefined) return fault;
      people.push(person);
      changes.ring();
      return undefined;
    },
    behave(number, change) {
      const was = behaviourOf(number);
      if (was !== undefined) set.set(number, changed(was, change));
      changes.ring();
    },
    callsTo: number => network.calls.filter(({ legs }) => legs.some(leg => leg.phone === number)).toReversed(),
    textsTo: number =>
      texts.all
        .filter(({ order, arrivals }) => order.to === number && arrivals.length > 0)
        .toReversed()
        .toSorted((a, b) => (b.arrivals[0] ?? 0) - (a.arrivals[0] ?? 0)),
    reset() {
      people.length = born;
      world.outage = undefined;
      set.clear();
      wire.clear();
      texts.reset();
      network.reset();
      reporter.forget();
      timers.settle();
      changes.ring();
    },
    close() {
      closing.abort(new Error('the simulator closes'));
      texts.reset();
      network.reset();
      timers.clear();
    },
  };
  return world;
};
