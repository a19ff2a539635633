/** Connects the network and an answered phone: carries keys, and lets waits end at a key, a timeout or the end. */
import type { Timers } from '../time/timers.ts';

/** What ended a wait. */
export type WaitResult = 'key' | 'timeout' | 'ended';

/** The open line of one call. */
export interface Connection {
  readonly isOver: boolean;
  /** Aborts at the end of the call. */
  readonly signal: AbortSignal;
  /** Starts to accept keys, and drops those pressed before, unless keys are carried over. */
  listen(): void;
  /** Keeps keys that are pressed while nobody listens, from now on. */
  carryKeys(): void;
  stopListening(): void;
  /** False: keys are not accepted now, this one is lost. */
  press(key: string): boolean;
  /** Whether a pressed key was not read yet. */
  readonly keyWaits: boolean;
  /** Reads the next pressed key. */
  nextKey(): string | undefined;
  /** Resolves at an unread key, after `ms`, or at the end. `purpose` marks the silence that `skipSilence` ends. */
  wait(ms: number, purpose?: 'silence'): Promise<WaitResult>;
  /** Ends the current silence, or else the next one, at once. */
  skipSilence(): void;
  end(): void;
}

/** Limits the keys that wait to be read. */
const maxKeys = 64;

/** Opens a line that times its waits by `timers`. */
export const createConnection = (timers: Timers): Connection => {
  const over = new AbortController();
  const keys: string[] = [];
  let listening = false;
  let carries = false;
  let silenceSkipped = false;
  let wake: ((result: WaitResult) => void) | undefined;
  let isSilence = false;

  return {
    signal: over.signal,
    get isOver() {
      return over.signal.aborted;
    },
    listen() {
      if (!carries) keys.length = 0;
      listening = true;
    },
    carryKeys() {
      carries = true;
    },
    stopListening() {
      listening = false;
    },
    press(key) {
      if ((!listening && !carries) || keys.length >= maxKeys) return false;
      keys.push(key);
      if (listening) wake?.('key');
      return true;
    },
    get keyWaits() {
      return keys.length > 0;
    },
    nextKey: () => keys.shift(),
    wait(ms, purpose) {
      if (over.signal.aborted) return Promise.resolve('ended');
      if (listening && keys.length > 0) return Promise.resolve('key');
      if (purpose === 'silence' && silenceSkipped) {
        silenceSkipped = false;
        return Promise.resolve('timeout');
      }
      return new Promise(resolve => {
        isSilence = purpose === 'silence';
        const cancel = timers.after(ms, () => wake?.('timeout'));
        wake = result => {
          cancel();
          wake = undefined;
          resolve(result);
        };
      });
    },
    skipSilence() {
      if (wake !== undefined && isSilence) wake('timeout');
      else silenceSkipped = true;
    },
    end() {
      listening = false;
      over.abort();
      wake?.('ended');
    },
  };
};
