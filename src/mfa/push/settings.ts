/** Defines the operator's settings for requests to a phone. */
import type { Unlock } from './protocol.ts';

export interface PushSettings {
  /** Digits of the number that a person types on the phone: two reach `mfa`, six `aal2`. */
  readonly digits: 2 | 6;
  readonly unlock: Unlock;
  /** Origins of push services beside the known ones. */
  readonly services: readonly URL[];
  /** Where operators of push services can reach the operator: `mailto:` or https (RFC 8292 §2.1). */
  readonly contact: string;
}

/** The settings where the operator sets nothing. */
export const defaultPush: Pick<PushSettings, 'digits' | 'unlock'> = { digits: 2, unlock: 'none' };
