/** Defines what is stored of a paired device. */
import { pushType } from '../authenticator-types.ts';
import type { PushTarget } from '../../ports/carriers.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { Authenticator } from '../factor.ts';
import type { PasskeyData } from '../passkeys/data.ts';
import type { DeviceKey } from '../../pairing-device.ts';
import type { Unlock } from './protocol.ts';

export { pushType };

/** Most devices of one person. */
export const maxDevices = 5;

/** A WebAuthn credential of the device, for the unlock policy `biometric`. */
export type DeviceCredential = { readonly handle: string; readonly data: PasskeyData };

/** What the last push told. none: there is no subscription. gone: the push service does not know it any more. */
export type PushState = 'works' | 'none' | 'gone';

/** A paired device. The handle of its authenticator is the JWK thumbprint (RFC 7638) of its key. */
export type PushData = {
  readonly key: DeviceKey;
  readonly subscription?: PushTarget;
  readonly push: PushState;
  /** BCP 47: of the app on this device. */
  readonly language: string;
  /** How it was unlocked at the pairing, and is for each answer. */
  readonly unlock: Unlock;
  /** Keyed hash of its PIN. */
  readonly pin?: string;
  /** Wrong PINs in a row, counted before they are compared. */
  readonly wrongPins?: number;
  readonly credential?: DeviceCredential;
  readonly pairedAt: EpochMillis;
  /** When the app on the device removed the account, and with it the key: nothing can be asked of it any more. */
  readonly leftAt?: EpochMillis;
};

/** Narrows an authenticator to a paired device. */
export const isDevice = <Known extends Authenticator>(
  authenticator: Known,
): authenticator is Known & Authenticator<PushData> => authenticator.type === pushType;
