/**
 * Lets a running node use changed keys: reads the rings on each message, and every five seconds. It also makes the changes that are
 * due, so that rotation needs no separate process.
 */
import type { Log } from '../log.ts';
import { noMetrics, type Metrics } from '../ports/metrics.ts';
import type { Notifier } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import type { KeyRing } from '../records.ts';
import { keysTopic, type InstallationKeys } from './rotation.ts';
import { allRings } from './ring.ts';
import { versionOf, type KeySet } from './rings.ts';

const readAgainAfter: Millis = 5000;

export interface FollowDeps {
  readonly keys: Pick<InstallationKeys, 'applyDue' | 'open'>;
  /** Version of the keys that the node uses at its start. */
  readonly version: string;
  readonly notifier: Notifier;
  readonly schedule: Schedule;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  readonly clock: Clock;
  /** Uses other keys from now on. */
  readonly use: (keys: KeySet) => Promise<void>;
}

/** Runs until the returned function is called. The first of several failures in a row is logged, and the node keeps its keys. */
export const followKeys = async ({
  keys,
  notifier,
  schedule,
  log,
  metrics = noMetrics,
  clock,
  use,
  ...deps
}: FollowDeps): Promise<() => void> => {
  const state = { version: deps.version, isClosed: false, isFailing: false };
  let cancel: (() => void) | undefined;
  let ages: readonly KeyAge[] = [];
  const stopGauge = metrics.gauge('sallyport_key_age_seconds', () =>
    ages.map(({ since, ...labels }) => ({ labels, value: (clock() - since) / 1000 })),
  );
  let running: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const rings = await keys.applyDue();
      const version = versionOf(rings);
      ages = agesOf(rings);
      if (version !== state.version && !state.isClosed) {
        const opened = keys.open(rings);
        await use(opened);
        state.version = version;
        log.info('keys.followed', { kids: opened.signingKeys.map(({ kid }) => kid) });
      }
      state.isFailing = false;
    } catch (error) {
      if (!state.isFailing) log.error('keys.not-read', { error });
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
    stopGauge();
    cancel?.();
    unsubscribe();
  };
};

/** Since when the current key of a ring signs. */
interface KeyAge {
  readonly use: (typeof allRings)[number]['use'];
  readonly algorithm: (typeof allRings)[number]['alg'];
  readonly since: EpochMillis;
}

const agesOf = (rings: readonly KeyRing[]): readonly KeyAge[] =>
  allRings.flatMap(({ id, use, alg: algorithm }) => {
    const current = rings.find(ring => ring.id === id)?.keys.find(({ state }) => state === 'current');
    return current === undefined ? [] : [{ use, algorithm, since: current.currentAt ?? current.publishedAt }];
  });
