/** Limits attempts at forms that strangers can send. They are counted before anything is looked up or verified. */
import type { Millis } from '../../ports/time.ts';
import { countInWindows, type CountDeps } from './count-in-windows.ts';
import type { Refusal } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import type { KnownBrowser } from '../known-browser.ts';
import { OwnCounts } from './own-counts.ts';

type Limit = 'person' | 'address' | 'network';

/** What is limited. */
export interface AttemptRule {
  /** Begins the keys of the counters. */
  readonly kind: string;
  /** Most wrong attempts in ten minutes. */
  readonly most: Readonly<Record<Limit, number>>;
}

/**
 * User codes of the device flow (RFC 8628 §5.1). At this rate, one address needs a hundred years to find one of a thousand open codes
 * among 2^34.
 */
export const userCodeRule: AttemptRule = { kind: 'user-codes', most: { person: 5, address: 5, network: 20 } };

/**
 * Typed codes of pairings (`mfa/push/pairing-claims.ts`). Each pairing also ends with its fifth wrong code: this limit keeps an address
 * from trying, and so ending, the pairings of many people.
 */
export const pairingCodeRule: AttemptRule = { kind: 'pairing-codes', most: { person: 5, address: 5, network: 20 } };

/** Passkeys at the sign-in page. None can be guessed: the limit bounds what strangers make the server compute and store. */
export const passkeyRule: AttemptRule = { kind: 'passkeys', most: { person: 20, address: 20, network: 200 } };

const windowLength: Millis = 600_000;

/** Origin of an attempt. `knownBrowser`: from the cookie of the browser. */
export interface AttemptOrigin {
  readonly address?: string;
  readonly knownBrowser?: KnownBrowser;
}

/** Whether an attempt may go on. `refund` takes the count of a right one back. */
export type AttemptAdmission = { readonly ok: true; readonly refund: () => Promise<void> } | Refusal<Limit>;

/** Counts the attempts of one rule in the short-lived store. */
export class AttemptLimits {
  readonly #deps: CountDeps;
  readonly #own = new OwnCounts();
  readonly #rule: AttemptRule;

  constructor(deps: CountDeps, rule: AttemptRule) {
    this.#deps = deps;
    this.#rule = rule;
  }

  /** Counts one attempt. @throws the error of the store: what is not counted must not go on. */
  async admit(from: AttemptOrigin): Promise<AttemptAdmission> {
    const { kind, most } = this.#rule;
    const counted = { kind: [kind], length: windowLength, most, in: countedFor(from), own: this.#own };
    const admission = await countInWindows(this.#deps, counted);
    if (!admission.ok) return admission;
    return { ok: true, refund: () => this.#deps.ephemeral.decrement(...admission.counters) };
  }
}

/**
 * The limits that an attempt counts towards: its address and network. In a browser in which somebody has signed in before it counts
 * towards that person instead, so that strangers at the same address cannot use up their attempts. A limit per browser would not help:
 * one account can make any number of such browsers.
 */
const countedFor = ({ address, knownBrowser }: AttemptOrigin): readonly (readonly [Limit, string])[] => {
  const [last] = knownBrowser?.people ?? [];
  if (last !== undefined) return [['person', last.userId]];
  const prefixes = ipPrefixesOf(address);
  return [
    ['address', prefixes.address],
    ['network', prefixes.network],
  ];
};
