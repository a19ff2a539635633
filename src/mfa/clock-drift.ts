/**
 * Watches by which time step the codes of authenticator apps match. Phones have right clocks, so where most codes match the step before
 * or after, the clock of this node is wrong: soon it would refuse right codes.
 */
import type { Log } from '../log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { StepOffset } from './factor.ts';

const labels = { '-1': '-1', '0': '0', '1': '1' } as const;

/** The last codes that are judged together: enough that a few people with wrong phones do not count. */
const judged = 20;
/** Share of them beside the current step. People who type slowly are before it: less than a quarter of all. */
const suspect = 0.6;
const quietFor: Millis = 3_600_000;

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
    this.#last = [...this.#last, offset].slice(-judged);
    const share = (side: StepOffset): number => this.#last.filter(each => each === side).length / judged;
    const isAhead = share(-1) >= suspect;
    if (!isAhead && share(1) < suspect) return;
    const now = clock();
    if (Math.abs(now - this.#warnedAt) < quietFor) return;
    this.#warnedAt = now;
    log.warn('clock.suspect', { because: 'totp-steps', clock: isAhead ? 'ahead' : 'behind', of: judged });
  }
}
