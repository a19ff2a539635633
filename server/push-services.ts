/** Wires what pairs devices with accounts, and what they and the server sign. */
import type { KeyObject } from 'node:crypto';
import type { Settings } from '../src/config.ts';
import type { Changes } from '../src/changes.ts';
import type { Sealer } from '../src/crypto.ts';
import type { Factor } from '../src/mfa/factor.ts';
import type { Authenticators } from '../src/mfa/authenticators.ts';
import type { DeviceRequests } from '../src/mfa/challenge/device-requests.ts';
import type { Sender } from '../src/mfa/delivery/sender.ts';
import { totpType } from '../src/mfa/factors/totp.ts';
import { DeviceChanges } from '../src/mfa/push/device-changes.ts';
import { Devices } from '../src/mfa/push/devices.ts';
import type { Subscriptions } from '../src/mfa/push/subscriptions.ts';
import { TestPushes } from '../src/mfa/push/test-pushes.ts';
import type { PushKeys } from '../src/mfa/push/server-keys.ts';
import { PairingClaims } from '../src/mfa/push/pairing-claims.ts';
import { PairingStore } from '../src/mfa/push/pairing-store.ts';
import { Pairings } from '../src/mfa/push/pairings.ts';
import type { ShortLivedStore } from '../src/ports/stores.ts';
import type { Clock } from '../src/ports/time.ts';
import { AttemptLimits, pairingCodeRule } from '../src/users/limits/attempt-limits.ts';

/** The resources and settings that they use. */
export interface PushServicesDeps {
  readonly settings: Pick<Settings, 'issuer' | 'push'>;
  readonly authenticators: Authenticators;
  readonly subscriptions: Subscriptions;
  readonly sender: Sender;
  readonly deviceRequests: Pick<DeviceRequests, 'waitingFor'>;
  readonly shortLived: Pick<ShortLivedStore, 'ephemeral' | 'notifier'>;
  readonly changes: Changes;
  readonly factors: readonly Factor[];
  readonly sealer: Sealer;
  readonly hashKey: KeyObject;
  readonly clock: Clock;
  readonly pushKeys: PushKeys;
}

/** Services for the authenticator, the web app that approves sign-ins. */
export interface PushServices {
  readonly pairings: Pairings;
  readonly pairingClaims: PairingClaims;
  readonly pushKeys: PushKeys;
  readonly devices: Devices;
  readonly deviceChanges: DeviceChanges;
  readonly testPushes: TestPushes;
}

/** Creates them. */
export const createPushServices = (deps: PushServicesDeps): PushServices => {
  const { settings, shortLived, factors, sealer, hashKey, clock, pushKeys } = deps;
  const { ephemeral, notifier } = shortLived;
  const { origin } = settings.issuer;
  const store = new PairingStore({ ephemeral, notifier, clock, sealer, hashKey });
  const pairingClaims = new PairingClaims({
    store,
    codeLimits: new AttemptLimits({ ephemeral, clock, hashKey }, pairingCodeRule),
    makes: {
      codes: factors.some(({ type }) => type === totpType),
      credential: settings.push.unlock === 'biometric',
    },
  });
  const { authenticators, subscriptions, sender, changes } = deps;
  const pairings = new Pairings({ store, changes, clock, origin });
  const devices = new Devices({ authenticators, subscriptions, pairings, pairingClaims, ephemeral, clock, origin });
  return {
    pairings,
    pairingClaims,
    pushKeys,
    devices,
    testPushes: new TestPushes({ sender, ephemeral, origin }),
    deviceChanges: new DeviceChanges({
      devices,
      changes,
      clock,
      waitingFor: userId => deps.deviceRequests.waitingFor(userId),
    }),
  };
};
