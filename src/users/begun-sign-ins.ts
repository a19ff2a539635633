/**
 * Limits how many sign-ins begin, before anything of them is kept. They are counted per address and network. A browser in which
 * somebody has signed in before has a limit of its own, so that strangers at the same address cannot stop it.
 */
import type { KeyObject } from 'node:crypto';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import { refusalAt, windowAt, windowOf, type Refusal } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import type { KnownDevice } from './known-device.ts';

/** What is counted together: a known browser, the address of one subscriber, or the network around it. */
export type BegunLimit = 'device' | 'address' | 'network';
/** Sign-ins that may begin in a minute. Defaults are in `config/table.ts`. */
export interface BegunSettings extends Readonly<Record<BegunLimit, number>> {
  /** Sign-ins without a proven password that the store may take in the time that a sign-in may last. */
  readonly stored: number;
}

/** Of the limits of begun sign-ins. */
const windowLength: Millis = 60_000;

/**
 * What begins a sign-in; each has counts of its own. request: an authorization request of a browser. embedded: one that a page
 * loads as an image, script or frame. pushed: a pushed request of a public client (RFC 9126). device: a device asks for a code
 * (RFC 8628).
 */
export type BegunBy = 'request' | 'embedded' | 'pushed' | 'device';

/** Origin of a sign-in that begins. */
export interface BegunFrom {
  readonly by: BegunBy;
  readonly address?: string;
  /** From the cookie of the browser. */
  readonly device?: KnownDevice;
  /** An address is counted for each of these alone, so that one client's devices do not stop those of another. */
  readonly client?: string;
}

/** Whether a sign-in may begin. */
export type BegunAdmission = { readonly ok: true } | Refusal<BegunLimit>;

/** Counts begun sign-ins in the short-lived store. */
export class BegunSignIns {
  readonly #ephemeral: Ephemeral;
  readonly #clock: Clock;
  readonly #hashKey: KeyObject;
  readonly #limits: BegunSettings;
  readonly #lifetime: Millis;

  constructor(deps: {
    readonly ephemeral: Ephemeral;
    readonly clock: Clock;
    readonly hashKey: KeyObject;
    readonly limits: BegunSettings;
    /** How long a sign-in may last. */
    readonly lifetime: Millis;
  }) {
    this.#ephemeral = deps.ephemeral;
    this.#clock = deps.clock;
    this.#hashKey = deps.hashKey;
    this.#limits = deps.limits;
    this.#lifetime = deps.lifetime;
  }

  /** Counts one sign-in towards its limits. @throws the error of the store: without counting no sign-in begins. */
  async admit(from: BegunFrom): Promise<BegunAdmission> {
    const now = this.#clock();
    // One after the other: an address beyond its limit must not use up the limit of its network, even for a moment.
    for (const [limit, of] of countedIn(from)) {
      const counted = { kind: ['begun-sign-ins', from.by], limit, of, length: windowLength };
      const window = windowOf(counted, this.#hashKey, now);
      const total = await this.#ephemeral.increment(window.counter, window.until - now);
      const refusal = refusalAt(window, total, this.#limits[limit]);
      if (refusal !== undefined) return refusal;
    }
    return { ok: true };
  }

  /**
   * Counts one sign-in, or device, that the store must keep although nothing is proven in it. False: there is no room left.
   * Each kind has room of its own. @throws the error of the store: without counting nothing is kept.
   */
  async admitStored(kind: 'stored' | 'devices' = 'stored'): Promise<boolean> {
    const now = this.#clock();
    const { index, until } = windowAt(now, this.#lifetime);
    const counter: Key<number> = key('begun-sign-ins', kind, index);
    return (await this.#ephemeral.increment(counter, until - now)) <= this.#limits.stored;
  }
}

const countedIn = ({ address, device, client = '' }: BegunFrom): readonly (readonly [BegunLimit, string])[] => {
  if (device !== undefined) return [['device', device.id]];
  const prefixes = ipPrefixesOf(address);
  return [
    ['address', client === '' ? prefixes.address : `${prefixes.address} ${client}`],
    ['network', prefixes.network],
  ];
};
