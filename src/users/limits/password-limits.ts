/**
 * Limits wrong passwords. Each attempt is counted before the password is compared, whether or not the account exists: for the
 * account that the typed name or address finds, else for the typed text. A browser in which the owner has signed in before has
 * a limit of its own: an attacker elsewhere cannot lock the owner out of it.
 *
 * An address and its network are charged once a minute for each name that is tried from there. So any number of attempts with
 * one name reaches only the limit of its account, and nobody else behind the same address is refused. Trying many names
 * reaches the limit of the address.
 */
import type { KeyObject } from 'node:crypto';
import type { Ephemeral, Key } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import { refusalAt, windowOf, type Refusal, type Window } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import { isKnownTo, type KnownBrowser } from '../known-browser.ts';
import { OwnCounts } from './own-counts.ts';
import { canonicalName } from '../names/usernames.ts';

/** Wrong passwords that are allowed in one window. Defaults are in `config/table.ts`. */
export type PasswordLimitSettings = Readonly<Record<PasswordLimit, number>>;
/**
 * `account` and `device` (one browser and account) limit attempts. `address` and `network`, prefixes of the client address,
 * limit the names that are tried from there.
 */
export type PasswordLimit = 'account' | 'device' | 'address' | 'network';
/** `name-here`: attempts with one name from one address. `attempts-here`: all attempts from one address. They refuse nothing. */
type CounterName = PasswordLimit | 'name-here' | 'attempts-here';

const minute: Millis = 60_000;
/** How long each limit counts, in windows that begin at fixed times (`fixed-windows.ts`). */
const windowLengths = {
  account: 60 * minute,
  device: 15 * minute,
  address: minute,
  network: minute,
  'name-here': minute,
  'attempts-here': minute,
} as const satisfies Record<CounterName, Millis>;

/** Counters that one attempt incremented. They are decremented again if the password was not wrong. */
export type Counters = readonly Key<number>[];

/** Whether a password may be compared. */
export type PasswordAdmission = { readonly ok: true; readonly counters: Counters } | Refusal<PasswordLimit>;

/** One attempt. `user`: the account with this name, if there is one. */
export interface PasswordAttempt {
  readonly name: string;
  /** Its canonical form, where the caller has it already. */
  readonly canonical?: string;
  readonly user?: User;
  readonly knownBrowser?: KnownBrowser;
  readonly address?: string;
}

/** Counts attempts in the short-lived store. */
export class PasswordLimits {
  readonly #ephemeral: Ephemeral;
  readonly #clock: Clock;
  readonly #hashKey: KeyObject;
  readonly #limits: PasswordLimitSettings;
  readonly #own = new OwnCounts();

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
    const { user, knownBrowser } = attempt;
    if (user !== undefined && knownBrowser !== undefined && isKnownTo(knownBrowser, user)) {
      return this.#charge([[this.#window('device', `${knownBrowser.id}:${user.id}`, now)]], now);
    }
    const [prefixes, name] = [ipPrefixesOf(attempt.address), accountOf(attempt)];
    const ofName = this.#window('name-here', `${prefixes.address} ${name}`, now);
    const ofAddress = this.#window('attempts-here', prefixes.address, now);
    const names = this.#window('address', prefixes.address, now);
    const network = this.#window('network', prefixes.network, now);
    const account = this.#window('account', name, now);
    const isFirstHere = this.#own.add(ofName.counter) === 1;
    const isFar = this.#own.isFarFrom(this.#limits.address, ofAddress.counter);
    // Most probably the first attempt with this name in this window, far from the limit of the address: one step is enough.
    const atOnce = isFirstHere && isFar ? [names, network, account] : [];
    const [tries = Infinity, all = Infinity, ...totals] = await this.#increment([ofName, ofAddress, ...atOnce], now);
    const admission = await (atOnce.length > 0
      ? this.#chargedAtOnce({ names, network, account }, totals, tries)
      : tries === 1
        ? // With so few attempts the address is within its limit, and one step is enough.
          this.#charge(all <= this.#limits.address ? [[names, network, account]] : [[names], [network, account]], now)
        : this.#chargeAgain([names, network], account, now));
    if (admission.ok) return { ok: true, counters: [ofName.counter, ofAddress.counter, ...admission.counters] };
    // The address or network was not charged for this name: its next attempt is a first one again.
    if (admission.limit !== 'account') await this.#ephemeral.decrement(ofName.counter);
    return admission;
  }

  /**
   * Increments limits in stages. An address that has reached its own limit is then not counted for its network or the account,
   * also by parallel attempts.
   */
  async #charge(stages: readonly (readonly Window<PasswordLimit>[])[], now: EpochMillis): Promise<PasswordAdmission> {
    const counters: Key<number>[] = [];
    for (const stage of stages) {
      const refusal = await this.#refusalIn(stage, await this.#increment(stage, now));
      if (refusal !== undefined) return refusal;
      counters.push(...stage.map(({ counter }) => counter));
    }
    return { ok: true, counters };
  }

  /** The first limit of a stage that refuses. Those after it are not charged. */
  async #refusalIn(
    stage: readonly Window<PasswordLimit>[],
    totals: readonly number[],
  ): Promise<Refusal<PasswordLimit> | undefined> {
    for (const [index, window] of stage.entries()) {
      const refusal = refusalAt(window, totals[index] ?? Infinity, this.#limits[window.limit]);
      if (refusal === undefined) continue;
      const later = stage.slice(index + 1).map(({ counter }) => counter);
      if (later.length > 0) await this.#ephemeral.decrement(...later);
      return refusal;
    }
    return undefined;
  }

  /**
   * Judges limits that were incremented together with the count of the name. Where another node had counted the name before, address and
   * network are given back: they are charged once for it.
   */
  async #chargedAtOnce(
    { names, network, account }: Readonly<Record<'names' | 'network' | 'account', Window<PasswordLimit>>>,
    totals: readonly number[],
    tries: number,
  ): Promise<PasswordAdmission> {
    const all = [names, network, account];
    if (tries === 1) {
      const refusal = await this.#refusalIn(all, totals);
      return refusal ?? { ok: true, counters: all.map(({ counter }) => counter) };
    }
    await this.#ephemeral.decrement(names.counter, network.counter);
    const reached = [names, network].find(({ limit }, index) => (totals[index] ?? Infinity) - 1 > this.#limits[limit]);
    if (reached === undefined) {
      const refusal = await this.#refusalIn([account], totals.slice(2));
      return refusal ?? { ok: true, counters: [account.counter] };
    }
    await this.#ephemeral.decrement(account.counter);
    return { ok: false, limit: reached.limit, until: reached.until, isFirst: false };
  }

  /** Charges the account alone: the name has already been counted for the address and network, which may be past their limits. */
  async #chargeAgain(
    shared: readonly [Window<PasswordLimit>, Window<PasswordLimit>],
    account: Window<PasswordLimit>,
    now: EpochMillis,
  ): Promise<PasswordAdmission> {
    const totals = await this.#ephemeral.getMany<[number, number]>(shared[0].counter, shared[1].counter);
    const reached = shared.find(({ limit }, index) => (totals[index] ?? 0) > this.#limits[limit]);
    if (reached !== undefined) return { ok: false, limit: reached.limit, until: reached.until, isFirst: false };
    return this.#charge([[account]], now);
  }

  async #increment(counted: readonly Window<CounterName>[], now: EpochMillis): Promise<readonly number[]> {
    return this.#ephemeral.incrementMany(counted.map(({ counter, until }) => [counter, until - now] as const));
  }

  /** Undoes the count of a password that was right, or was not compared. */
  async refund(counters: Counters): Promise<void> {
    await this.#ephemeral.decrement(...counters);
  }

  #window<Name extends CounterName>(limit: Name, of: string, now: EpochMillis): Window<Name> {
    const counted = { kind: ['wrong-passwords'], limit, of, length: windowLengths[limit] };
    return windowOf(counted, this.#hashKey, now);
  }
}

/**
 * The name of the account, also where its e-mail address was typed. An unknown name in its canonical form. A text that cannot be
 * a name as it was typed: names contain no space, so it cannot equal one.
 */
const accountOf = ({ name, canonical, user }: PasswordAttempt): string =>
  user?.signInNames[0] ?? canonical ?? canonicalName(name) ?? ` ${name}`;
