import type { Timers } from '../time/timers.ts';

/** What ended a wait: a key that is listened to, the time, or the call. */
export type Woken = 'key' | 'time' | 'over';

/** One open line between the network and a phone: keys and time come in, silence and the end come out. */
export interface Connection {
  readonly isOver: boolean;
  /** Aborts when the call is over. */
  readonly signal: AbortSignal;
  /** From now on keys count; those pressed before are gone. */
  listen(): void;
  deafen(): void;
  /** False: nobody listened, the tone is lost. */
  press(key: string): boolean;
  /** Whether a key waits to be taken. */
  readonly keyWaits: boolean;
  /** Takes the next key that waits. */
  nextKey(): string | undefined;
  /** Resolves at a waiting key, after `ms`, or at the end. `patience` marks the silence that `hurry` cuts short. */
  wait(ms: number, patience?: 'silence'): Promise<Woken>;
  /** The person lets the time pass: the next silence is over at once. */
  hurry(): void;
  end(): void;
}

/** Keys that may wait to be taken, at most. */
const buffered = 64;

export const createConnection = (timers: Timers): Connection => {
  const over = new AbortController();
  const keys: string[] = [];
  let listening = false;
  let hurried = false;
  let wake: ((why: Woken) => void) | undefined;
  let quiet = false;

  return {
    signal: over.signal,
    get isOver() {
      return over.signal.aborted;
    },
    listen() {
      keys.length = 0;
      listening = true;
    },
    deafen() {
      listening = false;
    },
    press(key) {
      if (!listening || keys.length >= buffered) return false;
      keys.push(key);
      wake?.('key');
      return true;
    },
    get keyWaits() {
      return keys.length > 0;
    },
    nextKey: () => keys.shift(),
    wait(ms, patience) {
      if (over.signal.aborted) return Promise.resolve('over');
      if (listening && keys.length > 0) return Promise.resolve('key');
      if (patience === 'silence' && hurried) {
        hurried = false;
        return Promise.resolve('time');
      }
      return new Promise(resolve => {
        quiet = patience === 'silence';
        const stop = timers.after(ms, () => wake?.('time'));
        wake = why => {
          stop();
          wake = undefined;
          resolve(why);
        };
      });
    },
    hurry() {
      if (wake !== undefined && quiet) wake('time');
      else hurried = true;
    },
    end() {
      listening = false;
      over.abort();
      wake?.('over');
    },
  };
};
