/** Tells an open authenticator that something changed: a request came or ended, or its pairing went on. */
import { createWait } from '../../wait.ts';
import type { Notifier } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { Devices, KnownDevice } from './devices.ts';
import { deviceTopic } from './device-topic.ts';

interface DeviceChangesDeps {
  readonly devices: Pick<Devices, 'find'>;
  /** Ids of the requests that wait for the devices of this account. */
  readonly waitingFor: (userId: string) => Promise<string>;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** What waits is read again this often without a notification. */
const rereadInterval: Millis = 5000;
/** A paired device is read again this often: it was removed, where a notification was lost. */
const deviceRereadInterval: Millis = 60_000;

export class DeviceChanges {
  readonly #deps: DeviceChangesDeps;

  constructor(deps: DeviceChangesDeps) {
    this.#deps = deps;
  }

  /**
   * Gives a value for each change, until `signal` aborts: false, once, where the device is not known any more. The first value comes at
   * once where a request waits already.
   */
  async *watch(handle: string, signal: AbortSignal): AsyncGenerator<boolean> {
    const { devices, notifier, clock } = this.#deps;
    const device = await devices.find(handle);
    if (device === undefined) return;
    const wait = createWait(signal);
    let isNotified = false;
    const unsubscribe = await notifier.subscribe(deviceTopic(device.userId), () => {
      isNotified = true;
      wait.wake();
    });
    try {
      let now: KnownDevice | undefined = device;
      let readAt = clock();
      let last = stateOf(device, nothing);
      while (!signal.aborted) {
        const wasNotified = isNotified;
        isNotified = false;
        // A thousand open authenticators read one key every 5 s, and their devices only where something may have changed.
        if (wasNotified || now.state === 'pairing' || clock() - readAt >= deviceRereadInterval) {
          now = await devices.find(handle);
          readAt = clock();
        }
        if (now === undefined) {
          yield false;
          return;
        }
        const state = stateOf(now, await this.#deps.waitingFor(device.userId));
        const isChanged = wasNotified || state !== last;
        last = state;
        if (isChanged) yield true;
        await wait.woken(rereadInterval);
      }
    } finally {
      unsubscribe();
    }
  }
}

/** What `waitingFor` gives where nothing waits. */
const nothing = JSON.stringify([null, null]);

const stateOf = ({ state }: KnownDevice, waiting: string): string => JSON.stringify([state, waiting]);
