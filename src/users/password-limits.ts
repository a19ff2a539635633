/**
 * Limits wrong passwords. Each attempt is counted before the password is compared, whether or not the account exists: for the
 * account that the typed name or address finds, else for the typed text. A browser in which the owner has signed in before has a limit of its own: an attacker elsewhere cannot
 * lock the owner out of it.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../crypto.ts';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import { isKnownTo, type KnownDevice } from './known-device.ts';
import { canonicalName } from './usernames.ts';

/** Wrong passwords that are allowed in one window. Defaults are in `config/table.ts`. */
export type PasswordLimitSettings = Readonly<Record<PasswordLimit, number>>;
/** `device`: one browser and account. `address` and `network`: prefixes of the client address. */
export type PasswordLimit = 'account' | 'device' | 'address' | 'network';

const minute: Millis = 60_000;
/** Windows begin at fixed times and not with the first attempt. The end of the wait is so known, and does not move. */
const windows = {
  account: 60 * minute,
  device: 15 * minute,
  address: minute,
  network: minute,
} as const satisfies Record<PasswordLimit, Millis>;

/** Counters that one attempt incremented. They are decremented again if the password was not wrong. */
export type Counters = readonly Key<number>[];

/** Whether a password may be compared. */
export type PasswordAdmission =
  | { readonly ok: true; readonly counters: Counters }
  /** `isFirst`: the first attempt that this limit refused in its window. Only that one is audited. */
  | { readonly ok: false; readonly limit: PasswordLimit; readonly until: EpochMillis; readonly isFirst: boolean };

/** One attempt. `user`: the account with this name, if there is one. */
export interface PasswordAttempt {
  readonly name: string;
  /** Its canonical form, where the caller has it already. */
  readonly canonical?: string;
  readonly user?: User;
  readonly device?: KnownDevice;
  readonly address?: string;
}

/** Counts attempts in the short-lived store. */
export class PasswordLimits {
  readonly #ephemeral: Ephemeral;
  readonly #clock: Clock;
  readonly #hashKey: KeyObject;
  readonly #limits: PasswordLimitSettings;

  constructor(deps: {
    readonly ephemeral: Ephemeral;
    readonly clock: Clock;
    readonly hashKey: KeyObject;
    readonly limits: PasswordLimitSettings;
  }) {
    this.#ephemeral = deps.ephemeral;
    this.#clock = deps.clock;
    this.#hashKey = deps.hashKey;
    this.#limits = deps.limits;
  }

  /** Counts one attempt towards each of its limits. @throws the error of the store: without counting no password is compared. */
  async admit(attempt: PasswordAttempt): Promise<PasswordAdmission> {
    const now = this.#clock();
    const counters: Key<number>[] = [];
    for (const stage of countedIn(attempt)) {
      const windowsOfStage = stage.map(([limit, of]) => this.#window(limit, of, now));
      const totals = await this.#ephemeral.incrementMany(
        windowsOfStage.map(({ counter, until }) => [counter, until - now] as const),
      );
      counters.push(...windowsOfStage.map(({ counter }) => counter));
      for (const [index, { limit, counter, until }] of windowsOfStage.entries()) {
        const [total = Infinity, max] = [totals[index], this.#limits[limit]];
        if (total <= max) continue;
        // The limits after the one that refused are not charged.
        const later = counters.slice(counters.indexOf(counter) + 1);
        if (later.length > 0) await this.#ephemeral.decrement(...later);
        return { ok: false, limit, until, isFirst: total === max + 1 };
      }
    }
    return { ok: true, counters };
  }

  /** Undoes the count of a password that was right, or was not compared. */
  async refund(counters: Counters): Promise<void> {
    await this.#ephemeral.decrement(...counters);
  }

  // Keyed hashes: a copy of the store tells neither who signs in nor from where.
  #window(limit: PasswordLimit, of: string, now: EpochMillis) {
    const window = windows[limit];
    const index = Math.floor(now / window);
    const counter: Key<number> = key('wrong-passwords', limit, hmac(this.#hashKey, `${limit}:${of}`), String(index));
    return { limit, counter, until: (index + 1) * window };
  }
}

/**
 * The limits that an attempt counts towards, in stages. An address that has reached its own limit is not counted for its network
 * or the account. This holds for parallel attempts too.
 */
const countedIn = (attempt: PasswordAttempt): readonly (readonly (readonly [PasswordLimit, string])[])[] => {
  const { user, device, address } = attempt;
  if (user !== undefined && device !== undefined && isKnownTo(device, user)) {
    return [[['device', `${device.id}:${user.id}`]]];
  }
  const prefixes = ipPrefixesOf(address);
  return [
    [['address', prefixes.address]],
    [
      ['network', prefixes.network],
      ['account', accountOf(attempt)],
    ],
  ];
};

/**
 * The name of the account, also where its e-mail address was typed. An unknown name in its canonical form. A text that cannot be
 * a name as it was typed: names contain no space, so it cannot equal one.
 */
const accountOf = ({ name, canonical, user }: PasswordAttempt): string =>
  user?.signInNames[0] ?? canonical ?? canonicalName(name) ?? ` ${name}`;
