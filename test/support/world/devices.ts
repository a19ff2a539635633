/** Gives people phones that were paired before the test, subscribed at the push service of the simulator. */
import { randomBytes } from 'node:crypto';
import { subscribeDevice } from '../../../simulator/person.ts';
import type { DeviceView } from '../../../simulator/push/push-service.ts';
import { pushType, type PushData } from '../../../src/mfa/push/data.ts';
import { totpType } from '../../../src/mfa/authenticator-types.ts';
import type { Authenticator } from '../../../src/mfa/factor.ts';
import { createDeviceKey, type DeviceKey } from '../phone/jwt.ts';
import type { TestPerson, World } from './world.ts';

/** A paired phone: its authenticator, the id of its codes, its key, and its subscription at the simulator. */
export interface PairedDevice {
  readonly authenticator: Authenticator;
  readonly key: DeviceKey;
  readonly subscribed: DeviceView;
}

/** Binds a phone, and codes that came with it, as a pairing does. `more`: data that differs. */
export const bindDevice = async (
  world: World,
  { user }: TestPerson,
  { label = 'Ada’s Pixel', more = {} }: { readonly label?: string; readonly more?: Partial<PushData> } = {},
): Promise<PairedDevice> => {
  const key = createDeviceKey();
  const vapid = await world.services.pushKeys.vapid();
  const subscribed = await subscribeDevice(world.simulator, { name: label, applicationServerKey: vapid.publicKey });
  const { endpoint, keys } = subscribed;
  const data: PushData = {
    key: { kty: 'EC', crv: 'P-256', x: key.jwk.x ?? '', y: key.jwk.y ?? '' },
    subscription: { endpoint, keys },
    push: 'works',
    language: 'en',
    unlock: 'none',
    pairedAt: world.clock(),
    ...more,
  };
  const authenticator = await world.services.authenticators.bind(
    user.id,
    { type: pushType, label, handle: key.kid, data },
    {
      also: [
        {
          type: totpType,
          label,
          data: {
            secret: randomBytes(20)
              .toString('hex')
              .replaceAll(/[^a-f]/g, 'A')
              .toUpperCase()
              .slice(0, 32),
            lastStep: -1,
          },
        },
      ],
    },
  );
  return { authenticator, key, subscribed };
};
