/** Asks the carrier how a call goes where it tells us nothing (R20): 2, 5 and 10 s after the last news of it. */
import type { Log } from '../../log.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';

/** Runs something once, later; what it gives stops that. */
export type Schedule = (wait: Millis, run: () => Promise<void>) => () => void;

/** The process's own timers. They keep nothing alive. */
export const timers: Schedule = (wait, run) => {
  const timer = setTimeout(() => void run(), wait).unref();
  return () => clearTimeout(timer);
};

/** A call that is waited for: by which name the carrier knows it, and when nobody waits any more. */
export interface PolledCall {
  /** Digest of its token. */
  readonly id: string;
  readonly until: EpochMillis;
}

/** What came of asking: nothing new; news, as of then (perhaps another node heard it); or that nothing more can come. */
export type PollResult = 'nothing' | 'over' | { readonly news: EpochMillis };

const waits: readonly Millis[] = [2_000, 5_000, 10_000];

export class CallStatusPoller {
  readonly #deps: { readonly after: Schedule; readonly clock: Clock; readonly log: Log };
  /** What stops the timer of each call: nothing else is held for one. */
  readonly #waiting = new Map<string, () => void>();
  #isClosed = false;

  constructor(deps: { readonly after: Schedule; readonly clock: Clock; readonly log: Log }) {
    this.#deps = deps;
  }

  /** There is news of this call, or it was just made: its row begins anew. `ask` gets the moment of the last news. */
  watch(call: PolledCall, ask: (lastNews: EpochMillis) => Promise<PollResult>): void {
    this.#next(call, ask, { lastNews: this.#deps.clock(), turn: 0 });
  }

  /** Nothing more can come of it. */
  stop(id: string): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  /** The process is about to end. */
  close(): void {
    this.#isClosed = true;
    for (const id of this.#waiting.keys()) this.stop(id);
  }

  #next(
    call: PolledCall,
    ask: (lastNews: EpochMillis) => Promise<PollResult>,
    { lastNews, turn }: { readonly lastNews: EpochMillis; readonly turn: number },
  ): void {
    this.stop(call.id);
    const wait = waits[turn];
    if (wait === undefined || this.#isClosed || lastNews + wait > call.until) return;
    const inTime = Math.max(0, lastNews + wait - this.#deps.clock());
    const stop = this.#deps.after(inTime, async () => {
      const asked = await this.#asked(ask, lastNews);
      // News that came while we asked has begun the row anew.
      if (this.#waiting.get(call.id) !== stop) return;
      if (asked === 'over') this.stop(call.id);
      else if (asked === 'nothing') this.#next(call, ask, { lastNews, turn: turn + 1 });
      else this.#next(call, ask, { lastNews: asked.news, turn: 0 });
    });
    this.#waiting.set(call.id, stop);
  }

  async #asked(ask: (lastNews: EpochMillis) => Promise<PollResult>, lastNews: EpochMillis): Promise<PollResult> {
    try {
      return await ask(lastNews);
    } catch (error) {
      this.#deps.log.warn('call.not-looked-up', { error });
      return 'nothing';
    }
  }
}
