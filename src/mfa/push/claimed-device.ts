/** Defines what a device brings to its pairing. */
import type { DeviceKey } from './device-key.ts';
import type { SubscriptionJson } from './protocol.ts';

/**
 * A device that has claimed a pairing. Nothing of it counts before its owner confirms it and its test is answered. `handle`: the
 * thumbprint of its key. `name`: as lists show it. `language`: BCP 47. `totpSecret`: base32; codes that come with the pairing.
 * `credentialChallenge`: of the WebAuthn credential that it must make, where the policy wants a biometric.
 */
export type ClaimedDevice = {
  readonly handle: string;
  readonly key: DeviceKey;
  readonly name: string;
  readonly language: string;
  readonly subscription?: SubscriptionJson;
  readonly totpSecret?: string;
  readonly credentialChallenge?: string;
};
