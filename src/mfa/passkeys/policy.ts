/**
 * Passkeys and security keys (WebAuthn Level 3): what is asked of the browser, and how its answers are verified.
 *
 *   policy.ts        settings of the operator     options.ts       what the browser gets
 *   credential.ts    reads the posted JSON        client-data.ts   the page that asked
 *   registration.ts  a new passkey                assertion.ts     an answer of a bound one
 *   attestation.ts   who made the authenticator   data.ts          what is stored
 *   public-key.ts    which keys may be bound
 */
import { isIP } from 'node:net';

/** The operator's rules for passkeys. All are checked on the server. */
export interface PasskeyPolicy {
  /** RP ID: the host of the issuer, or a domain above it. */
  readonly rpId: string;
  /** direct: the maker must attest the authenticator, by a certificate below one of `roots`. */
  readonly attestation: 'none' | 'direct';
  /** Trusted roots, each a certificate in PEM. */
  readonly roots: readonly string[];
  /** AAGUIDs of the only models that are accepted; absent: all. */
  readonly allow?: readonly string[];
  /** AAGUIDs of models that are refused. */
  readonly block: readonly string[];
  /** Whether new passkeys are kept in the authenticator, so that no user name is needed. */
  readonly residentKey: 'preferred' | 'required' | 'discouraged';
  /** Whether user verification (PIN, finger or face) is always demanded, or only where the level of a sign-in needs it. */
  readonly userVerification: 'preferred' | 'required';
}

/** The policy where the operator sets nothing. */
export const defaultPolicy = (rpId: string): PasskeyPolicy => ({
  rpId,
  attestation: 'none',
  roots: [],
  block: [],
  residentKey: 'preferred',
  userVerification: 'preferred',
});

/** False for an IP address: an RP ID is a domain (WebAuthn §5.1.2), so passkeys are off there. */
export const isRpId = (host: string): boolean => isIP(host.replaceAll(/[[\]]/g, '')) === 0;

/** True for a model that may be bound and used. */
export const isAccepted = ({ allow, block }: PasskeyPolicy, aaguid: string): boolean =>
  !block.includes(aaguid) && (allow === undefined || allow.includes(aaguid));
