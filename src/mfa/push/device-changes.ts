/** Tells an open authenticator that something changed: a request came or ended, or its pairing went on. */
import type { Changes } from '../../changes.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { Devices, ApiDevice } from './devices.ts';
import { deviceTopic } from './device-topic.ts';

interface DeviceChangesDeps {
  readonly devices: Pick<Devices, 'find'>;
  /** Ids of the requests that wait for the devices of this account. */
  readonly waitingFor: (userId: string) => Promise<string>;
  readonly changes: Pick<Changes, 'follow'>;
  readonly clock: Clock;
}

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
    const { devices, changes, clock } = this.#deps;
    const device = await devices.find(handle);
    if (device === undefined) return;
    const following = await changes.follow([deviceTopic(device.userId)], signal);
    try {
      let now: ApiDevice | undefined = device;
      let readAt = clock();
      let last = stateOf(device, nothing);
      let wasNotified = false;
      while (!signal.aborted) {
        // Without a notification a thousand open authenticators read one key each, and their devices seldom.
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
        wasNotified = await following.outdated();
      }
    } finally {
      following.end();
    }
  }
}

/** What `waitingFor` gives where nothing waits. */
const nothing = JSON.stringify([null, null]);

const stateOf = ({ state }: ApiDevice, waiting: string): string => JSON.stringify([state, waiting]);
