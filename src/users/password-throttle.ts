/**
 * How often a password may be tried: counted before anything is compared, for the account as it was typed, whether or not
 * there is one. A browser that its owner has used has a budget of its own, so that no stranger's storm locks them out of it.
 */
import type { KeyObject } from 'node:crypto';
import { keyedDigest } from '../crypto.ts';
import { key, type Clock, type EpochMillis, type Ephemeral, type Key, type Millis } from '../ports.ts';
import type { User } from '../records.ts';
import { isKnownTo, type KnownDevice } from './known-device.ts';
import { canonicalName } from './usernames.ts';
import { originOf } from './origins.ts';

/** Wrong passwords in one window. Defaults are in `config/table.ts`. */
export type PasswordBudgets = Readonly<Record<Budget, number>>;
export type Budget = 'account' | 'device' | 'address' | 'network';

const minute: Millis = 60_000;
/** A window begins by the clock, not with its first try: when the wait ends is known, and nothing makes it longer. */
const windows = {
  account: 60 * minute,
  device: 15 * minute,
  address: minute,
  network: minute,
} as const satisfies Record<Budget, Millis>;

/** What was counted for one try, to be given back where it was no wrong one. */
export type Units = readonly Key<number>[];

export type PasswordAdmission =
  | { readonly ok: true; readonly units: Units }
  /** `isFirst`: the first that this budget refused in this window, which the audit tells. */
  | { readonly ok: false; readonly budget: Budget; readonly until: EpochMillis; readonly isFirst: boolean };

/** One try. `user`: whose name it is, where it is anybody's. */
export interface PasswordAttempt {
  readonly name: string;
  readonly user?: User;
  readonly device?: KnownDevice;
  readonly address?: string;
}

export class PasswordThrottle {
  readonly #ephemeral: Ephemeral;
  readonly #clock: Clock;
  readonly #hashKey: KeyObject;
  readonly #budgets: PasswordBudgets;

  constructor(parts: {
    readonly ephemeral: Ephemeral;
    readonly clock: Clock;
    readonly hashKey: KeyObject;
    readonly budgets: PasswordBudgets;
  }) {
    this.#ephemeral = parts.ephemeral;
    this.#clock = parts.clock;
    this.#hashKey = parts.hashKey;
    this.#budgets = parts.budgets;
  }

  /** Counts one try in each of its budgets. @throws what the store throws: what cannot be counted is not tried. */
  async admit(tried: PasswordAttempt): Promise<PasswordAdmission> {
    const now = this.#clock();
    const units: Key<number>[] = [];
    for (const stage of countedIn(tried)) {
      const counted = stage.map(([budget, of]) => this.#unit(budget, of, now));
      const totals = await this.#ephemeral.incrementMany(
        counted.map(({ unit, until }) => [unit, until - now] as const),
      );
      units.push(...counted.map(({ unit }) => unit));
      for (const [at, { budget, unit, until }] of counted.entries()) {
        const [total = Infinity, most] = [totals[at], this.#budgets[budget]];
        if (total <= most) continue;
        // What would have been asked after it is not spent.
        const later = units.slice(units.indexOf(unit) + 1);
        if (later.length > 0) await this.#ephemeral.decrement(...later);
        return { ok: false, budget, until, isFirst: total === most + 1 };
      }
    }
    return { ok: true, units };
  }

  /** It was right, or was never compared: it costs nobody anything. */
  async giveBack(units: Units): Promise<void> {
    await this.#ephemeral.decrement(...units);
  }

  // With a key of the house: a copy of the store tells neither who signs in nor from where.
  #unit(budget: Budget, of: string, now: EpochMillis) {
    const window = windows[budget];
    const at = Math.floor(now / window);
    const unit: Key<number> = key('wrong-passwords', budget, keyedDigest(this.#hashKey, `${budget}:${of}`), String(at));
    return { budget, unit, until: (at + 1) * window };
  }
}

/**
 * In stages: an address that has used up its own budget takes nothing from its network or from an account, however many of
 * its tries are under way at once.
 */
const countedIn = ({
  name,
  user,
  device,
  address,
}: PasswordAttempt): readonly (readonly (readonly [Budget, string])[])[] => {
  if (user !== undefined && device !== undefined && isKnownTo(device, user)) {
    return [[['device', `${device.id}:${user.id}`]]];
  }
  const origin = originOf(address);
  return [
    [['address', origin.address]],
    [
      ['network', origin.network],
      ['account', accountOf(name)],
    ],
  ];
};

/** What cannot be anyone's name is counted as it was typed; no name has a space in it. */
const accountOf = (typed: string): string => canonicalName(typed) ?? ` ${typed}`;
