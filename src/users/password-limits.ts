/**
 * How often a password may be tried: counted before anything is compared, for the account as it was typed, whether or not
 * there is one. A browser that its owner has used has a budget of its own, so that no stranger's storm locks them out of it.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../crypto.ts';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import { isKnownTo, type KnownDevice } from './known-device.ts';
import { canonicalName } from './usernames.ts';

/** Wrong passwords in one window. Defaults are in `config/table.ts`. */
export type PasswordLimitSettings = Readonly<Record<PasswordLimit, number>>;
export type PasswordLimit = 'account' | 'device' | 'address' | 'network';

const minute: Millis = 60_000;
/** A window begins by the clock, not with its first try: when the wait ends is known, and nothing makes it longer. */
const windows = {
  account: 60 * minute,
  device: 15 * minute,
  address: minute,
  network: minute,
} as const satisfies Record<PasswordLimit, Millis>;

/** What was counted for one try, to be given back where it was no wrong one. */
export type Units = readonly Key<number>[];

export type PasswordAdmission =
  | { readonly ok: true; readonly units: Units }
  /** `isFirst`: the first that this budget refused in this window, which the audit tells. */
  | { readonly ok: false; readonly limit: PasswordLimit; readonly until: EpochMillis; readonly isFirst: boolean };

/** One try. `user`: whose name it is, where it is anybody's. */
export interface PasswordAttempt {
  readonly name: string;
  readonly user?: User;
  readonly device?: KnownDevice;
  readonly address?: string;
}

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

  /** Counts one try in each of its budgets. @throws what the store throws: what cannot be counted is not tried. */
  async admit(tried: PasswordAttempt): Promise<PasswordAdmission> {
    const now = this.#clock();
    const units: Key<number>[] = [];
    for (const stage of countedIn(tried)) {
      const counted = stage.map(([limit, of]) => this.#unit(limit, of, now));
      const totals = await this.#ephemeral.incrementMany(
        counted.map(({ unit, until }) => [unit, until - now] as const),
      );
      units.push(...counted.map(({ unit }) => unit));
      for (const [at, { limit, unit, until }] of counted.entries()) {
        const [total = Infinity, most] = [totals[at], this.#limits[limit]];
        if (total <= most) continue;
        // What would have been asked after it is not spent.
        const later = units.slice(units.indexOf(unit) + 1);
        if (later.length > 0) await this.#ephemeral.decrement(...later);
        return { ok: false, limit, until, isFirst: total === most + 1 };
      }
    }
    return { ok: true, units };
  }

  /** It was right, or was never compared: it costs nobody anything. */
  async refund(units: Units): Promise<void> {
    await this.#ephemeral.decrement(...units);
  }

  // With a key of the house: a copy of the store tells neither who signs in nor from where.
  #unit(limit: PasswordLimit, of: string, now: EpochMillis) {
    const window = windows[limit];
    const at = Math.floor(now / window);
    const unit: Key<number> = key('wrong-passwords', limit, hmac(this.#hashKey, `${limit}:${of}`), String(at));
    return { limit, unit, until: (at + 1) * window };
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
}: PasswordAttempt): readonly (readonly (readonly [PasswordLimit, string])[])[] => {
  if (user !== undefined && device !== undefined && isKnownTo(device, user)) {
    return [[['device', `${device.id}:${user.id}`]]];
  }
  const prefixes = ipPrefixesOf(address);
  return [
    [['address', prefixes.address]],
    [
      ['network', prefixes.network],
      ['account', accountOf(name)],
    ],
  ];
};

/** What cannot be anyone's name is counted as it was typed; no name has a space in it. */
const accountOf = (typed: string): string => canonicalName(typed) ?? ` ${typed}`;
