/**
 * Limits requests for a mailed link to a new password, per address and network, before anything is stored or looked up. How many links
 * an account gets is limited with the account (`mailed-tokens.ts`).
 */
import type { KeyObject } from 'node:crypto';
import type { Ephemeral } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import { refusalAt, windowOf, type Refusal } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';

/** Requests per window. An office behind one address has many people, but few who forgot their password in one hour. */
export const resetRequests = { address: 20, network: 100 } as const;
type Limit = keyof typeof resetRequests;
const windowLength: Millis = 3_600_000;

/** A request beyond a limit. */
export type ResetRefusal = Refusal<Limit>;

/** Counts requests in the short-lived store. */
export class ResetLimits {
  readonly #ephemeral: Ephemeral;
  readonly #clock: Clock;
  readonly #hashKey: KeyObject;

  constructor(deps: { readonly ephemeral: Ephemeral; readonly clock: Clock; readonly hashKey: KeyObject }) {
    this.#ephemeral = deps.ephemeral;
    this.#clock = deps.clock;
    this.#hashKey = deps.hashKey;
  }

  /** Counts one request from this client address. @throws the error of the store: without counting no link is sent. */
  async admit(address: string): Promise<{ readonly ok: true } | ResetRefusal> {
    const now = this.#clock();
    const prefixes = ipPrefixesOf(address);
    // One after the other: an address beyond its limit must not use up the limit of its network.
    for (const limit of ['address', 'network'] as const) {
      const kind = ['reset-requests'];
      const window = windowOf({ kind, limit, of: prefixes[limit], length: windowLength }, this.#hashKey, now);
      const total = await this.#ephemeral.increment(window.counter, window.until - now);
      const refusal = refusalAt(window, total, resetRequests[limit]);
      if (refusal !== undefined) return refusal;
    }
    return { ok: true };
  }
}
