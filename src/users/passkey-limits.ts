/** Limits wrong passkeys at the sign-in page. Nothing can be guessed there: it bounds what strangers make us compute and store. */
import type { Millis } from '../ports/time.ts';
import { countInWindows, personOrPlace, type AttemptOrigin, type CountDeps } from './count-in-windows.ts';
import type { Refusal } from './fixed-windows.ts';

/** Wrong passkeys per window. */
const most = { person: 20, address: 20, network: 200 } as const;
type Limit = keyof typeof most;
const windowLength: Millis = 600_000;

/** Whether a passkey may be verified. A function undoes the count of a right one. */
export type PasskeyAdmission = { readonly ok: true; readonly refund: () => Promise<void> } | Refusal<Limit>;

/** Counts answers of passkeys in the short-lived store. */
export class PasskeyLimits {
  readonly #deps: CountDeps;

  constructor(deps: CountDeps) {
    this.#deps = deps;
  }

  /** Counts one answer. @throws the error of the store: without counting nothing is verified. */
  async admit(from: AttemptOrigin): Promise<PasskeyAdmission> {
    const counted = { kind: ['passkeys'], length: windowLength, most, in: personOrPlace(from) };
    const admission = await countInWindows(this.#deps, counted);
    if (!admission.ok) return admission;
    return { ok: true, refund: () => this.#deps.ephemeral.decrement(...admission.counters) };
  }
}
