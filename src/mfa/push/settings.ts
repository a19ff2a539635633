/** Defines the operator's settings for requests to a phone. */
import { isRpId } from '../passkeys/policy.ts';
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

/** Hosts on which browsers trust a page without TLS (W3C Secure Contexts §3.1). */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(hostname);

/**
 * Why phones cannot be asked at this issuer; undefined: they can. insecure: browsers run no service worker there. ip-address: there
 * is no RP ID for the credentials that the policy `biometric` needs (WebAuthn §5.1.2).
 */
export const pushObstacle = (issuer: URL, unlock: Unlock, rpId: string): 'insecure' | 'ip-address' | undefined => {
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname)) return 'insecure';
  return unlock === 'biometric' && !isRpId(rpId) ? 'ip-address' : undefined;
};
