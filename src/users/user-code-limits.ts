/** Limits wrong user codes of the device flow (RFC 8628 §5.1). They are counted before a code is looked up. */
import type { Millis } from '../ports/time.ts';
import { countInWindows, personOrPlace, type AttemptOrigin, type CountDeps } from './count-in-windows.ts';
import type { Refusal } from './fixed-windows.ts';

/** Wrong codes per window. At this rate, one address needs a hundred years to find one of a thousand open codes among 2^34. */
const most = { person: 5, address: 5, network: 20 } as const;
type Limit = keyof typeof most;
const windowLength: Millis = 600_000;

/** Whether a code may be looked up. A function undoes the count of a correct code. */
export type UserCodeAdmission = { readonly ok: true; readonly refund: () => Promise<void> } | Refusal<Limit>;

/** Counts typed codes in the short-lived store. */
export class UserCodeLimits {
  readonly #deps: CountDeps;

  constructor(deps: CountDeps) {
    this.#deps = deps;
  }

  /** Counts one typed code. @throws the error of the store: without counting no code is looked up. */
  async admit(from: AttemptOrigin): Promise<UserCodeAdmission> {
    const counted = { kind: ['user-codes'], length: windowLength, most, in: personOrPlace(from) };
    const admission = await countInWindows(this.#deps, counted);
    if (!admission.ok) return admission;
    return { ok: true, refund: () => this.#deps.ephemeral.decrement(...admission.counters) };
  }
}
