/**
 * Asks the carrier for the status of a call when no callback comes: 2, 5 and 10 s after its last change, then every
 * 10 s, and once after the end of its time. Callbacks get lost; without this a page would wait for a call that has ended.
 */
import type { Log } from '../../log.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../../ports/time.ts';

/** A call that is polled until `until`. */
export interface PolledCall {
  /** Id of its message. */
  readonly id: string;
  readonly until: EpochMillis;
}

/** Result of one poll. `changedAt`: when the status changed, also on another node. `until`: how long to poll now. */
export type PollResult = 'unchanged' | 'ended' | { readonly changedAt: EpochMillis; readonly until: EpochMillis };

type Poll = (lastChange: EpochMillis) => Promise<PollResult>;

const waits: readonly Millis[] = [2_000, 5_000, 10_000];
const laterWait: Millis = 10_000;

/** From the last change to this poll. */
const waitBefore = (polls: number): Millis =>
  waits[polls] ?? (waits.at(-1) ?? 0) + (polls + 1 - waits.length) * laterWait;

interface StatusPollerDeps {
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly log: Log;
}

export class CallStatusPoller {
  readonly #deps: StatusPollerDeps;
  /** Cancels the timer of each call. */
  readonly #timers = new Map<string, () => void>();
  #isClosed = false;

  constructor(deps: StatusPollerDeps) {
    this.#deps = deps;
  }

  /** Starts to poll, or starts again after a change. `poll` gets the moment of the last change. */
  watch(call: PolledCall, poll: Poll): void {
    this.#schedule(call, poll, { lastChange: this.#deps.clock(), polls: 0 });
  }

  /** Stops to poll a call. */
  stop(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }

  /** Stops for good, before the process ends. */
  close(): void {
    this.#isClosed = true;
    for (const id of this.#timers.keys()) this.stop(id);
  }

  #schedule(
    call: PolledCall,
    poll: Poll,
    { lastChange, polls }: { readonly lastChange: EpochMillis; readonly polls: number },
  ): void {
    this.stop(call.id);
    if (this.#isClosed) return;
    const next = lastChange + waitBefore(polls);
    const isLast = next > call.until;
    const inTime = Math.max(0, (isLast ? call.until + 1 : next) - this.#deps.clock());
    const cancel = this.#deps.schedule(inTime, async () => {
      const result = await this.#poll(poll, lastChange);
      // A change that came meanwhile has scheduled another poll.
      if (this.#timers.get(call.id) !== cancel) return;
      if (result === 'ended' || (isLast && result === 'unchanged')) this.stop(call.id);
      else if (result === 'unchanged') this.#schedule(call, poll, { lastChange, polls: polls + 1 });
      else this.#schedule({ ...call, until: result.until }, poll, { lastChange: result.changedAt, polls: 0 });
    });
    this.#timers.set(call.id, cancel);
  }

  async #poll(poll: Poll, lastChange: EpochMillis): Promise<PollResult> {
    try {
      return await poll(lastChange);
    } catch (error) {
      this.#deps.log.warn('call.status-unknown', { error });
      return 'unchanged';
    }
  }
}
