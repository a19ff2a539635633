/** Declares the port to push services (RFC 8030), which wake the devices of people. */
import type { KeyObject } from 'node:crypto';
import type { PushTarget } from './carriers.ts';
import type { Millis } from './time.ts';

/** A push as it leaves. */
export interface OutgoingPush {
  readonly target: PushTarget;
  /** Replaces an undelivered push with the same topic: at most 32 characters of base64url (RFC 8030 §5.4). */
  readonly topic: string;
  /** After this time the push service must not deliver it any more. */
  readonly lifetime: Millis;
  /** It is encrypted for the device. At most 3,993 bytes. */
  readonly payload: string;
}

/** The key pair of this installation for VAPID (RFC 8292). `publicKey`: uncompressed point of P-256, base64url. */
export interface VapidKey {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

/** Opens a transport that signs with this key. The key is read when a push is sent. */
export type OpenPush = (key: () => Promise<VapidKey>) => PushTransport;

/** Sends pushes. */
export interface PushTransport {
  /** Resolves once the push service took it. @throws Undelivered; 'gone': the push service does not know this device any more. */
  send(push: OutgoingPush, signal: AbortSignal): Promise<void>;
}
