/** Keeps the devices that subscribed at the push service, and what was pushed to each (RFC 8030). */
import { randomBytes } from 'node:crypto';
import type { ChangeNotifier } from '../events/changes.ts';
import type { Timers } from '../time/timers.ts';
import { pushBehaviours, type PushBehaviour, type PushBehaviourName } from './behaviours.ts';
import { decrypt, makeDeviceKeys, type DeviceKeys } from './decryption.ts';

/** A push as its device shows it. Times in milliseconds since 1970. */
export interface PushView {
  /** Counts up from 1. */
  readonly id: number;
  /** The decrypted payload. */
  readonly payload: string;
  readonly topic: string | undefined;
  readonly urgency: string | undefined;
  /** Seconds. */
  readonly ttl: number;
  readonly sentAt: number;
  readonly arrivedAt: number;
}

/** A device, as the API gives it: what `PushSubscription.toJSON()` gives in a browser, and the behaviour. */
export interface DeviceView {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly behaviour: PushBehaviourName;
  /** That arrived, newest first. */
  readonly pushes: readonly PushView[];
}

/** A push that a sender posted. */
export interface PostedPush {
  readonly body: Buffer;
  readonly ttl: number;
  readonly urgency: string | undefined;
  readonly topic: string | undefined;
}

interface Device {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly keys: DeviceKeys;
  /** The only sender that may push, base64url; undefined: any that proves who it is. */
  readonly senderKey: string | undefined;
  behaviour: PushBehaviourName;
  readonly arrived: PushView[];
  /** Pushes on the way, with the function that stops each. */
  readonly onTheWay: Set<{ readonly topic: string | undefined; readonly stop: () => void }>;
  lastRead: number;
}

/** Older pushes are forgotten. */
const maxPushes = 50;
const maxDevices = 100;

export class PushService {
  /** How it treats pushes to every device; undefined: as each device is set. */
  override: PushBehaviourName | undefined;
  readonly #clock: Timers;
  readonly #changes: Pick<ChangeNotifier, 'notify'>;
  readonly #devices = new Map<string, Device>();
  #lastId = 0;

  constructor(clock: Timers, changes: Pick<ChangeNotifier, 'notify'>) {
    this.#clock = clock;
    this.#changes = changes;
  }

  devices(): readonly DeviceView[] {
    return [...this.#devices.values()].map(viewDevice);
  }

  device(id: string): DeviceView | undefined {
    const device = this.#devices.get(id);
    return device && viewDevice(device);
  }

  /** Subscribes a device, at the service whose pages have `origin`. Undefined: there are 100 already. */
  subscribe({
    name,
    senderKey,
    origin,
  }: {
    name: string;
    senderKey?: string | undefined;
    origin: string;
  }): DeviceView | undefined {
    if (this.#devices.size >= maxDevices) return undefined;
    const id = randomBytes(16).toString('base64url');
    const device: Device = {
      id,
      name,
      endpoint: `${origin}/push/${id}`,
      keys: makeDeviceKeys(),
      senderKey,
      behaviour: 'delivers',
      arrived: [],
      onTheWay: new Set(),
      lastRead: 0,
    };
    this.#devices.set(id, device);
    this.#changes.notify();
    return viewDevice(device);
  }

  /** Ends a subscription, as a browser does. False: there is none. */
  unsubscribe(id: string): boolean {
    const device = this.#devices.get(id);
    if (device !== undefined) stopAll(device);
    this.#changes.notify();
    return this.#devices.delete(id);
  }

  /** True where this sender may push to a device. */
  admits(id: string, senderKey: string): boolean {
    const device = this.#devices.get(id);
    return device !== undefined && (device.senderKey ?? senderKey) === senderKey;
  }

  /** How pushes to a device are treated. */
  behaviourOf(id: string): PushBehaviour {
    return pushBehaviours[this.override ?? this.#devices.get(id)?.behaviour ?? 'delivers'];
  }

  behave(id: string, behaviour: PushBehaviourName): void {
    const device = this.#devices.get(id);
    if (device !== undefined) device.behaviour = behaviour;
    this.#changes.notify();
  }

  /** Takes a push: it arrives now, later or never, as the device is set. @throws Error where it cannot be decrypted. */
  push(id: string, posted: PostedPush): void {
    const device = this.#devices.get(id);
    if (device === undefined) return;
    const { topic, ttl, urgency } = posted;
    const payload = decrypt(posted.body, device.keys);
    const sentAt = this.#clock.now();
    // A push replaces the one with the same topic that has not arrived (RFC 8030 §5.4).
    for (const each of device.onTheWay) if (topic !== undefined && each.topic === topic) drop(device, each);
    const { onTheWay = 0 }: PushBehaviour = this.behaviourOf(id);
    const arrive = (): void => {
      // A time to live of 0 is for a device that is there now (RFC 8030 §5.2).
      if (this.#clock.now() > sentAt + ttl * 1000) return;
      this.#lastId += 1;
      device.arrived.push({ id: this.#lastId, payload, topic, urgency, ttl, sentAt, arrivedAt: this.#clock.now() });
      if (device.arrived.length > maxPushes) device.arrived.shift();
      this.#changes.notify();
    };
    if (onTheWay === Infinity) return;
    if (onTheWay === 0) return arrive();
    const each = {
      topic,
      stop: this.#clock.after(onTheWay, () => {
        device.onTheWay.delete(each);
        arrive();
      }),
    };
    device.onTheWay.add(each);
  }

  /** The newest unread push of a device. Older ones become read too. */
  takeUnread(id: string): PushView | undefined {
    const device = this.#devices.get(id);
    const newest = device?.arrived.at(-1);
    if (device === undefined || newest === undefined || newest.id <= device.lastRead) return undefined;
    device.lastRead = newest.id;
    return newest;
  }

  reset(): void {
    this.override = undefined;
    for (const device of this.#devices.values()) stopAll(device);
    this.#devices.clear();
  }
}

const drop = ({ onTheWay }: Device, each: { readonly topic: string | undefined; readonly stop: () => void }): void => {
  each.stop();
  onTheWay.delete(each);
};

const stopAll = (device: Device): void => {
  for (const each of device.onTheWay) drop(device, each);
};

const viewDevice = ({ id, name, endpoint, keys, behaviour, arrived }: Device): DeviceView => ({
  id,
  name,
  endpoint,
  keys: { p256dh: keys.publicKey.toString('base64url'), auth: keys.auth.toString('base64url') },
  behaviour,
  pushes: arrived.toReversed(),
});
