/** Notifies listeners of changes, and waits for a condition that a change may fulfil. */
import type { Timers } from '../time/timers.ts';

/** Tells every subscriber that something changed, without saying what. */
export interface ChangeNotifier {
  notify(): void;
  /** The function it returns unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** The first value `find` gives, now or within `ms`. Undefined on timeout, or when `signal` aborts. */
  waitFor<T>(find: () => T | undefined, ms: number, signal?: AbortSignal): Promise<T | undefined>;
}

/** Makes a notifier; `timers` limits its waits. */
export const createChangeNotifier = (timers: Timers): ChangeNotifier => {
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  return {
    subscribe,
    notify() {
      for (const listener of listeners) listener();
    },
    waitFor(find, ms, signal) {
      return new Promise(resolve => {
        const stops: (() => void)[] = [];
        const settle = (found: ReturnType<typeof find>) => {
          for (const stop of stops) stop();
          resolve(found);
        };
        const check = () => {
          const found = find();
          if (found !== undefined) settle(found);
        };
        const giveUp = () => settle(undefined);
        stops.push(subscribe(check), timers.after(ms, giveUp));
        signal?.addEventListener('abort', giveUp);
        stops.push(() => signal?.removeEventListener('abort', giveUp));
        if (signal?.aborted === true) giveUp();
        else check();
      });
    },
  };
};
