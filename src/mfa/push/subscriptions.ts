/** Changes the push subscription of paired devices: renewed by the app, or forgotten when its push service does not know it. */
import type { PushMessage, PushTarget } from '../../ports/carriers.ts';
import type { Json } from '../../ports/stores.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { Authenticator } from '../factor.ts';
import { isDevice, type PushData } from './data.ts';

type Device = NonNullable<PushMessage['device']>;

/** What the app tells of its device. `language`: BCP 47. */
type Told = { readonly subscription?: PushTarget | undefined; readonly language: string };

interface SubscriptionsDeps {
  /** `authenticators.ts` */
  readonly authenticators: {
    /** Ids of those that were bound with this one. */
    boundWith(userId: string, id: string): Promise<readonly string[]>;
  };
  /** `authenticator-data.ts` */
  readonly authenticatorData: {
    change(userId: string, id: string, change: (authenticator: Authenticator) => Json | undefined): Promise<boolean>;
  };
}

const isObject = (data: Json): data is Readonly<Record<string, Json>> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

export class Subscriptions {
  readonly #deps: SubscriptionsDeps;

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps;
  }

  /** Keeps a subscription that was checked (`readSubscription`), or none. `language`: of the app now. False: no such device. */
  async renew(device: Device, told: Told): Promise<boolean> {
    return this.#change(device, data => renewed(data, told));
  }

  /** Keeps what a device told while it was being bound, unless it has told something else since. `bound`: with which it was bound. */
  async catchUp(device: Device, bound: Told, told: Told): Promise<void> {
    await this.#change(device, data => (isSame(data, bound) && !isSame(data, told) ? renewed(data, told) : undefined));
  }

  /** Forgets a subscription that is gone, unless the app has renewed it meanwhile. */
  async forget(device: Device, gone: PushTarget): Promise<void> {
    await this.#change(device, ({ subscription, ...data }) =>
      subscription?.endpoint === gone.endpoint ? { ...data, push: 'gone' } : undefined,
    );
  }

  /**
   * The app on the device removed the account: no push reaches it, and nothing can be asked of it. Its codes are gone with it, so they
   * are marked first: a device that has left cannot repeat this call.
   */
  async leave(device: Device, at: EpochMillis): Promise<void> {
    const { userId, id: deviceId } = device;
    const { authenticators, authenticatorData } = this.#deps;
    for (const id of await authenticators.boundWith(userId, deviceId))
      await authenticatorData.change(userId, id, ({ data }) => (isObject(data) ? { ...data, leftAt: at } : undefined));
    await this.#change(device, ({ subscription: _former, ...data }) => ({ ...data, push: 'none', leftAt: at }));
  }

  async #change({ userId, id }: Device, change: (data: PushData) => PushData | undefined): Promise<boolean> {
    let isPaired = false;
    const isTheirs = await this.#deps.authenticatorData.change(userId, id, authenticator => {
      isPaired = isDevice(authenticator);
      return isDevice(authenticator) ? change(authenticator.data) : undefined;
    });
    return isTheirs && isPaired;
  }
}

const renewed = ({ subscription: _former, ...data }: PushData, { subscription, language }: Told): PushData =>
  subscription === undefined ? { ...data, language, push: 'none' } : { ...data, language, push: 'works', subscription };

const isSame = (one: Told, other: Told): boolean =>
  one.language === other.language && one.subscription?.endpoint === other.subscription?.endpoint;
