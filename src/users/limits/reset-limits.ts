/**
 * Limits requests for a mailed link to a new password, per address and network, before anything is stored or looked up. How many links
 * an account gets is limited with the account (`mailed-tokens.ts`).
 */
import type { Millis } from '../../ports/time.ts';
import { countInWindows, type CountDeps } from './count-in-windows.ts';
import type { Refusal } from './fixed-windows.ts';
import { ipPrefixesOf } from './ip-prefix.ts';
import { OwnCounts } from './own-counts.ts';

/** Requests per window. An office behind one address has many people, but few who forgot their password in one hour. */
const most = { address: 20, network: 100 } as const;
type Limit = keyof typeof most;
const windowLength: Millis = 3_600_000;

/** A request beyond a limit. */
export type ResetRefusal = Refusal<Limit>;

/** Counts requests in the short-lived store. */
export class ResetLimits {
  readonly #deps: CountDeps;
  readonly #own = new OwnCounts();

  constructor(deps: CountDeps) {
    this.#deps = deps;
  }

  /** Counts one request from this client address. @throws the error of the store: without counting no link is sent. */
  async admit(address: string): Promise<{ readonly ok: true } | ResetRefusal> {
    const prefixes = ipPrefixesOf(address);
    return countInWindows(this.#deps, {
      kind: ['reset-requests'],
      length: windowLength,
      most,
      in: [
        ['address', prefixes.address],
        ['network', prefixes.network],
      ],
      own: this.#own,
    });
  }
}
