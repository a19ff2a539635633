/**
 * Limits how many sign-ins begin, before anything of them is kept. They are counted per address and network. A browser in which
 * somebody has signed in before has a limit of its own, so that strangers at the same address cannot stop it.
 */
import { key, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { countInWindows, type CountDeps } from './count-in-windows.ts';
import { windowAt, type Refusal } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import { OwnCounts } from './own-counts.ts';
import type { KnownBrowser } from '../known-browser.ts';

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
  readonly knownBrowser?: KnownBrowser;
  /** An address is counted for each of these alone, so that one client's devices do not stop those of another. */
  readonly client?: string;
}

/** Whether a sign-in may begin. */
export type BegunAdmission = { readonly ok: true } | Refusal<BegunLimit>;

export interface BegunSignInsDeps extends CountDeps {
  readonly limits: BegunSettings;
  /** How long a sign-in may last. */
  readonly lifetime: Millis;
}

/** Counts begun sign-ins in the short-lived store. */
export class BegunSignIns {
  readonly #deps: BegunSignInsDeps;
  readonly #own = new OwnCounts();

  constructor(deps: BegunSignInsDeps) {
    this.#deps = deps;
  }

  /** Counts one sign-in towards its limits. @throws the error of the store: without counting no sign-in begins. */
  async admit(from: BegunFrom): Promise<BegunAdmission> {
    const kind = ['begun-sign-ins', from.by];
    const { limits: most } = this.#deps;
    return countInWindows(this.#deps, { kind, length: windowLength, most, in: countedIn(from), own: this.#own });
  }

  /**
   * Counts one sign-in, or device, that the store must keep although nothing is proven in it. False: there is no room left.
   * Each kind has room of its own. @throws the error of the store: without counting nothing is kept.
   */
  async admitStored(kind: 'stored' | 'devices' = 'stored'): Promise<boolean> {
    const { ephemeral, clock, lifetime, limits } = this.#deps;
    const now = clock();
    const { index, until } = windowAt(now, lifetime);
    const counter: Key<number> = key('begun-sign-ins', kind, index);
    return (await ephemeral.increment(counter, until - now)) <= limits.stored;
  }
}

const countedIn = ({ address, knownBrowser, client = '' }: BegunFrom): readonly (readonly [BegunLimit, string])[] => {
  if (knownBrowser !== undefined) return [['device', knownBrowser.id]];
  const prefixes = ipPrefixesOf(address);
  return [
    ['address', client === '' ? prefixes.address : `${prefixes.address} ${client}`],
    ['network', prefixes.network],
  ];
};
