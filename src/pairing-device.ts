/** Defines what a pairing hands over to the enrollment of a device. */
import type { PushTarget } from './ports/carriers.ts';

/** A public P-256 key (RFC 7518 §6.2.1). */
export type DeviceKey = {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
};

/** A device that claimed a pairing, and is to be bound by its answer to a test request. */
export type PairingDevice = {
  readonly key: DeviceKey;
  /** JWK thumbprint (RFC 7638) of `key`. */
  readonly handle: string;
  readonly name: string;
  readonly subscription?: PushTarget;
  /** BCP 47 */
  readonly language: string;
  /** TOTP key in base32 that came with the pairing. Its present code must come with the answer. */
  readonly totp?: string;
  /** The WebAuthn challenge of its new credential, where the unlock policy is `biometric`. */
  readonly creationChallenge?: string;
};
