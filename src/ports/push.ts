/** Declares the port to push services (RFC 8030), which wake the devices of people. */
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

/** Sends pushes. */
export interface PushTransport {
  /** Resolves once the push service took it. @throws Undelivered; 'gone': the push service does not know this device any more. */
  send(push: OutgoingPush, signal: AbortSignal): Promise<void>;
}
