import type { Timers } from '../time/timers.ts';

/** Tells everybody who watches that something in this world is different now. */
export interface Changes {
  ring(): void;
  /** What it gives stops it. */
  hear(listener: () => void): () => void;
  /** The first thing `look` finds, now or within `ms`; undefined when it finds nothing, or `signal` ends the wait. */
  until<T>(look: () => T | undefined, ms: number, signal?: AbortSignal): Promise<T | undefined>;
}

export const createChanges = (timers: Timers): Changes => {
  const listeners = new Set<() => void>();
  const hear = (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  return {
    hear,
    ring() {
      for (const listener of listeners) listener();
    },
    until(look, ms, signal) {
      return new Promise(resolve => {
        const stops: (() => void)[] = [];
        const settle = (found: ReturnType<typeof look>) => {
          for (const stop of stops) stop();
          resolve(found);
        };
        const glance = () => {
          const found = look();
          if (found !== undefined) settle(found);
        };
        const giveUp = () => settle(undefined);
        stops.push(hear(glance), timers.after(ms, giveUp));
        signal?.addEventListener('abort', giveUp);
        stops.push(() => signal?.removeEventListener('abort', giveUp));
        if (signal?.aborted === true) giveUp();
        else glance();
      });
    },
  };
};
