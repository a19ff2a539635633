/**
 * Detects a wrong clock of this node by the time steps of codes of authenticator apps. Phones have correct clocks. If most codes
 * match the step before or after, this node is wrong, and would soon refuse right codes.
 */
import type { Log } from '../log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { StepOffset } from './factor.ts';

const labels = { '-1': '-1', '0': '0', '1': '1' } as const;

/** Number of last codes that are judged together, so that a few phones with wrong clocks raise no warning. */
const sampleSize = 20;
/** Share of codes beside the current step that raises a warning. Slow typing alone puts less than a quarter there. */
const suspectShare = 0.6;
const warningInterval: Millis = 3_600_000;

export class ClockDrift {
  readonly #deps: { readonly metrics: Metrics; readonly clock: Clock; readonly log: Log };
  #last: readonly StepOffset[] = [];
  #warnedAt: EpochMillis = -Infinity;

  constructor(deps: { readonly metrics: Metrics; readonly clock: Clock; readonly log: Log }) {
    this.#deps = deps;
  }

  /** Counts a right code. Warns at most once an hour. */
  note(offset: StepOffset): void {
    const { metrics, clock, log } = this.#deps;
    metrics.count('sallyport_totp_steps_total', { offset: labels[`${offset}`] });
    this.#last = [...this.#last, offset].slice(-sampleSize);
    const share = (side: StepOffset): number => this.#last.filter(each => each === side).length / sampleSize;
    const isAhead = share(-1) >= suspectShare;
    if (!isAhead && share(1) < suspectShare) return;
    const now = clock();
    if (Math.abs(now - this.#warnedAt) < warningInterval) return;
    this.#warnedAt = now;
    log.warn('clock.suspect', { because: 'totp-steps', clock: isAhead ? 'ahead' : 'behind', of: sampleSize });
  }
}
