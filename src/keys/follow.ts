/**
 * Follows the keys on a running node: reads them on each message, and every five seconds without one. On the way it does what is
 * due by time, so that rotation needs no node of its own.
 */
import type { Log } from '../log.ts';
import type { Notifier } from '../ports/stores.ts';
import type { Millis, Schedule } from '../ports/time.ts';
import { keysTopic, type InstallationKeys } from './rotation.ts';
import { versionOf, type KeySet } from './rings.ts';

const readAgainAfter: Millis = 5000;

export interface FollowDeps {
  readonly keys: Pick<InstallationKeys, 'tend' | 'open'>;
  /** Version of the keys that the node uses at its start. */
  readonly version: string;
  readonly notifier: Notifier;
  readonly schedule: Schedule;
  readonly log: Log;
  /** Uses other keys from now on. */
  readonly use: (keys: KeySet) => Promise<void>;
}

/** Follows until the function that it gives is called. A failure is logged once, and the node keeps its keys meanwhile. */
export const followKeys = async ({ keys, notifier, schedule, log, use, ...deps }: FollowDeps): Promise<() => void> => {
  const state = { version: deps.version, isClosed: false, isFailing: false };
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const rings = await keys.tend();
      const version = versionOf(rings);
      if (version !== state.version && !state.isClosed) {
        const opened = keys.open(rings);
        await use(opened);
        state.version = version;
        log.info('keys.followed', { kids: opened.signingKeys.map(({ kid }) => kid) });
      }
      state.isFailing = false;
    } catch (error) {
      if (!state.isFailing) log.warn('keys.not-read', { error });
      state.isFailing = true;
    }
  };
  const lookNow = async (): Promise<void> => {
    running = running.then(look);
    await running;
  };
  const wait = (): void => {
    if (state.isClosed) return;
    cancel = schedule(readAgainAfter, async () => {
      await lookNow();
      wait();
    });
  };
  const unsubscribe = await notifier.subscribe(keysTopic, () => void lookNow());
  wait();
  return () => {
    state.isClosed = true;
    cancel?.();
    unsubscribe();
  };
};
