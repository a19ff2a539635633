import type { Changes } from './changes.ts';
import { createChanges } from './changes.ts';
import type { Account } from './network/account.ts';
import type { BehaviourName } from './network/behaviours.ts';
import type { Call } from './network/call.ts';
import { Network } from './network/network.ts';
import { createWebhook } from './network/webhook.ts';
import { decodeBase32 } from './phones/totp.ts';
import type { Pace, Timers } from './timers.ts';
import type { Wire } from './wire.ts';
import { createWire } from './wire.ts';

/** Somebody who lives in this world, with a phone, an authenticator app, or both. */
export interface Person {
  readonly name: string;
  /** E.164. Samples use the fictional +1 202 555 0100 to 0199. */
  readonly number?: string;
  /** Base32; what the authenticator app of this person holds. */
  readonly totpSecret?: string;
}

/** A telephone and how it is set. */
export interface Phone {
  readonly name: string;
  readonly number: string;
  readonly behaviour: BehaviourName;
}

/** Everything outside the server: people, their phones, the network between, and a record of what was said. */
export interface World {
  readonly people: readonly Person[];
  readonly timers: Timers;
  readonly changes: Changes;
  readonly wire: Wire;
  readonly network: Network;
  phones(): readonly Phone[];
  phone(number: string): Phone | undefined;
  /** By name or number. */
  person(nameOrNumber: string): Person | undefined;
  behave(number: string, behaviour: BehaviourName): void;
  /** Calls to this number, newest first. */
  callsTo(number: string): readonly Call[];
  /** Every phone rings again, no call is remembered, the wire is empty. */
  reset(): void;
  close(): void;
}

/** @throws RangeError that names the person whose number or secret cannot be used. */
const checkPeople = (people: readonly Person[]): void => {
  const taken = new Set<string>();
  for (const { name, number, totpSecret } of people) {
    const fault = (what: string) => new RangeError(`${name}: ${what}`);
    if (number !== undefined && !/^\+[1-9][0-9]{6,14}$/.test(number)) throw fault(`${number} is no number in E.164`);
    if (number !== undefined && taken.has(number)) throw fault(`${number} belongs to somebody else`);
    if (number !== undefined) taken.add(number);
    if (totpSecret !== undefined) decodeBase32(totpSecret);
  }
};

/** @throws RangeError for people who cannot live here. */
export const createWorld = (settings: {
  readonly account: Account;
  readonly people: readonly Person[];
  readonly pace: Pace;
  readonly timers: Timers;
}): World => {
  const { account, people, pace, timers } = settings;
  checkPeople(people);
  const changes = createChanges(timers);
  const wire = createWire(timers, changes);
  const closing = new AbortController();
  const set = new Map<string, BehaviourName>();
  const phones = (): Phone[] =>
    people.flatMap(({ name, number }) =>
      number === undefined ? [] : [{ name, number, behaviour: set.get(number) ?? 'rings' }],
    );
  const phone = (number: string): Phone | undefined => phones().find(each => each.number === number);
  const webhook = createWebhook({ authToken: account.authToken, wire, timers, signal: closing.signal });
  const behaviourOf = (number: string): BehaviourName | undefined => phone(number)?.behaviour;
  const network = new Network({ accountSid: account.sid, timers, pace, changes, wire, webhook, behaviourOf });

  return {
    people,
    timers,
    changes,
    wire,
    network,
    phones,
    phone,
    person: who => people.find(({ name, number }) => name === who || number === who),
    behave(number, behaviour) {
      set.set(number, behaviour);
      changes.ring();
    },
    callsTo: number => network.calls.filter(call => call.order.to === number).toReversed(),
    reset() {
      set.clear();
      wire.clear();
      network.reset();
    },
    close() {
      closing.abort(new Error('the simulator closes'));
      network.reset();
    },
  };
};
