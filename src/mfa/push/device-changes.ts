/** Tells an open authenticator that something changed: a request came or ended, or its pairing went on. */
import { createWait } from '../../wait.ts';
import type { Notifier } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import type { Devices, KnownDevice } from './devices.ts';
import { deviceTopic } from './device-topic.ts';

interface DeviceChangesDeps {
  readonly devices: Pick<Devices, 'find'>;
  /** Ids of the requests that wait for the devices of this account. */
  readonly waitingFor: (userId: string) => Promise<string>;
  readonly notifier: Notifier;
}

/** A device is looked at again this often without a notification. */
const rereadInterval: Millis = 5000;

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
    const { devices, notifier } = this.#deps;
    const device = await devices.find(handle);
    if (device === undefined) return;
    const wait = createWait(signal);
    let isNotified = false;
    const unsubscribe = await notifier.subscribe(deviceTopic(device.userId), () => {
      isNotified = true;
      wait.wake();
    });
    try {
      let last = stateOf(device, '');
      while (!signal.aborted) {
        const wasNotified = isNotified;
        isNotified = false;
        const now = await devices.find(handle);
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

const stateOf = ({ state }: KnownDevice, waiting: string): string => JSON.stringify([state, waiting]);
