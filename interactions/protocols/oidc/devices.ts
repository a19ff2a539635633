/** Finds and answers requests of devices for the pages of `interactions/devices.ts`, over oidc-provider's device codes. */
import type { KeyObject } from 'node:crypto';
import type { Context, Next } from 'koa';
import type { default as Provider } from 'oidc-provider';
import { hmac } from '../../../src/crypto.ts';
import { submitAnswer, type DeviceInfo } from '../../../src/oidc/device/flow.ts';
import { key, type Ephemeral, type Key } from '../../../src/ports/stores.ts';
import type { Millis } from '../../../src/ports/time.ts';
import type { DeviceRequest, DeviceRequests } from '../../protocol.ts';
import { requestingClient } from './request.ts';

/** A sign-in that a browser has begun for a device. */
interface Begun {
  readonly browser: string;
  /** Path of the sign-in. */
  readonly to: string;
}
/** Dependencies of `createDevices`. */
export interface DevicesDeps {
  readonly provider: Provider;
  readonly ephemeral: Ephemeral;
  /** Hashes user codes, which are too short for a plain hash. */
  readonly hashKey: KeyObject;
  /** How long a sign-in may last. */
  readonly lifetime: Millis;
}

/** Creates the port to the device codes. */
export const createDevices = ({ provider, ephemeral, hashKey, lifetime }: DevicesDeps): DeviceRequests => {
  const begunKey = (userCode: string): Key<Begun> => key('oidc', 'device-begun', hmac(hashKey, userCode));
  return {
    async find(userCode) {
      const code = await provider.DeviceCode.findByUserCode(userCode, { ignoreExpiration: true });
      const client = code?.clientId === undefined ? undefined : await provider.Client.find(code.clientId);
      if (code === undefined || client === undefined) return undefined;
      return {
        client: requestingClient(client, provider.issuer),
        askedAt: code.iat * 1000,
        state: stateOf(code),
        ...infoOf(code.deviceInfo),
      };
    },
    async begunBy(userCode, browser) {
      const begun = await ephemeral.get(begunKey(userCode));
      return begun?.browser === browser ? begun.to : undefined;
    },
    async answer(ctx: Context, next: Next, { userCode, browser, answer }) {
      await submitAnswer(ctx, next, { userCode, answer });
      const to: unknown = ctx.res.getHeader('location');
      if (typeof to !== 'string' || !to.startsWith('/interaction/')) return;
      await ephemeral.put(begunKey(userCode), { browser, to }, lifetime);
    },
  };
};

type DeviceCode = InstanceType<Provider['DeviceCode']>;

const stateOf = (code: DeviceCode): DeviceRequest['state'] => {
  if (code.isExpired) return 'expired';
  const isTaken = code.inFlight === true || code.accountId !== undefined || code.error !== undefined;
  return isTaken ? 'taken' : 'new';
};

/** Reads what `deviceInfo` (`src/oidc/device/flow.ts`) stored. */
const infoOf = (info: object = {}): DeviceInfo => ({
  address: 'address' in info && typeof info.address === 'string' ? info.address : '',
  ...('program' in info && typeof info.program === 'string' && { program: info.program }),
});
